/* One function for each occasion; and the watchdog, who hears nothing while main or a
 * worker is stuck: what it is told has been the round. */
#include "control/announce.h"

#include "base/clock.h"
#include "config/settings.h"
#include "control/control_parts.h"
#include "control/supervisor.h"

#include <inttypes.h>
#include <time.h>

enum {
    NS_PER_US = 1000,
    US_PER_MS = 1000,
    US_PER_SECOND = 1000000,
    SLACK_MS = 5000,
    WATCHDOG_SHARE = 2
};

static const double SECONDS_PER_US = 1e-6;

static void on_all_alive(void *owner)
{
    struct control *control = owner;

    control->is_asking_workers = false;
    supervisor_tell(control->supervisor, "WATCHDOG=1");
}

static void on_watchdog(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct control *control = timer->data;

    (void)loop;
    (void)events;
    if (control->is_asking_workers)
        return;
    control->is_asking_workers = true;
    team_tell(control->team, NULL, on_all_alive, control);
}

void announce_begin(struct control *control)
{
    double half;

    control->supervisor = supervisor_create();
    half = (double)supervisor_watchdog_us(control->supervisor) * SECONDS_PER_US /
           WATCHDOG_SHARE;
    ev_timer_init(&control->watchdog, on_watchdog, half, half);
    control->watchdog.data = control;
}

void announce_end(struct control *control)
{
    ev_timer_stop(control->loop, &control->watchdog);
    supervisor_destroy(control->supervisor);
}

/* As long as it may take, and a little: longer than the unit allows by itself. */
static uint64_t extend_us(uint64_t ms)
{
    return (ms + SLACK_MS) * US_PER_MS;
}

void announce_waiting(struct control *control)
{
    uint64_t wait_ms = control->generation->settings->global.start_wait_ms;

    supervisor_tell(control->supervisor,
                    "STATUS=waiting for the first verdicts on the servers\n"
                    "EXTEND_TIMEOUT_USEC=%" PRIu64,
                    extend_us(wait_ms));
    if (supervisor_watchdog_us(control->supervisor))
        ev_timer_start(control->loop, &control->watchdog);
}

static void tell_ready(struct control *control, const char *before)
{
    supervisor_tell(control->supervisor,
                    "READY=1\nSTATUS=%sserving: generation %u, frontends: %zu, "
                    "backends: %zu",
                    before, control->generation->number,
                    control->generation->frontend_count,
                    control->generation->backend_count);
}

static void on_doors_open(void *owner)
{
    struct control *control = owner;

    control->is_ready = true;
    if (!control->is_stopping)
        tell_ready(control, "");
}

void announce_ready(struct control *control)
{
    team_tell(control->team, NULL, on_doors_open, control);
}

/* To the microsecond: what is older than the request counts as said before it. */
static uint64_t monotonic_us(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * US_PER_SECOND + (uint64_t)now.tv_nsec / NS_PER_US;
}

void announce_reload(struct control *control)
{
    if (!control->is_ready || control->is_stopping)
        return;
    supervisor_tell(control->supervisor,
                    "RELOADING=1\nMONOTONIC_USEC=%" PRIu64
                    "\nSTATUS=reading the configuration again",
                    monotonic_us());
}

void announce_reloaded(struct control *control, bool is_applied)
{
    if (!control->is_ready || control->is_stopping)
        return;
    tell_ready(control, is_applied ? "" : "the last reload was refused, see the log; ");
}

void announce_stopping(struct control *control)
{
    supervisor_tell(control->supervisor,
                    "STOPPING=1\nSTATUS=stopping: sessions have until drain-timeout\n"
                    "EXTEND_TIMEOUT_USEC=%" PRIu64,
                    extend_us(control->stop_by_ms - clock_ms()));
}
