/* Posting pushes onto a stack with one exchange; reading takes the whole stack and
 * turns it over. A wake-up means "look", never "one order": many posts may be one
 * wake-up. */
#include "worker/mailbox.h"

#include "base/memory.h"

#include <stdatomic.h>
#include <stdlib.h>

struct mailbox {
    struct ev_loop *loop; /* borrowed */
    void *reader;         /* borrowed */
    ev_async wake;
    _Atomic(struct order *) newest;
};

static struct order *in_order_of_posting(struct order *newest)
{
    struct order *oldest = NULL;

    while (newest) {
        struct order *next = newest->next;

        newest->next = oldest;
        oldest = newest;
        newest = next;
    }
    return oldest;
}

void mailbox_read(struct mailbox *mailbox)
{
    struct order *order = in_order_of_posting(atomic_exchange(&mailbox->newest, NULL));

    while (order) {
        struct order *next = order->next;

        order->carry_out(order, mailbox->reader);
        order = next;
    }
}

static void on_wake(struct ev_loop *loop, ev_async *wake, int events)
{
    (void)loop;
    (void)events;
    mailbox_read(wake->data);
}

struct mailbox *mailbox_create(struct ev_loop *loop, void *reader)
{
    struct mailbox *mailbox = memory_new(sizeof *mailbox);

    mailbox->loop = loop;
    mailbox->reader = reader;
    atomic_init(&mailbox->newest, NULL);
    ev_async_init(&mailbox->wake, on_wake);
    mailbox->wake.data = mailbox;
    ev_async_start(loop, &mailbox->wake);
    return mailbox;
}

void mailbox_destroy(struct mailbox *mailbox)
{
    if (!mailbox)
        return;
    ev_async_stop(mailbox->loop, &mailbox->wake);
    free(mailbox);
}

void mailbox_post(struct mailbox *mailbox, struct order *order)
{
    struct order *newest = atomic_load(&mailbox->newest);

    do
        order->next = newest;
    while (!atomic_compare_exchange_weak(&mailbox->newest, &newest, order));
    /* The first onto an empty stack wakes; the others find it awake. */
    if (!newest)
        ev_async_send(mailbox->loop, &mailbox->wake);
}
