/* Every check looks at the whole and reports at the line that has to change. */
#include "config/consistency.h"

#include "backend/balancer.h"
#include "base/memory.h"
#include "base/text.h"
#include "config/document.h"
#include "config/routing.h"
#include "config/running.h"
#include "config/settings.h"
#include "config/tracking.h"
#include "config/trust.h"

#include <stdlib.h>
#include <string.h>

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

/* Some line names a backend. */
struct mention {
    struct place place;
    const char *key, *value;
    const char *backend; /* NULL when it could not be made out */
};

static void check_mention(const struct settings *settings, const struct mention *mention,
                          struct problems *problems)
{
    const char *nearest;

    if (!mention->backend || settings_find_backend(settings, mention->backend))
        return;
    nearest = nearest_backend(settings, mention->backend);
    if (nearest)
        problem_add_at(problems, mention->place,
                       "%s = %s: there is no [backend %s]; did you mean \"%s\"?",
                       mention->key, mention->value, mention->backend, nearest);
    else
        problem_add_at(problems, mention->place, "%s = %s: there is no [backend %s]",
                       mention->key, mention->value, mention->backend);
}

static void check_targets(const struct settings *settings,
                          const struct frontend_settings *frontend,
                          struct problems *problems)
{
    const struct mention usual = { document_place(settings->document, "frontend",
                                                  frontend->name, "backend"),
                                   "backend", frontend->backend, frontend->backend };

    check_mention(settings, &usual, problems);
    for (size_t i = 0; i < frontend->route_count; i++) {
        const struct route_settings *route = &frontend->routes[i];
        const struct mention special = { route->place, "route", route->text,
                                         route->backend };

        check_mention(settings, &special, problems);
    }
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
        check_targets(settings, &settings->frontends[i], problems);
        routing_check(&settings->frontends[i], problems);
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

/* A server of a UNIX socket has no address that its agent could share. */
static void check_agent(const struct server_settings *server,
                        const struct agent_settings *agent, struct problems *problems)
{
    bool is_local = server->destination.kind == ADDRESS_NUMERIC &&
                    server->destination.address.as.any.sa_family == AF_UNIX;

    if (is_local && !agent->address.text && (server->agent_port || agent->port))
        problem_add_at(problems, server->place,
                       "server = %s: has an agent-port and is a UNIX socket; where its "
                       "agent is says agent-address",
                       server->name);
}

static void check_agents(const struct settings *settings, struct problems *problems)
{
    for (size_t i = 0; i < settings->backend_count; i++)
        for (size_t j = 0; j < settings->backends[i].server_count; j++)
            check_agent(&settings->backends[i].servers[j], &settings->checks[i].agent,
                        problems);
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

static bool is_served_by(const struct frontend_settings *frontend, const char *backend)
{
    for (size_t i = 0; i < frontend->route_count; i++)
        if (!strcmp(frontend->routes[i].backend, backend))
            return true;
    return !strcmp(frontend->backend, backend);
}

static bool is_used(const struct settings *settings,
                    const struct backend_settings *backend)
{
    for (size_t i = 0; i < settings->frontend_count; i++)
        if (is_served_by(&settings->frontends[i], backend->name))
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
    problem_warn_at(
        problems,
        document_place(settings->document, "backend", backend->name, spans->shorter),
        "%s %s is longer than %s %s: %s", spans->shorter,
        text_of_duration(spans->shorter_ms, shorter, sizeof shorter), spans->longer,
        text_of_duration(spans->longer_ms, longer, sizeof longer), spans->effect);
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
    if (check->choice.kind)
        compare_spans(settings, backend, &changing, problems);
}

/* Where new sessions go back to the crowded server, moving them is no end of work. */
static void check_rebalance(const struct settings *settings,
                            const struct backend_settings *backend,
                            struct problems *problems)
{
    const char *balance = balancer_name(backend->balancer);

    if (backend->recovery.rebalance &&
        (!strcmp(balance, "first") || !strcmp(balance, "source")))
        problem_add_at(problems,
                       document_place(settings->document, "backend", backend->name,
                                      "rebalance"),
                       "rebalance = yes: has no use with `balance = %s`, which does not "
                       "even sessions out",
                       balance);
}

void consistency_check(const struct settings *settings, struct problems *problems)
{
    check_frontends(settings, problems);
    check_server_names(settings, problems);
    tracking_check(settings, problems);
    running_check(settings, problems);
    for (size_t i = 0; i < settings->backend_count; i++)
        check_rebalance(settings, &settings->backends[i], problems);
    check_agents(settings, problems);
    check_sockets(&settings->admin, problems);
    trust_check(settings, problems);
    if (problems_count(problems))
        return;
    for (size_t i = 0; i < settings->backend_count; i++)
        warn_of_backend(settings, i, problems);
    for (size_t i = 0; i < settings->frontend_count; i++)
        routing_warn(&settings->frontends[i], problems);
    trust_warn(settings, problems);
}
