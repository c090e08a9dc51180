/* One timer for all servers, which runs only while one of them starts slowly. */
#include "control/slow_start.h"

#include "backend/backend.h"
#include "backend/server_set.h"
#include "base/clock.h"
#include "base/memory.h"
#include "control/registry.h"

#include <ev.h>
#include <stdlib.h>

/* A step is a new rotation: few and not too small ones. */
enum { STEP_PERCENT = 5, ALL = 100, TICK_MS = 100 };

struct slow_start {
    struct ev_loop *loop;            /* borrowed */
    const struct registry *registry; /* borrowed */
    ev_timer tick;
};

unsigned slow_start_percent(uint64_t elapsed_ms, uint64_t duration_ms)
{
    unsigned percent;

    if (elapsed_ms >= duration_ms)
        return ALL;
    percent = (unsigned)(elapsed_ms * ALL / duration_ms);
    return percent < STEP_PERCENT ? STEP_PERCENT : percent - percent % STEP_PERCENT;
}

static void set_percent(struct server *server, unsigned percent)
{
    if (percent == ALL)
        server->ramp_began_at = 0;
    if (percent == server->ramp_percent)
        return;
    server_set_ramp(server, percent);
    backend_touch(server->backend);
}

/* True while it still has less than all. */
static bool take_step(struct server *server, uint64_t now)
{
    uint64_t duration_ms = server->backend->recovery.slow_start_ms;

    if (!server->ramp_began_at)
        return false;
    set_percent(server, slow_start_percent(now - server->ramp_began_at, duration_ms));
    return server->ramp_began_at;
}

static bool take_steps(struct backend *backend, uint64_t now)
{
    bool is_under_way = false;

    for (size_t i = 0; i < backend->server_count; i++)
        is_under_way |= take_step(backend->servers[i], now);
    return is_under_way;
}

static void on_tick(struct ev_loop *loop, ev_timer *timer, int events)
{
    const struct slow_start *slow_start = timer->data;
    uint64_t now = clock_ms();
    bool is_under_way = false;

    (void)events;
    for (size_t i = 0; i < registry_backend_count(slow_start->registry); i++)
        is_under_way |= take_steps(registry_backend(slow_start->registry, i), now);
    if (!is_under_way)
        ev_timer_stop(loop, timer);
}

struct slow_start *slow_start_create(struct ev_loop *loop,
                                     const struct registry *registry)
{
    struct slow_start *slow_start = memory_new(sizeof *slow_start);

    slow_start->loop = loop;
    slow_start->registry = registry;
    ev_timer_init(&slow_start->tick, on_tick, TICK_MS / 1e3, TICK_MS / 1e3);
    slow_start->tick.data = slow_start;
    return slow_start;
}

void slow_start_destroy(struct slow_start *slow_start)
{
    if (!slow_start)
        return;
    ev_timer_stop(slow_start->loop, &slow_start->tick);
    free(slow_start);
}

static void begin(struct slow_start *slow_start, struct server *server)
{
    server->was_away = false;
    if (!server->backend->recovery.slow_start_ms)
        return;
    server->ramp_began_at = clock_ms();
    set_percent(server, STEP_PERCENT);
    if (!ev_is_active(&slow_start->tick))
        ev_timer_again(slow_start->loop, &slow_start->tick);
}

void slow_start_note(struct slow_start *slow_start, struct backend *backend)
{
    for (size_t i = 0; i < backend->server_count; i++) {
        struct server *server = backend->servers[i];

        if (server_is_away(server)) {
            server->was_away = true;
            set_percent(server, ALL);
        } else if (server->was_away && server_is_fit(server)) {
            begin(slow_start, server);
        }
    }
}
