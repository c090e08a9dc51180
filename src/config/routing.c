/* A route is read here as a line; whether its backend exists is seen with the others. */
#include "config/routing.h"

#include "base/arena.h"
#include "base/text.h"
#include "config/condition.h"
#include "config/key.h"
#include "proxy/frontend.h"

#include <string.h>

enum { ALL = 100 };

static const char *read_conditions(struct route_settings *route, char *const *words,
                                   struct arena *arena)
{
    size_t count = route->condition_count;

    route->conditions = arena_new(arena, count * sizeof *route->conditions);
    for (size_t i = 0; i < count; i++) {
        const char *wrong = condition_read(words[i], &route->conditions[i], arena);

        if (wrong)
            return arena_format(arena, "%s: %s", words[i], wrong);
    }
    return NULL;
}

const char *routing_read(void *object, struct arena *arena)
{
    struct route_settings *route = object;
    char *text = arena_copy(arena, route->text, strlen(route->text));
    size_t count = text_split(text, NULL, 0);
    char **words = arena_new(arena, count * sizeof *words);
    const char *wrong;

    (void)text_split(text, words, count);
    if (count < 3 || strcmp(words[count - 2], "->") != 0)
        return "write CONDITION ... -> BACKEND";
    wrong = key_check_name(words[count - 1]);
    if (wrong)
        return arena_format(arena, "%s: %s", words[count - 1], wrong);
    route->condition_count = count - 2;
    route->backend = words[count - 1];
    return read_conditions(route, words, arena);
}

static unsigned lay_share(struct route_condition *condition, unsigned begin)
{
    if (condition->kind != ROUTE_SHARE)
        return begin;
    condition->share_begin = begin;
    return begin + condition->percent;
}

void routing_lay_shares(const struct frontend_settings *frontend)
{
    unsigned begin = 0;

    for (size_t i = 0; i < frontend->route_count; i++) {
        const struct route_settings *route = &frontend->routes[i];

        for (size_t j = 0; j < route->condition_count; j++)
            begin = lay_share(&route->conditions[j], begin);
    }
}

/* All that goes to this route and to those before it. */
static unsigned sum_of_shares(const struct frontend_settings *frontend, size_t last)
{
    unsigned sum = 0;

    for (size_t i = 0; i <= last; i++) {
        const struct route_settings *route = &frontend->routes[i];

        for (size_t j = 0; j < route->condition_count; j++)
            sum += route->conditions[j].percent;
    }
    return sum;
}

static void check_shares(const struct frontend_settings *frontend,
                         struct problems *problems)
{
    for (size_t i = 0; i < frontend->route_count; i++) {
        unsigned sum = sum_of_shares(frontend, i);

        if (sum <= ALL)
            continue;
        problem_add_at(
            problems, frontend->routes[i].place,
            "route = %s: the shares up to here are %u%%, more than all clients",
            frontend->routes[i].text, sum);
        return;
    }
}

static bool asks_same(const struct route_settings *route,
                      const struct route_condition *condition)
{
    for (size_t i = 0; i < route->condition_count; i++) {
        if (&route->conditions[i] == condition)
            return false;
        if (condition_is_same(&route->conditions[i], condition))
            return true;
    }
    return false;
}

/* The first of a frontend's routes up to `last` that has the same condition before. */
static const struct route_settings *find_same(const struct frontend_settings *frontend,
                                              size_t last,
                                              const struct route_condition *condition)
{
    for (size_t i = 0; i <= last; i++)
        if (asks_same(&frontend->routes[i], condition))
            return &frontend->routes[i];
    return NULL;
}

static void check_conditions(const struct frontend_settings *frontend, size_t index,
                             struct problems *problems)
{
    const struct route_settings *route = &frontend->routes[index];

    for (size_t i = 0; i < route->condition_count; i++) {
        const struct route_condition *condition = &route->conditions[i];
        const struct route_settings *same = find_same(frontend, index, condition);

        if (!same)
            continue;
        problem_add_at(problems, route->place, "route = %s: %s%s stands at %s:%u already",
                       route->text, condition->kind == ROUTE_ALPN ? "alpn:" : "",
                       condition->text, same->place.file, same->place.line);
    }
}

void routing_check(const struct frontend_settings *frontend, struct problems *problems)
{
    check_shares(frontend, problems);
    for (size_t i = 0; i < frontend->route_count; i++)
        check_conditions(frontend, i, problems);
}

/* Would a client who wants just this name be taken by one of the first routes? */
static const struct route_settings *find_cover(const struct frontend_settings *frontend,
                                               size_t first, const char *name)
{
    const struct endpoint nobody = { .local = true };
    const struct route_facts facts = {
        .client = &nobody, .is_tls = true, .name = name, .alpn = "", .draw = ALL
    };

    for (size_t i = 0; i < first; i++)
        if (route_fits(&frontend->routes[i], &facts))
            return &frontend->routes[i];
    return NULL;
}

static bool is_plain_name(const struct route_condition *condition)
{
    return condition->kind == ROUTE_NAME && *condition->text != '*';
}

static void warn_of_covered(const struct frontend_settings *frontend, size_t index,
                            struct problems *problems)
{
    const struct route_settings *route = &frontend->routes[index], *cover;

    for (size_t i = 0; i < route->condition_count; i++) {
        if (!is_plain_name(&route->conditions[i]))
            continue;
        cover = find_cover(frontend, index, route->conditions[i].text);
        if (cover)
            problem_warn_at(problems, route->place,
                            "route = %s: %s is never reached: the route at %s:%u covers "
                            "it",
                            route->text, route->conditions[i].text, cover->place.file,
                            cover->place.line);
    }
}

/* Clients agree on what the frontend offers, or on nothing. */
static bool is_offered(const struct frontend_settings *frontend,
                       struct route_condition *condition)
{
    const char *offered = frontend->tls.rules.alpn;
    const struct route_settings route = { .condition_count = 1, .conditions = condition };
    const struct route_facts facts = { .is_tls = true,
                                       .name = "",
                                       .alpn = offered ? offered : "" };

    return route_fits(&route, &facts);
}

static const char *why_idle(const struct frontend_settings *frontend,
                            struct route_condition *condition)
{
    if (!frontend->tls.path_count)
        return NULL;
    if (condition->kind == ROUTE_NO_TLS)
        return "no-tls never fits: with a tls-cert, every client speaks TLS";
    if (condition->kind == ROUTE_ALPN && !is_offered(frontend, condition))
        return "this protocol never fits: tls-alpn does not offer it";
    return NULL;
}

static void warn_of_idle(const struct frontend_settings *frontend,
                         const struct route_settings *route, struct problems *problems)
{
    for (size_t i = 0; i < route->condition_count; i++) {
        const char *why = why_idle(frontend, &route->conditions[i]);

        if (why)
            problem_warn_at(problems, route->place, "route = %s: %s", route->text, why);
    }
}

void routing_warn(const struct frontend_settings *frontend, struct problems *problems)
{
    for (size_t i = 0; i < frontend->route_count; i++) {
        const struct route_settings *route = &frontend->routes[i];

        warn_of_idle(frontend, route, problems);
        warn_of_covered(frontend, i, problems);
        if (i && sum_of_shares(frontend, i - 1) == ALL)
            problem_warn_at(problems, route->place,
                            "route = %s: is never reached: the shares before it are all "
                            "clients",
                            route->text);
    }
}
