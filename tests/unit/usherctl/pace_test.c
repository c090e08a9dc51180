#include "usherctl/pace.h"

#include "sights.h"

#include <criterion/criterion.h>

static struct survey *before, *now;

static void look_twice(const char *first, const char *second, uint64_t elapsed_ms)
{
    before = sights_make(first, 1000);
    now = sights_make(second, 1000 + elapsed_ms);
    pace_measure(before, now);
}

static void tear_down(void)
{
    survey_destroy(before);
    survey_destroy(now);
}

TestSuite(pace, .fini = tear_down);

Test(pace, is_what_was_counted_in_a_second)
{
    look_twice(SIGHTS_NAMES "app,a,UP,0,,0,0,0,100,5,,,,,,\n",
               SIGHTS_NAMES "app,a,UP,0,,0,0,0,350,5,,,,,,\n", 500);
    cr_expect_eq(now->rows[0].in_rate, 500);
    cr_expect_eq(now->rows[0].out_rate, 0);
}

Test(pace, is_unknown_after_a_restart)
{
    look_twice(SIGHTS_NAMES "app,a,UP,0,,0,0,0,100,5,,,,,,\n",
               SIGHTS_NAMES "app,a,UP,0,,0,0,0,50,5,,,,,,\n", 500);
    cr_expect_eq(now->rows[0].in_rate, -1);
}

Test(pace, is_unknown_of_what_is_new)
{
    look_twice(SIGHTS_NAMES "app,a,UP,0,,0,0,0,100,5,,,,,,\n",
               SIGHTS_NAMES "app,b,UP,0,,0,0,0,50,5,,,,,,\n"
                            "app,a,UP,0,,0,0,0,200,6,,,,,,\n",
               1000);
    cr_expect_eq(now->rows[0].in_rate, -1);
    cr_expect_eq(now->rows[1].in_rate, 100, "found where it is now");
}

Test(pace, needs_two_looks_and_time_between)
{
    look_twice(SIGHTS_STAT, SIGHTS_STAT, 0);
    cr_expect_eq(now->rows[0].in_rate, -1);
    pace_measure(NULL, now);
    cr_expect_eq(now->rows[0].in_rate, -1);
}
