#include "base/histogram.h"

#include <criterion/criterion.h>

static struct histogram *histogram;

static void set_up(void)
{
    histogram = histogram_create(2);
}

static void tear_down(void)
{
    histogram_destroy(histogram);
}

TestSuite(histogram, .init = set_up, .fini = tear_down);

Test(histogram, counts_up_to_and_with_each_step)
{
    struct histogram_sum sum;

    for (size_t step = 0; step < HISTOGRAM_STEPS; step++) {
        histogram_add(histogram, 0, histogram_most(step));
        histogram_add(histogram, 1, histogram_most(step) + 1);
    }
    sum = histogram_sum(histogram);
    cr_expect_eq(sum.counts[0], 1);
    cr_expect_eq(sum.counts[HISTOGRAM_STEPS], 1);
    for (size_t step = 1; step < HISTOGRAM_STEPS; step++)
        cr_expect_eq(sum.counts[step], 2, "%zu", step);
}

Test(histogram, adds_up_its_workers)
{
    histogram_add(histogram, 0, 0);
    histogram_add(histogram, 1, 1);
    histogram_add(histogram, 1, 700);
    cr_expect_eq(histogram_sum(histogram).total_ms, 701);
    cr_expect_eq(histogram_sum(histogram).counts[0], 2);
}

Test(histogram, has_rising_steps)
{
    for (size_t step = 1; step < HISTOGRAM_STEPS; step++)
        cr_expect_lt(histogram_most(step - 1), histogram_most(step));
}

Test(histogram, begins_anew_page_by_page)
{
    histogram_add(histogram, 0, 5);
    histogram_add(histogram, 1, 7);
    histogram_forget(histogram, 0);
    cr_expect_eq(histogram_sum(histogram).total_ms, 7);
    histogram_forget(histogram, 1);
    cr_expect_eq(histogram_sum(histogram).total_ms, 0);
    for (size_t step = 0; step <= HISTOGRAM_STEPS; step++)
        cr_expect_eq(histogram_sum(histogram).counts[step], 0);
}
