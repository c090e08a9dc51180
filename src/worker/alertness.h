/* A worker that stays awake: for a while after something happened it asks the kernel for
 * more again and again instead of sleeping, which costs a CPU and spares what waking up
 * takes. Private to the worker folder. */
#pragma once

#include <ev.h>
#include <stdbool.h>

struct alertness {
    struct ev_loop *loop; /* borrowed */
    ev_prepare turn;
    ev_idle idle; /* while it is active the loop does not sleep */
    bool was_idle;
    ev_tstamp busy_at;
    bool is_on;
};

void alertness_init(struct alertness *alertness, struct ev_loop *loop);
void alertness_deinit(struct alertness *alertness);
void alertness_set(struct alertness *alertness, bool is_on);
