/* Counters begin anew. Main only.
 *
 * Each worker clears what it counts, so it is done later; never told after
 * inquiry_forget(owner). */
#pragma once

#include <stdbool.h>

struct control;

/* Figures of all kinds, or but the highest ever: peaks, rates and times. */
struct clearing_request {
    bool everything;
    const char *by; /* who, for the log */
    void (*on_done)(void *owner);
    void *owner;
};

void clearing_begin(struct control *control, const struct clearing_request *request);
