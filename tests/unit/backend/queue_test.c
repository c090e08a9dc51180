#include "backend/queue.h"

#include <criterion/criterion.h>
#include <pthread.h>

enum { WORKERS = 3, NOBODY = 99 };

static struct queue *queue;
static struct waiter waiters[8];
static unsigned woken; /* the last one */
static int wakes;

static void on_wake(void *owner, unsigned worker)
{
    cr_expect_eq(owner, &woken);
    woken = worker;
    wakes++;
}

static void set_up(void)
{
    woken = NOBODY;
    queue = queue_create(WORKERS, on_wake, &woken);
    queue_set_limit(queue, 100);
}

static void tear_down(void)
{
    queue_destroy(queue);
}

TestSuite(queue, .timeout = 20, .init = set_up, .fini = tear_down);

static void expect_called(unsigned worker)
{
    woken = NOBODY;
    queue_call(queue);
    cr_expect_eq(woken, worker, "worker %u was called, not %u", woken, worker);
}

Test(queue, lets_nobody_wait_unless_it_has_a_limit)
{
    queue_set_limit(queue, 0);

    cr_expect_not(queue_join(queue, 0, &waiters[0]));
    cr_expect_eq(queue_length(queue), 0);
    cr_expect_eq(waiters[0].ticket, 0);
}

Test(queue, is_full_over_all_workers_together)
{
    queue_set_limit(queue, 2);

    cr_expect(queue_join(queue, 0, &waiters[0]));
    cr_expect(queue_join(queue, 1, &waiters[1]));
    cr_expect_not(queue_join(queue, 2, &waiters[2]));
    cr_expect_eq(queue_length(queue), 2);

    queue_leave(queue, 0, &waiters[0]);
    cr_expect(queue_join(queue, 2, &waiters[2]));
}

Test(queue, serves_first_come_first_whatever_the_worker)
{
    static const unsigned came_to[] = { 1, 0, 0, 2, 1, 0 };
    size_t count = sizeof came_to / sizeof *came_to;

    for (size_t i = 0; i < count; i++)
        cr_assert(queue_join(queue, came_to[i], &waiters[i]));
    for (size_t i = 0; i < count; i++) {
        for (unsigned worker = 0; worker < WORKERS; worker++)
            cr_expect_eq(queue_head(queue, worker),
                         worker == came_to[i] ? &waiters[i] : NULL, "turn %zu", i);
        expect_called(came_to[i]);
        queue_leave(queue, came_to[i], &waiters[i]);
    }

    cr_expect_eq(queue_length(queue), 0);
}

Test(queue, goes_on_when_somebody_in_the_middle_leaves)
{
    for (size_t i = 0; i < 4; i++)
        cr_assert(queue_join(queue, i % 2, &waiters[i]));

    queue_leave(queue, 1, &waiters[1]);
    queue_leave(queue, 0, &waiters[2]);
    queue_leave(queue, 0, &waiters[0]);

    cr_expect_eq(queue_head(queue, 1), &waiters[3]);
    cr_expect_null(queue_head(queue, 0));
    cr_expect_eq(queue_length(queue), 1);
}

Test(queue, calls_nobody_when_nobody_waits)
{
    expect_called(NOBODY);
    cr_assert(queue_join(queue, 2, &waiters[0]));
    queue_leave(queue, 2, &waiters[0]);
    expect_called(NOBODY);

    cr_expect_eq(wakes, 0);
    cr_expect_null(queue_head(queue, 2));
}

Test(queue, may_be_left_without_having_been_joined)
{
    cr_assert(queue_join(queue, 0, &waiters[0]));
    queue_leave(queue, 0, &waiters[1]);
    queue_leave(queue, 0, &waiters[0]);
    queue_leave(queue, 0, &waiters[0]);

    cr_expect_eq(queue_length(queue), 0);
}

Test(queue, puts_who_joins_again_at_the_end)
{
    cr_assert(queue_join(queue, 0, &waiters[0]));
    cr_assert(queue_join(queue, 0, &waiters[1]));
    queue_leave(queue, 0, &waiters[0]);
    cr_assert(queue_join(queue, 0, &waiters[0]));

    cr_expect_eq(queue_head(queue, 0), &waiters[1]);
}

Test(queue, keeps_those_who_wait_when_its_limit_shrinks)
{
    for (size_t i = 0; i < 3; i++)
        cr_assert(queue_join(queue, 0, &waiters[i]));
    queue_set_limit(queue, 1);

    cr_expect_eq(queue_length(queue), 3);
    cr_expect_not(queue_join(queue, 0, &waiters[3]));
    cr_expect_eq(queue_head(queue, 0), &waiters[0]);
}

static void ignore(void *owner, unsigned worker)
{
    (void)owner;
    (void)worker;
}

static void *come_and_go(void *data)
{
    struct waiter *waiter = data;
    unsigned worker = (unsigned)(waiter - waiters);

    for (int i = 0; i < 20000; i++) {
        cr_assert(queue_join(queue, worker, waiter));
        (void)queue_head(queue, worker);
        queue_call(queue);
        queue_leave(queue, worker, waiter);
    }
    return NULL;
}

Test(queue, is_exact_while_all_workers_come_and_go)
{
    pthread_t threads[WORKERS];

    queue_destroy(queue);
    queue = queue_create(WORKERS, ignore, NULL);
    queue_set_limit(queue, WORKERS);
    for (size_t i = 0; i < WORKERS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, come_and_go, &waiters[i]), 0);
    for (size_t i = 0; i < WORKERS; i++)
        cr_assert_eq(pthread_join(threads[i], NULL), 0);

    cr_expect_eq(queue_length(queue), 0);
    for (unsigned worker = 0; worker < WORKERS; worker++)
        cr_expect_null(queue_head(queue, worker));
}
