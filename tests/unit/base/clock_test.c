#include "base/clock.h"

#include <criterion/criterion.h>
#include <time.h>

Test(clock, is_never_zero)
{
    cr_expect_neq(clock_ms(), 0);
}

Test(clock, never_goes_back)
{
    uint64_t last = clock_ms();

    for (int i = 0; i < 10000; i++) {
        uint64_t now = clock_ms();

        cr_assert_geq(now, last);
        last = now;
    }
}

Test(clock, counts_milliseconds_of_the_monotonic_clock)
{
    struct timespec before, after;
    uint64_t ms;

    clock_gettime(CLOCK_MONOTONIC, &before);
    ms = clock_ms();
    clock_gettime(CLOCK_MONOTONIC, &after);

    cr_expect_geq(ms,
                  (uint64_t)before.tv_sec * 1000 + (uint64_t)before.tv_nsec / 1000000);
    cr_expect_leq(ms, (uint64_t)after.tv_sec * 1000 + (uint64_t)after.tv_nsec / 1000000);
}

Test(clock, tells_the_time_of_the_wall)
{
    struct timespec before;
    uint64_t ms;

    clock_gettime(CLOCK_REALTIME, &before);
    ms = clock_wall_ms();

    cr_expect_geq(ms, (uint64_t)before.tv_sec * 1000);
    cr_expect_leq(ms, ((uint64_t)before.tv_sec + 60) * 1000);
}
