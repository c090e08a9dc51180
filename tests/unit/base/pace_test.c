#include "base/counter.h"
#include "base/pace.h"

#include <criterion/criterion.h>
#include <pthread.h>

Test(pace, lets_so_many_pass_in_each_second)
{
    struct pace pace = { 0 };

    for (uint32_t second = 1; second <= 3; second++) {
        for (int i = 0; i < 5; i++)
            cr_expect(pace_take(&pace, second, 5), "the %dth of second %u", i, second);
        cr_expect_not(pace_take(&pace, second, 5));
        cr_expect_not(pace_take(&pace, second, 5));
    }
}

Test(pace, begins_anew_after_seconds_without_anybody)
{
    struct pace pace = { 0 };

    cr_expect(pace_take(&pace, 0, 1));
    cr_expect(pace_take(&pace, 4000000000, 1));
    cr_expect_not(pace_take(&pace, 4000000000, 1));
    cr_expect(pace_take(&pace, 0, 1));
}

Test(pace, knows_no_limit_when_it_is_zero)
{
    struct pace pace = { 0 };

    for (int i = 0; i < 1000; i++)
        cr_assert(pace_take(&pace, 7, 0));
    cr_expect(pace_take(&pace, 7, 1));
}

Test(pace, heeds_a_limit_that_changes)
{
    struct pace pace = { 0 };

    for (int i = 0; i < 3; i++)
        cr_expect(pace_take(&pace, 1, 10));
    cr_expect_not(pace_take(&pace, 1, 3));
    cr_expect(pace_take(&pace, 1, 4));
}

enum { THREADS = 4, ROUNDS = 20000 };

static struct pace paces;
static struct gauge passed;

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

Test(pace, is_kept_by_all_threads_together, .timeout = 30)
{
    run_threads(pass_if_allowed);

    cr_expect_eq(gauge_read(&passed), ROUNDS);
}

Test(pace, has_room_until_the_second_is_full)
{
    struct pace pace = { 0 };

    cr_expect(pace_has_room(&pace, 7, 1));
    cr_expect(pace_take(&pace, 7, 1));
    cr_expect_not(pace_has_room(&pace, 7, 1));
    cr_expect(pace_has_room(&pace, 7, 2));
    cr_expect(pace_has_room(&pace, 8, 1));
}
