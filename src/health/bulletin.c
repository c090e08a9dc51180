/* A server that flaps is told of once a second: where it came to, and after how many
 * changes. */
#include "health/bulletin.h"

#include "backend/backend.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>

enum { PAUSE_MS = 1000 };

const char *bulletin_health_name(enum health health)
{
    static const char *const names[] = { "unknown", "up", "down" };

    return names[health];
}

static const char *verb_of(enum health was, enum health is)
{
    if (was == is)
        return "is still";
    if (was == HEALTH_UNKNOWN)
        return "is";
    return is == HEALTH_UP ? "came" : "went";
}

static void say(struct bulletin *bulletin, enum health was, const char *why,
                const char *figures)
{
    const struct server *server = bulletin->server;
    const char *backend = server->backend->name;
    enum health is = server->health;

    bulletin->told = is;
    bulletin->told_at[is] = clock_ms();
    log_write(is == HEALTH_UP ? LEVEL_NOTICE : LEVEL_WARNING,
              "server %s/%s %s %s%s%s  was=%s %sserver=%s/%s", backend, server->name,
              verb_of(was, is), bulletin_health_name(is), *why ? ": " : "", why,
              bulletin_health_name(was), figures, backend, server->name);
}

static void on_later(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct bulletin *bulletin = timer->data;
    char figures[32];

    (void)loop, (void)events;
    (void)snprintf(figures, sizeof figures, "changes=%u ", bulletin->untold);
    bulletin->untold = 0;
    say(bulletin, bulletin->told, bulletin->why, figures);
}

void bulletin_init(struct bulletin *bulletin, struct ev_loop *loop,
                   const struct server *server)
{
    *bulletin = (struct bulletin){ .loop = loop, .server = server };
    ev_timer_init(&bulletin->later, on_later, 0., 0.);
    bulletin->later.data = bulletin;
}

void bulletin_deinit(struct bulletin *bulletin)
{
    ev_timer_stop(bulletin->loop, &bulletin->later);
    free(bulletin->why);
}

static void put_off(struct bulletin *bulletin, const char *why)
{
    char *kept = memory_copy_text(why);

    free(bulletin->why);
    bulletin->why = kept;
    if (bulletin->untold++)
        return;
    ev_timer_set(&bulletin->later, PAUSE_MS / 1e3, 0.);
    ev_timer_start(bulletin->loop, &bulletin->later);
}

void bulletin_tell(struct bulletin *bulletin, enum health was, const char *why,
                   const char *figures)
{
    uint64_t told_at = bulletin->told_at[bulletin->server->health];

    if (bulletin->untold || (told_at && clock_ms() - told_at < PAUSE_MS))
        put_off(bulletin, why);
    else
        say(bulletin, was, why, figures);
}
