/* A ticket can be used as long as its key is among the last few: between two and three
 * times the time between new keys. */
#include "control/tickets.h"

#include "base/memory.h"
#include "control/control_parts.h"
#include "worker/worker.h"

#include <stdlib.h>

static const double SECONDS_PER_KEY = 8. * 60 * 60;

static void use_keys(struct worker *worker, void *job)
{
    (void)worker;
    tls_ticket_use(job);
}

static void free_keys(void *keys)
{
    free(keys);
}

/* Each worker copies them; a later rotation may not change what one is reading. */
static void hand_out(struct control *control)
{
    struct tls_ticket_keys *keys = memory_new(sizeof *keys);

    tls_ticket_keys_rotate(&control->ticket_keys);
    *keys = control->ticket_keys;
    team_tell(control->team, use_keys, free_keys, keys);
}

static void on_next_key(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)loop;
    (void)events;
    hand_out(timer->data);
}

void tickets_begin(struct control *control)
{
    ev_timer_init(&control->next_key, on_next_key, SECONDS_PER_KEY, SECONDS_PER_KEY);
    control->next_key.data = control;
    ev_timer_start(control->loop, &control->next_key);
    hand_out(control);
}

void tickets_end(struct control *control)
{
    ev_timer_stop(control->loop, &control->next_key);
}
