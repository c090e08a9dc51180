/* Limits how often one cause is said: the first time, then once each ten seconds with a
 * count. One thread. Zero is a valid start. */
#pragma once

#include "base/clock.h"

#include <stdbool.h>

struct repeat {
    uint64_t said_at;
    unsigned unsaid;
};

/* True when it is to be said now; `times` is then how often it happened since the
 * last. */
static inline bool repeat_is_due(struct repeat *repeat, unsigned *times)
{
    uint64_t now = clock_ms();

    repeat->unsaid++;
    if (repeat->said_at && now - repeat->said_at < 10000)
        return false;
    *times = repeat->unsaid;
    *repeat = (struct repeat){ now, 0 };
    return true;
}
