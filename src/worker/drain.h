/* Ends the sessions of one worker gently: spread over the time given, idle ones first.
 * Private to the worker folder. */
#pragma once

#include <ev.h>
#include <stdint.h>

struct workspace;

struct drain {
    struct workspace *workspace; /* borrowed from the worker */
    ev_timer tick;
    uint64_t begun_at, ends_at; /* monotonic ms */
    uint64_t at_first;          /* sessions when it began */
};

void drain_init(struct drain *drain, struct workspace *workspace);
void drain_deinit(struct drain *drain);
/* 0 ends all at once. */
void drain_begin(struct drain *drain, uint64_t timeout_ms);
