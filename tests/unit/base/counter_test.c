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

Test(counter, of_pace_lets_so_many_pass_in_each_second)
{
    struct pace pace = { 0 };

    for (uint32_t second = 1; second <= 3; second++) {
        for (int i = 0; i < 5; i++)
            cr_expect(pace_take(&pace, second, 5), "the %dth of second %u", i, second);
        cr_expect_not(pace_take(&pace, second, 5));
        cr_expect_not(pace_take(&pace, second, 5));
    }
}

Test(counter, of_pace_begins_anew_after_seconds_without_anybody)
{
    struct pace pace = { 0 };

    cr_expect(pace_take(&pace, 0, 1));
    cr_expect(pace_take(&pace, 4000000000, 1));
    cr_expect_not(pace_take(&pace, 4000000000, 1));
    cr_expect(pace_take(&pace, 0, 1));
}

Test(counter, of_pace_knows_no_limit_when_it_is_zero)
{
    struct pace pace = { 0 };

    for (int i = 0; i < 1000; i++)
        cr_assert(pace_take(&pace, 7, 0));
    cr_expect(pace_take(&pace, 7, 1));
}

Test(counter, of_pace_heeds_a_limit_that_changes)
{
    struct pace pace = { 0 };

    for (int i = 0; i < 3; i++)
        cr_expect(pace_take(&pace, 1, 10));
    cr_expect_not(pace_take(&pace, 1, 3));
    cr_expect(pace_take(&pace, 1, 4));
}

enum { THREADS = 4, ROUNDS = 20000 };

static struct gauge shared;
static struct turn turns;
static struct pace paces;
static struct gauge passed;

static void *take_and_give(void *nothing)
{
    for (int i = 0; i < ROUNDS; i++) {
        (void)turn_take(&turns);
        if (gauge_take(&shared, 2))
            gauge_give(&shared);
    }
    return nothing;
}

static void *pass_if_allowed(void *nothing)
{
    for (int i = 0; i < ROUNDS; i++)
        if (pace_take(&paces, 1, ROUNDS))
            (void)gauge_take(&passed, 0);
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

Test(counter, of_pace_is_kept_by_all_threads_together, .timeout = 30)
{
    run_threads(pass_if_allowed);

    cr_expect_eq(gauge_read(&passed), ROUNDS);
}

Test(counter, loses_nothing_between_threads, .timeout = 30)
{
    run_threads(take_and_give);

    cr_expect_eq(gauge_read(&shared), 0);
    cr_expect_eq(turn_take(&turns), THREADS * ROUNDS);
}
