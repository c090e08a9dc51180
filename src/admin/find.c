/* A name stands for what the present configuration has of that name: what is only kept
 * for sessions of an older generation cannot be named. */
#include "admin/find.h"

#include "admin/reply.h"
#include "backend/backend.h"
#include "base/memory.h"
#include "base/text.h"
#include "config/settings.h"
#include "control/control.h"
#include "control/registry.h"

#include <stdlib.h>
#include <string.h>

/* 0, which nothing has, when the name is no id. */
static uint64_t read_id(const char *name)
{
    uint64_t id;

    return *name == '#' && !text_read_number(name + 1, &id) ? id : 0;
}

static struct backend *backend_of_id(const struct registry *registry, uint64_t id)
{
    for (size_t i = 0; i < registry_backend_count(registry); i++)
        if (registry_backend(registry, i)->id == id)
            return registry_backend(registry, i);
    return NULL;
}

struct backend *find_backend(const struct control *control, const char *name)
{
    const struct registry *registry = control_registry(control);
    uint64_t id = read_id(name);
    struct backend *backend = id ? backend_of_id(registry, id)
                                 : registry_find_backend(registry, name);

    if (!backend || !settings_find_backend(control_settings(control), backend->name))
        return NULL;
    return backend;
}

static struct server *server_of_id(const struct backend *backend, uint64_t id)
{
    for (size_t i = 0; i < backend->server_count; i++)
        if (backend->servers[i]->id == id && !backend->servers[i]->is_leaving)
            return backend->servers[i];
    return NULL;
}

static struct server *named_server(struct backend *backend, const char *name)
{
    uint64_t id = read_id(name);

    return id ? server_of_id(backend, id) : backend_find(backend, name);
}

struct server *find_server(const struct control *control, const char *path,
                           struct reply *reply)
{
    const char *slash = strchr(path, '/');
    struct server *server = NULL;
    struct backend *backend;
    char *name;

    if (!slash || !slash[1]) {
        reply_refuse(reply, "Require 'backend/server'.");
        return NULL;
    }
    name = memory_copy_text(path);
    name[slash - path] = '\0';
    backend = find_backend(control, name);
    free(name);
    if (backend)
        server = named_server(backend, slash + 1);
    if (!server)
        reply_refuse(reply, backend ? "No such server." : "No such backend.");
    return server;
}
