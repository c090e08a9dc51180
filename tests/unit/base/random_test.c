#include "base/random.h"

#include <criterion/criterion.h>
#include <signal.h>

Test(random, is_the_published_sequence_of_splitmix64)
{
    static const uint64_t expected[] = { 6457827717110365317u, 3203168211198807973u,
                                         9817491932198370423u };
    struct random random = { .state = 1234567 };

    for (int i = 0; i < 3; i++)
        cr_expect_eq(random_next(&random), expected[i]);
}

Test(random, differs_from_seed_to_seed)
{
    struct random one, other;

    random_init(&one);
    random_init(&other);

    cr_expect_neq(random_next(&one), random_next(&other));
}

Test(random, stays_below_what_is_asked)
{
    static const uint32_t limits[] = { 1, 2, 3, 7, 100, 1u << 31, UINT32_MAX };
    struct random random = { .state = 1 };

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        for (int round = 0; round < 1000; round++)
            cr_assert_lt(random_below(&random, limits[i]), limits[i]);
}

Test(random, favours_no_number)
{
    struct random random = { .state = 1 };
    int seen[5] = { 0 };

    for (int i = 0; i < 50000; i++)
        seen[random_below(&random, 5)]++;

    for (int i = 0; i < 5; i++)
        cr_expect(seen[i] > 9500 && seen[i] < 10500, "%d came %d times", i, seen[i]);
}

Test(random, cannot_be_below_nothing, .signal = SIGABRT)
{
    struct random random = { .state = 1 };

    (void)random_below(&random, 0);
}
