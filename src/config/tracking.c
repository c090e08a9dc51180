/* Each server that tracks is followed to the one whose check it ends at. */
#include "config/tracking.h"

#include "base/memory.h"
#include "base/text.h"
#include "config/settings.h"

#include <stdlib.h>
#include <string.h>

/* A server, and its backend by index. */
struct position {
    size_t backend;
    const struct server_settings *server;
};

static size_t find_backend(const struct settings *settings, const char *path)
{
    size_t length = strcspn(path, "/"), i = 0;

    for (; i < settings->backend_count; i++) {
        const char *name = settings->backends[i].name;

        if (strlen(name) == length && !strncmp(name, path, length))
            break;
    }
    return i;
}

static const struct server_settings *find_server(const struct backend_settings *backend,
                                                 const char *name)
{
    for (size_t i = 0; i < backend->server_count; i++)
        if (!strcmp(backend->servers[i].name, name))
            return &backend->servers[i];
    return NULL;
}

/* False when there is none of that name. */
static bool find(const struct settings *settings, const char *path,
                 struct position *position)
{
    position->backend = find_backend(settings, path);
    position->server = NULL;
    if (position->backend < settings->backend_count)
        position->server = find_server(&settings->backends[position->backend],
                                       strchr(path, '/') + 1);
    return position->server;
}

/* Of all "BACKEND/SERVER"; the caller frees it. NULL: nothing is near. */
static char *nearest_path(const struct settings *settings, const char *path)
{
    struct position position = { find_backend(settings, path), NULL };
    const struct backend_settings *backend = &settings->backends[position.backend];
    const char **names, *nearest;
    char *found = NULL;

    if (position.backend == settings->backend_count)
        return NULL;
    names = memory_new_array(backend->server_count + 1, sizeof *names);
    for (size_t i = 0; i < backend->server_count; i++)
        names[i] = backend->servers[i].name;
    nearest = text_nearest(strchr(path, '/') + 1, names);
    if (nearest) {
        found = memory_new(strlen(backend->name) + strlen(nearest) + 2);
        (void)stpcpy(stpcpy(stpcpy(found, backend->name), "/"), nearest);
    }
    free(names);
    return found;
}

static void report_unknown(const struct settings *settings,
                           const struct server_settings *server,
                           struct problems *problems)
{
    char *nearest = nearest_path(settings, server->track);

    if (nearest)
        problem_add_at(problems, server->place,
                       "server = %s: track=%s: there is no such server; did you mean "
                       "\"%s\"?",
                       server->name, server->track, nearest);
    else
        problem_add_at(problems, server->place,
                       "server = %s: track=%s: there is no such server", server->name,
                       server->track);
    free(nearest);
}

/* More steps than there are servers lead round in a circle. */
static size_t count_servers(const struct settings *settings)
{
    size_t count = 0;

    for (size_t i = 0; i < settings->backend_count; i++)
        count += settings->backends[i].server_count;
    return count;
}

/* What is wrong with the end of the chain, or with its having none; NULL: nothing. A name
 * further on that is unknown is reported there. */
static const char *judge_chain(const struct settings *settings, const char *path)
{
    size_t steps = count_servers(settings);
    struct position position;

    for (; steps; steps--, path = position.server->track) {
        if (!find(settings, path, &position))
            return NULL;
        if (position.server->track)
            continue;
        return settings->checks[position.backend].choice.kind
                   ? NULL
                   : "nobody checks that server";
    }
    return "that leads back to where it began, and nobody is checked";
}

static void check_server(const struct settings *settings,
                         const struct server_settings *server, struct problems *problems)
{
    struct position position;
    const char *wrong;

    if (!find(settings, server->track, &position)) {
        report_unknown(settings, server, problems);
        return;
    }
    wrong = judge_chain(settings, server->track);
    if (wrong)
        problem_add_at(problems, server->place, "server = %s: track=%s: %s", server->name,
                       server->track, wrong);
}

void tracking_check(const struct settings *settings, struct problems *problems)
{
    for (size_t i = 0; i < settings->backend_count; i++) {
        const struct backend_settings *backend = &settings->backends[i];

        for (size_t j = 0; j < backend->server_count; j++)
            if (backend->servers[j].track)
                check_server(settings, &backend->servers[j], problems);
    }
}
