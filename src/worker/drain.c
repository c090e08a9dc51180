/* At each tick as many sessions may be left as there is time left: those beyond that end,
 * the ones that have been silent for the longest time first. */
#include "worker/drain.h"

#include "base/clock.h"
#include "base/memory.h"
#include "proxy/session.h"
#include "proxy/workspace.h"

#include <stdlib.h>

static const double TICK_SECONDS = 0.1;

static int by_silence(const void *one, const void *other)
{
    uint64_t left = session_active_at(*(struct session *const *)one);
    uint64_t right = session_active_at(*(struct session *const *)other);

    return (left > right) - (left < right);
}

static void end_most_silent(struct workspace *workspace, size_t present, size_t excess)
{
    struct session **sessions = memory_new_array(present, sizeof(struct session *));
    size_t count = 0;

    list_each(link, &workspace->present)
        sessions[count++] = session_of(link);
    qsort(sessions, count, sizeof(struct session *), by_silence);
    for (size_t i = 0; i < excess; i++)
        session_end_by_drain(sessions[i]);
    free(sessions);
}

/* How many may still be there now, on a straight line from all to none. */
static uint64_t allowed(const struct drain *drain, uint64_t now)
{
    uint64_t span = drain->ends_at - drain->begun_at;

    if (!span || now >= drain->ends_at)
        return 0;
    return (drain->at_first * (drain->ends_at - now) + span - 1) / span;
}

static void end_excess(struct drain *drain)
{
    size_t present = drain->workspace->sessions.used;
    uint64_t may_stay = allowed(drain, clock_ms());

    if (present > may_stay)
        end_most_silent(drain->workspace, present, (size_t)(present - may_stay));
}

static void on_tick(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct drain *drain = timer->data;

    (void)loop;
    (void)events;
    end_excess(drain);
}

void drain_init(struct drain *drain, struct workspace *workspace)
{
    drain->workspace = workspace;
    ev_timer_init(&drain->tick, on_tick, TICK_SECONDS, TICK_SECONDS);
    drain->tick.data = drain;
}

void drain_deinit(struct drain *drain)
{
    ev_timer_stop(drain->workspace->settings.loop, &drain->tick);
}

void drain_begin(struct drain *drain, uint64_t timeout_ms)
{
    drain->begun_at = clock_ms();
    drain->ends_at = drain->begun_at + timeout_ms;
    drain->at_first = drain->workspace->sessions.used;
    if (timeout_ms)
        ev_timer_start(drain->workspace->settings.loop, &drain->tick);
    end_excess(drain);
}
