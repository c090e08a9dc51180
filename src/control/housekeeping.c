/* What main does by itself: publishes, opens the doors, samples, sweeps. */
#include "control/housekeeping.h"

#include "backend/backend.h"
#include "base/log.h"
#include "config/settings.h"
#include "control/announce.h"
#include "control/checkup.h"
#include "control/control_parts.h"
#include "control/holes.h"
#include "control/notify.h"
#include "control/rates.h"
#include "control/recovery.h"
#include "control/state_file.h"
#include "control/strength.h"
#include "control/suspicion.h"

static void open_doors(struct control *control)
{
    if (control->doors_are_open)
        return;
    control->doors_are_open = true;
    ev_timer_stop(control->loop, &control->start_wait);
    doors_review(control->doors);
    doors_open(control->doors);
    announce_ready(control);
    log_notice("serving  generation=%u frontends=%zu backends=%zu workers=%u maxconn=%u",
               control->generation->number, control->generation->frontend_count,
               control->generation->backend_count, control->workers, control->maxconn);
}

/* Those who want to know what changed. */
static void tell_news(struct control *control)
{
    if (!control->has_new_rotations)
        return;
    notify_look(control);
    if (control->doors_are_open)
        doors_review(control->doors);
    control->has_new_rotations = false;
}

/* Everything that happened in this turn of the loop is told to the workers at once. */
static void before_sleep(struct ev_loop *loop, ev_prepare *prepare, int events)
{
    struct control *control = prepare->data;

    (void)loop;
    (void)events;
    suspicions_review(control->suspicions);
    upkeep_publish(control->upkeep);
    if (!control->doors_are_open && upkeep_is_settled(control->upkeep))
        open_doors(control);
    tell_news(control);
}

static void on_start_wait_over(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct control *control = timer->data;

    (void)loop;
    (void)events;
    log_warning("not all servers have been checked within start-wait; they count as up");
    upkeep_assume_up(control->upkeep);
    open_doors(control);
}

/* On a worker. */
void housekeeping_note_failed_connect(void *owner, struct server *server)
{
    struct control *control = owner;

    (void)gauge_take(&server->failures, 0);
    ev_async_send(control->loop, &control->connect_failed);
}

/* On a worker. */
void housekeeping_note_suspicion(void *owner, struct server *server)
{
    struct control *control = owner;

    (void)server;
    ev_async_send(control->loop, &control->connect_failed);
}

static void on_connect_failed(struct ev_loop *loop, ev_async *async, int events)
{
    struct control *control = async->data;

    (void)loop;
    (void)events;
    upkeep_take_failures(control->upkeep);
    suspicions_take(control->suspicions);
}

static void end_generation(void *generation)
{
    generation_destroy(generation);
}

/* The newest one that leaves and knows the backend; NULL: none, or the present one
 * does. */
static const struct generation *find_heir(const struct control *control,
                                          const struct backend *backend)
{
    const struct generation *heir = NULL;

    if (generation_has(control->generation, backend))
        return NULL;
    list_each(link, &control->leaving) {
        const struct generation *generation = list_object(link, struct generation, link);

        if (generation_has(generation, backend))
            heir = generation;
    }
    return heir;
}

/* A backend that an older generation still has goes on being checked, but not with the
 * texts of the one that goes. */
static void bequeath_checks(const struct control *control,
                            const struct generation *generation)
{
    for (size_t i = 0; i < generation->backend_count; i++) {
        const struct generation *heir = find_heir(control, generation->backends[i]);

        if (heir)
            checkup_inherit(heir, generation->backends[i]);
    }
}

/* A generation whose last session has left goes after one more grace. */
void housekeeping_sweep_generations(struct control *control)
{
    list_each(link, &control->leaving) {
        struct generation *generation = list_object(link, struct generation, link);

        if (!generation->is_replaced || generation_guests(generation))
            continue;
        list_remove(link);
        bequeath_checks(control, generation);
        team_free_after_grace(control->team, generation, end_generation);
    }
}

/* What changed too often to be told at once. */
static void tell_the_rest(struct control *control)
{
    for (size_t i = 0; i < registry_backend_count(control->registry); i++)
        strength_tell(registry_backend(control->registry, i));
    doors_tell(control->doors);
}

static void on_second(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct control *control = timer->data;

    (void)loop;
    (void)events;
    rates_sample(control);
    holes_return(control);
    recovery_tick(control);
    tell_the_rest(control);
    state_file_save(control, false);
    upkeep_watch_ensembles(control->upkeep);
    upkeep_sweep(control->upkeep);
    housekeeping_sweep_generations(control);
}

void housekeeping_begin(struct control *control)
{
    ev_prepare_init(&control->before_sleep, before_sleep);
    ev_async_init(&control->connect_failed, on_connect_failed);
    ev_timer_init(&control->second, on_second, 1., 1.);
    ev_timer_init(&control->start_wait, on_start_wait_over, 0., 0.);
    control->before_sleep.data = control->connect_failed.data = control;
    control->second.data = control->start_wait.data = control;
    ev_async_start(control->loop, &control->connect_failed);
}

void housekeeping_start(struct control *control)
{
    uint64_t wait_ms = control->generation->settings->global.start_wait_ms;

    ev_now_update(control->loop);
    ev_timer_set(&control->start_wait, (double)wait_ms / 1e3, 0.);
    ev_timer_start(control->loop, &control->start_wait);
    ev_timer_start(control->loop, &control->second);
    ev_prepare_start(control->loop, &control->before_sleep);
}

void housekeeping_end(struct control *control)
{
    ev_prepare_stop(control->loop, &control->before_sleep);
    ev_timer_stop(control->loop, &control->start_wait);
    ev_timer_stop(control->loop, &control->second);
    ev_async_stop(control->loop, &control->connect_failed);
}
