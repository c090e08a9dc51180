/* Every check looks at the whole and reports at the line that has to change. */
#include "config/consistency.h"

#include "base/memory.h"
#include "base/text.h"
#include "config/document.h"
#include "config/settings.h"

#include <stdlib.h>
#include <string.h>

/* The line of a key, or of its section. */
static struct place place_of(const struct settings *settings, const char *kind,
                             const char *name, const char *key)
{
    const struct section *section = document_find_section(settings->document, kind, name);
    const struct entry *entry = section ? document_find_entry(section, key) : NULL;

    ensure(section);
    return entry ? entry->place : section->place;
}

static const char *nearest_backend(const struct settings *settings, const char *name)
{
    const char **names = memory_new_array(settings->backend_count + 1, sizeof *names);
    const char *nearest;

    for (size_t i = 0; i < settings->backend_count; i++)
        names[i] = settings->backends[i].name;
    nearest = text_nearest(name, names);
    free(names);
    return nearest;
}

static void check_target(const struct settings *settings,
                         const struct frontend_settings *frontend,
                         struct problems *problems)
{
    struct place place = place_of(settings, "frontend", frontend->name, "backend");
    const char *nearest;

    if (!frontend->backend || settings_find_backend(settings, frontend->backend))
        return;
    nearest = nearest_backend(settings, frontend->backend);
    if (nearest)
        problem_add_at(problems, place,
                       "backend = %s: there is no [backend %s]; did you mean \"%s\"?",
                       frontend->backend, frontend->backend, nearest);
    else
        problem_add_at(problems, place, "backend = %s: there is no [backend %s]",
                       frontend->backend, frontend->backend);
}

static bool is_same_destination(const struct bind_settings *one,
                                const struct bind_settings *other)
{
    const struct address *address = &one->where.address;

    if (one->where.kind != other->where.kind)
        return false;
    if (one->where.kind == ADDRESS_DESCRIPTOR)
        return one->where.fd == other->where.fd;
    return address_is_equal(address, &other->where.address) &&
           (address_port(address) || address->as.any.sa_family == AF_UNIX);
}

/* Among all that stand before it. */
static const struct bind_settings *find_same_bind(const struct settings *settings,
                                                  const struct bind_settings *bind)
{
    for (size_t i = 0; i < settings->frontend_count; i++) {
        const struct frontend_settings *frontend = &settings->frontends[i];

        for (size_t j = 0; j < frontend->bind_count; j++) {
            if (&frontend->binds[j] == bind)
                return NULL;
            if (is_same_destination(&frontend->binds[j], bind))
                return &frontend->binds[j];
        }
    }
    return NULL;
}

static void check_binds(const struct settings *settings,
                        const struct frontend_settings *frontend,
                        struct problems *problems)
{
    for (size_t i = 0; i < frontend->bind_count; i++) {
        const struct bind_settings *bind = &frontend->binds[i];
        const struct bind_settings *same = find_same_bind(settings, bind);

        if (same)
            problem_add_at(problems, bind->place, "bind = %s: is bound at %s:%u already",
                           bind->text, same->place.file, same->place.line);
    }
}

static void check_frontends(const struct settings *settings, struct problems *problems)
{
    struct place place = { settings->document->path, 0 };

    if (!settings->frontend_count && !problems_count(problems))
        problem_add_at(problems, place, "there is no [frontend NAME]");
    for (size_t i = 0; i < settings->frontend_count; i++) {
        check_target(settings, &settings->frontends[i], problems);
        check_binds(settings, &settings->frontends[i], problems);
    }
}

static void check_server_name(const struct backend_settings *backend, size_t index,
                              struct problems *problems)
{
    const struct server_settings *server = &backend->servers[index];

    for (size_t i = 0; i < index; i++) {
        const struct server_settings *other = &backend->servers[i];

        if (strcmp(other->name, server->name))
            continue;
        problem_add_at(problems, server->place,
                       "server = %s: the server at %s:%u has this name already",
                       server->name, other->place.file, other->place.line);
        return;
    }
}

static void check_server_names(const struct settings *settings, struct problems *problems)
{
    for (size_t i = 0; i < settings->backend_count; i++)
        for (size_t j = 0; j < settings->backends[i].server_count; j++)
            check_server_name(&settings->backends[i], j, problems);
}

static void check_sockets(const struct admin_settings *admin, struct problems *problems)
{
    for (size_t i = 0; i < admin->socket_count; i++) {
        const struct admin_socket_settings *socket = &admin->sockets[i];
        size_t same = 0;

        while (strcmp(admin->sockets[same].path, socket->path))
            same++;
        if (same < i)
            problem_add_at(problems, socket->place,
                           "socket = %s: stands at %s:%u already", socket->path,
                           admin->sockets[same].place.file,
                           admin->sockets[same].place.line);
    }
}

static bool is_used(const struct settings *settings,
                    const struct backend_settings *backend)
{
    for (size_t i = 0; i < settings->frontend_count; i++)
        if (!strcmp(settings->frontends[i].backend, backend->name))
            return true;
    return false;
}

/* Two spans of which the first should not be the longer one. */
struct spans {
    const char *shorter, *longer;
    uint64_t shorter_ms, longer_ms;
    const char *effect;
};

static void compare_spans(const struct settings *settings,
                          const struct backend_settings *backend,
                          const struct spans *spans, struct problems *problems)
{
    char shorter[32], longer[32];

    if (spans->shorter_ms <= spans->longer_ms)
        return;
    problem_warn_at(problems,
                    place_of(settings, "backend", backend->name, spans->shorter),
                    "%s %s is longer than %s %s: %s", spans->shorter,
                    text_of_duration(spans->shorter_ms, shorter, sizeof shorter),
                    spans->longer,
                    text_of_duration(spans->longer_ms, longer, sizeof longer),
                    spans->effect);
}

static void warn_of_backend(const struct settings *settings, size_t index,
                            struct problems *problems)
{
    const struct backend_settings *backend = &settings->backends[index];
    const struct check_settings *check = &settings->checks[index];
    const struct spans connecting = {
        "connect-timeout",
        "connect-budget",
        backend->connect_timeout_ms,
        backend->connect_budget_ms,
        "no server is ever given all of it",
    };
    const struct spans changing = {
        "check-interval-changing",
        "check-interval",
        check->changing_interval_ms,
        check->interval_ms,
        "a change is confirmed more slowly than it is noticed",
    };

    if (!is_used(settings, backend))
        problem_warn_at(problems, backend->place, "no frontend uses [backend %s]",
                        backend->name);
    compare_spans(settings, backend, &connecting, problems);
    if (check->kind)
        compare_spans(settings, backend, &changing, problems);
}

void consistency_check(const struct settings *settings, struct problems *problems)
{
    check_frontends(settings, problems);
    check_server_names(settings, problems);
    check_sockets(&settings->admin, problems);
    if (problems_count(problems))
        return;
    for (size_t i = 0; i < settings->backend_count; i++)
        warn_of_backend(settings, i, problems);
}
