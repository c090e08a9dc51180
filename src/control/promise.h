/* An answer that comes later, to an owner that may be gone by then. Private to the
 * control folder. */
#pragma once

#include "base/list.h"

struct control;

struct promise {
    struct link link; /* among those under way */
    void *owner;      /* borrowed; NULL: gone */
};

void promise_make(struct control *control, struct promise *promise, void *owner);
void promise_end(struct promise *promise);
/* Nobody waits for what this owner was promised any more; NULL: nor any other. */
void promise_forget(struct control *control, const void *owner);
