#include "worker/mailbox.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdlib.h>

enum { THREADS = 4, EACH = 5000 };

static struct ev_loop *loop;
static struct mailbox *mailbox;
static int reader; /* somebody to hand to the orders */

/* One that notes its number. */
struct note {
    struct order order; /* first */
    int thread, number;
};

static int noted[THREADS * EACH];
static int count;

static void note(struct order *order, void *read_by)
{
    cr_expect_eq(read_by, &reader);
    noted[count++] = ((struct note *)(void *)order)->number;
}

static void set_up(void)
{
    loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    mailbox = mailbox_create(loop, &reader);
}

static void tear_down(void)
{
    mailbox_destroy(mailbox);
    ev_loop_destroy(loop);
}

TestSuite(mailbox, .timeout = 30, .init = set_up, .fini = tear_down);

static void post(struct note *notes, int from, int to)
{
    for (int i = from; i < to; i++) {
        notes[i] = (struct note){ .order = { .carry_out = note }, .number = i };
        mailbox_post(mailbox, &notes[i].order);
    }
}

static void expect_noted(int expected)
{
    cr_assert_eq(count, expected);
    for (int i = 0; i < count; i++)
        cr_expect_eq(noted[i], i);
}

Test(mailbox, keeps_the_order_of_posting)
{
    struct note notes[10];

    post(notes, 0, 10);
    cr_expect_eq(count, 0);
    (void)ev_run(loop, EVRUN_NOWAIT);

    expect_noted(10);
}

Test(mailbox, wakes_its_loop_each_time)
{
    struct note notes[10];

    for (int i = 0; i < 10; i++) {
        post(notes, i, i + 1);
        (void)ev_run(loop, EVRUN_ONCE);
        expect_noted(i + 1);
    }
}

Test(mailbox, can_be_read_without_its_loop)
{
    struct note notes[3];

    mailbox_read(mailbox);
    post(notes, 0, 3);
    mailbox_read(mailbox);
    expect_noted(3);

    (void)ev_run(loop, EVRUN_NOWAIT);
    expect_noted(3);
}

static void free_and_note(struct order *order, void *read_by)
{
    note(order, read_by);
    free(order);
}

Test(mailbox, lets_orders_free_themselves)
{
    for (int i = 0; i < 5; i++) {
        struct note *own = malloc(sizeof *own);

        cr_assert(own);
        *own = (struct note){ .order = { .carry_out = free_and_note }, .number = i };
        mailbox_post(mailbox, &own->order);
    }
    mailbox_read(mailbox);

    expect_noted(5);
}

static void post_again(struct order *order, void *read_by)
{
    note(order, read_by);
    ((struct note *)(void *)order)->number++;
    mailbox_post(mailbox, order);
}

Test(mailbox, carries_out_later_what_an_order_posts)
{
    struct note again = { .order = { .carry_out = post_again } };

    mailbox_post(mailbox, &again.order);
    for (int i = 1; i < 5; i++) {
        (void)ev_run(loop, EVRUN_ONCE);
        expect_noted(i);
    }
}

Test(mailbox, drops_what_was_not_read)
{
    struct note notes[3];

    post(notes, 0, 3);
    mailbox_destroy(mailbox);
    mailbox = NULL;

    cr_expect_eq(count, 0);
}

static int last[THREADS]; /* number that each thread's orders had come to */
static int wrong;

static void note_of_thread(struct order *order, void *read_by)
{
    struct note *own = (struct note *)(void *)order;

    (void)read_by;
    wrong += own->number != last[own->thread] + 1;
    last[own->thread] = own->number;
    count++;
}

static void *post_many(void *data)
{
    struct note *notes = data;

    for (int i = 0; i < EACH; i++)
        mailbox_post(mailbox, &notes[i].order);
    return NULL;
}

Test(mailbox, loses_nothing_that_many_threads_post_at_once)
{
    static struct note notes[THREADS][EACH];
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++) {
        for (int k = 0; k < EACH; k++)
            notes[i][k] = (struct note){ { .carry_out = note_of_thread }, i, k + 1 };
        cr_assert_eq(pthread_create(&threads[i], NULL, post_many, notes[i]), 0);
    }
    while (count < THREADS * EACH)
        (void)ev_run(loop, EVRUN_ONCE);
    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_join(threads[i], NULL), 0);

    cr_expect_eq(count, THREADS * EACH);
    cr_expect_eq(wrong, 0, "%d orders of one thread overtook each other", wrong);
}
