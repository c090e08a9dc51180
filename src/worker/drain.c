/* At each tick as many sessions may be left as there is time left: those beyond that end,
 * the ones that have been silent for the longest time first. */
#include "worker/drain.h"

#include "base/clock.h"
#include "proxy/workspace.h"
#include "worker/selection.h"

static const double TICK_SECONDS = 0.1;

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

    struct gauge taken = { 0 };
    struct selection excess = { .ending = ENDING_DRAIN, .taken = &taken };

    if (present <= may_stay)
        return;
    excess.most = (uint32_t)(present - may_stay);
    (void)selection_end(drain->workspace, &excess);
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
