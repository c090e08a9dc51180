/* The gentle end: no more clients, time for those who are there, then the loop is
 * left. */
#include "control/stop.h"

#include "base/clock.h"
#include "base/log.h"
#include "config/settings.h"
#include "control/announce.h"
#include "control/control_parts.h"
#include "worker/worker.h"

static const double TICK_SECONDS = 0.05;

enum { SLACK_MS = 1000 }; /* for the last sessions to end after the drain */

static void end_now(struct control *control)
{
    ev_break(control->loop, EVBREAK_ALL);
}

static void on_tick(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct control *control = timer->data;

    (void)loop;
    (void)events;
    if (!team_sessions(control->team) || clock_ms() >= control->stop_by_ms)
        end_now(control);
}

static void drain(struct worker *worker, void *job)
{
    worker_drain(worker, (uint64_t)(uintptr_t)job);
}

static void begin(struct control *control)
{
    uint64_t timeout_ms = control->generation->settings->global.drain_timeout_ms;

    log_notice("stopping: no more clients are accepted  sessions=%u drain-timeout=%llums",
               team_sessions(control->team), (unsigned long long)timeout_ms);
    control->is_stopping = true;
    control->stop_by_ms = clock_ms() + timeout_ms + SLACK_MS;
    announce_stopping(control);
    doors_close(control->doors);
    team_tell(control->team, drain, NULL, (void *)(uintptr_t)timeout_ms);
    ev_timer_init(&control->stop_tick, on_tick, TICK_SECONDS, TICK_SECONDS);
    control->stop_tick.data = control;
    ev_timer_start(control->loop, &control->stop_tick);
}

void stop_now_or_gently(struct control *control)
{
    if (!control->is_stopping) {
        begin(control);
        return;
    }
    log_notice("ending at once  sessions=%u", team_sessions(control->team));
    end_now(control);
}

void stop_end(struct control *control)
{
    if (control->is_stopping)
        ev_timer_stop(control->loop, &control->stop_tick);
}
