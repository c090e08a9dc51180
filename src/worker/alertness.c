/* libev calls an idle watcher when there was nothing else to do. A turn without that call
 * did something. */
#include "worker/alertness.h"

#define AWAKE_SECONDS 0.01

/* Before the loop asks for more. */
static void on_turn(struct ev_loop *loop, ev_prepare *turn, int events)
{
    struct alertness *alertness = turn->data;

    (void)events;
    if (!alertness->was_idle) {
        alertness->busy_at = ev_now(loop);
        ev_idle_start(loop, &alertness->idle);
    }
    alertness->was_idle = false;
}

static void on_idle(struct ev_loop *loop, ev_idle *idle, int events)
{
    struct alertness *alertness = idle->data;

    (void)events;
    alertness->was_idle = true;
    if (ev_now(loop) - alertness->busy_at > AWAKE_SECONDS)
        ev_idle_stop(loop, idle);
}

void alertness_init(struct alertness *alertness, struct ev_loop *loop)
{
    alertness->loop = loop;
    ev_prepare_init(&alertness->turn, on_turn);
    ev_idle_init(&alertness->idle, on_idle);
    alertness->turn.data = alertness->idle.data = alertness;
}

void alertness_deinit(struct alertness *alertness)
{
    alertness_set(alertness, false);
}

void alertness_set(struct alertness *alertness, bool is_on)
{
    if (is_on == alertness->is_on)
        return;
    alertness->is_on = is_on;
    if (is_on) {
        ev_prepare_start(alertness->loop, &alertness->turn);
    } else {
        ev_prepare_stop(alertness->loop, &alertness->turn);
        ev_idle_stop(alertness->loop, &alertness->idle);
    }
}
