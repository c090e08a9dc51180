#include "base/rate.h"

#include <criterion/criterion.h>

Test(rate, is_what_came_in_the_last_second)
{
    struct rate rate = { 0 };

    rate_sample(&rate, 100);
    rate_sample(&rate, 107);
    cr_expect_eq(rate.last, 7);
    cr_expect_eq(rate.most, 100);
    rate_sample(&rate, 107);
    cr_expect_eq(rate.last, 0);
}

Test(rate, slides_between_samples)
{
    static const struct {
        uint64_t sum, since_ms;
        unsigned rate;
    } moments[] = {
        { 20, 0, 20 },   { 20, 500, 10 }, { 20, 950, 1 },
        { 20, 1000, 0 }, { 20, 5000, 0 }, { 25, 500, 15 },
        { 25, 1000, 5 }, { 40, 250, 35 }, { 19, 1000, 0 },
    };
    struct rate rate = { 0 };

    rate_sample(&rate, 20);
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
        cr_expect_eq(rate_now(&rate, moments[i].sum, moments[i].since_ms),
                     moments[i].rate, "moment %zu", i);
}

Test(rate, does_not_forget_the_only_one_before_its_second_is_over)
{
    struct rate rate = { 0 };

    cr_expect_eq(rate_now(&rate, 1, 0), 1);
    rate_sample(&rate, 1);
    cr_expect_eq(rate_now(&rate, 1, 999), 1);
    cr_expect_eq(rate_now(&rate, 1, 1000), 0);
}

Test(rate, of_a_sum_that_began_anew_is_not_huge)
{
    struct rate rate = { 0 };

    rate_sample(&rate, 50);
    cr_expect_eq(rate_now(&rate, 3, 1000), 0);
    rate_sample(&rate, 3);
    cr_expect_eq(rate.last, 0);
    rate_sample(&rate, 5);
    cr_expect_eq(rate.last, 2);
}
