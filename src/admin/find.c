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
#include "proxy/entrance.h"

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

static struct entrance *entrance_of_id(const struct registry *registry, uint64_t id)
{
    for (size_t i = 0; i < registry_entrance_count(registry); i++)
        if (registry_entrance(registry, i)->id == id)
            return registry_entrance(registry, i);
    return NULL;
}

static bool is_configured(const struct control *control, const struct entrance *entrance)
{
    const struct settings *settings = control_settings(control);

    for (size_t i = 0; i < settings->frontend_count; i++)
        if (!strcmp(settings->frontends[i].name, entrance->name))
            return true;
    return false;
}

struct entrance *find_entrance(const struct control *control, const char *name,
                               struct reply *reply)
{
    const struct registry *registry = control_registry(control);
    uint64_t id = read_id(name);
    struct entrance *entrance = id ? entrance_of_id(registry, id)
                                   : registry_find_entrance(registry, name);

    if (*name && entrance && is_configured(control, entrance))
        return entrance;
    reply_refuse(reply, *name ? "No such frontend." : "A frontend name is expected.");
    return NULL;
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

struct backend *find_backend_of(const struct control *control, const char *path,
                                struct reply *reply, const char **name)
{
    const char *slash = strchr(path, '/');
    struct backend *backend;
    char *first;

    if (!slash || !slash[1]) {
        reply_refuse(reply, "Require 'backend/server'.");
        return NULL;
    }
    first = memory_copy_text(path);
    first[slash - path] = '\0';
    backend = find_backend(control, first);
    free(first);
    *name = slash + 1;
    if (!backend)
        reply_refuse(reply, "No such backend.");
    return backend;
}

struct server *find_server(const struct control *control, const char *path,
                           struct reply *reply)
{
    const char *name;
    struct backend *backend = find_backend_of(control, path, reply, &name);
    struct server *server = backend ? named_server(backend, name) : NULL;

    if (backend && !server)
        reply_refuse(reply, "No such server.");
    return server;
}
