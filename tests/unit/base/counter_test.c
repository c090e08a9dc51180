#include "base/counter.h"

#include <criterion/criterion.h>
#include <pthread.h>

Test(counter, starts_at_zero)
{
    struct counter counter = { 0 };

    cr_expect_eq(counter_read(&counter), 0);
}

Test(counter, adds_what_it_is_given)
{
    struct counter counter = { 0 };

    counter_add(&counter, 40);
    counter_add(&counter, 2);

    cr_expect_eq(counter_read(&counter), 42);
}

Test(counter, keeps_the_highest_value_it_was_raised_to)
{
    struct counter counter = { 0 };

    counter_raise(&counter, 5);
    counter_raise(&counter, 3);
    cr_expect_eq(counter_read(&counter), 5);

    counter_raise(&counter, 9);
    cr_expect_eq(counter_read(&counter), 9);
}

Test(counter, of_places_gives_out_no_more_than_allowed)
{
    struct gauge gauge = { 0 };

    cr_expect_eq(gauge_take(&gauge, 2), 1);
    cr_expect_eq(gauge_take(&gauge, 2), 2);
    cr_expect_eq(gauge_take(&gauge, 2), 0);
    cr_expect_eq(gauge_read(&gauge), 2);

    gauge_give(&gauge);
    cr_expect_eq(gauge_take(&gauge, 2), 2);
}

Test(counter, of_places_knows_no_limit_when_it_is_zero)
{
    struct gauge gauge = { 0 };

    for (uint32_t i = 1; i <= 1000; i++)
        cr_assert_eq(gauge_take(&gauge, 0), i);
}

Test(counter, of_turns_hands_out_each_once)
{
    struct turn turn = { 0 };

    for (uint64_t i = 0; i < 10; i++)
        cr_expect_eq(turn_take(&turn), i);
}

enum { THREADS = 4, ROUNDS = 20000 };

static struct gauge shared;
static struct turn turns;

static void *take_and_give(void *nothing)
{
    for (int i = 0; i < ROUNDS; i++) {
        (void)turn_take(&turns);
        if (gauge_take(&shared, 2))
            gauge_give(&shared);
    }
    return nothing;
}

static void run_threads(void *(*work)(void *))
{
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, work, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_join(threads[i], NULL), 0);
}

Test(counter, loses_nothing_between_threads, .timeout = 30)
{
    run_threads(take_and_give);

    cr_expect_eq(gauge_read(&shared), 0);
    cr_expect_eq(turn_take(&turns), THREADS * ROUNDS);
}
