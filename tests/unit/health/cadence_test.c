#include "health/cadence.h"

#include "base/random.h"
#include "health/check_settings.h"
#include "health/tally.h"

#include <criterion/criterion.h>

static const struct check_settings settings = {
    .interval_ms = 2000,
    .changing_interval_ms = 500,
    .down_interval_ms = 10000,
};

Test(cadence, is_the_usual_one_before_the_first_verdict)
{
    struct tally tally = { .health = 1, .rise = 2, .fall = 3 };

    cr_expect_eq(cadence_interval(&settings, &tally, false), 2000);
}

/* Whatever rise and fall are: slow at the bottom, usual at the top, fast between. */
Test(cadence, depends_on_how_near_the_verdict_is)
{
    for (unsigned rise = 1; rise <= 8; rise++) {
        for (unsigned fall = 1; fall <= 8; fall++) {
            struct tally tally = { .rise = rise, .fall = fall };
            unsigned most = tally_most(&tally);

            for (; tally.health <= most; tally.health++)
                cr_expect_eq(cadence_interval(&settings, &tally, true),
                             tally.health == 0      ? 10000
                             : tally.health == most ? 2000
                                                    : 500,
                             "health %u of %u/%u", tally.health, rise, fall);
        }
    }
}

/* Never off by more than a tenth, never the same for all, right on the average. */
Test(cadence, is_spread_by_a_tenth)
{
    static const uint64_t intervals[] = { 5, 30, 100, 1000, 2000, 60000, 86400000 };
    struct random random = { .state = 42 };

    for (size_t i = 0; i < sizeof intervals / sizeof *intervals; i++) {
        uint64_t interval = intervals[i], least = UINT64_MAX, most = 0, sum = 0;

        for (int k = 0; k < 10000; k++) {
            uint64_t spread = cadence_spread(interval, &random);

            least = spread < least ? spread : least;
            most = spread > most ? spread : most;
            sum += spread;
        }
        cr_expect_geq(least, interval - interval / 10);
        cr_expect_leq(most, interval + interval / 10);
        cr_expect_leq(sum / 10000, interval + interval / 50);
        cr_expect_geq(sum / 10000, interval - interval / 50 - 1);
        cr_expect(interval < 30 || most - least > interval / 10);
    }
}

Test(cadence, of_next_to_nothing_is_not_spread)
{
    struct random random = { .state = 42 };

    for (uint64_t interval = 0; interval < 5; interval++)
        cr_expect_eq(cadence_spread(interval, &random), interval);
}
