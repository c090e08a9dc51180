/* Deadlines and averages count in this time, which no administrator can set back. */
#include "base/clock.h"

#include <time.h>

uint64_t clock_ms(void)
{
    struct timespec now;
    uint64_t ms;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    return ms ? ms : 1;
}

uint64_t clock_wall_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
