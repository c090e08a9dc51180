#include "base/rate.h"

enum { SECOND_MS = 1000 };

static unsigned risen(const struct rate *rate, uint64_t sum)
{
    return (unsigned)(sum > rate->before ? sum - rate->before : 0);
}

void rate_sample(struct rate *rate, uint64_t sum)
{
    rate->last = risen(rate, sum);
    rate->before = sum;
    if (rate->last > rate->most)
        rate->most = rate->last;
}

/* Rounded up: what happened once within the last second is not forgotten before. */
unsigned rate_now(const struct rate *rate, uint64_t sum, uint64_t since_ms)
{
    uint64_t left_ms = since_ms < SECOND_MS ? SECOND_MS - since_ms : 0;

    return risen(rate, sum) +
           (unsigned)((rate->last * left_ms + SECOND_MS - 1) / SECOND_MS);
}
