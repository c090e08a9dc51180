/* How often something happened in the last second, of a sum that is looked at once a
 * second, and whenever somebody asks. Pure, one thread. */
#pragma once

#include <stdint.h>

struct rate {
    uint64_t before;     /* the sum when it was last sampled */
    unsigned last, most; /* in the second before that, and in any */
};

/* Once a second. A sum that has begun anew counts from nothing. */
void rate_sample(struct rate *rate, uint64_t sum);
/* `since_ms`: since the last sample. What of the last second lies further back is taken
 * for evenly spread. */
unsigned rate_now(const struct rate *rate, uint64_t sum, uint64_t since_ms);
