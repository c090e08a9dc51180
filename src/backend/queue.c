/* One line per worker, one sequence of tickets for all.
 *
 * A waiter first publishes its ticket and then looks for a free place once more;
 * whoever frees a place first frees it and then looks for tickets. So one of them sees
 * the other. */
#include "backend/queue.h"

#include "base/counter.h"
#include "base/memory.h"

#include <stdatomic.h>
#include <stdlib.h>

struct line {
    struct link waiters;
    _Atomic uint64_t head; /* the first waiter's ticket; UINT64_MAX when nobody waits */
} __attribute__((aligned(64)));

struct queue {
    queue_wake *wake;
    void *owner; /* borrowed */
    unsigned workers;
    _Atomic unsigned limit;
    struct gauge length;
    struct turn tickets;
    struct line lines[];
};

struct queue *queue_create(unsigned workers, queue_wake *wake, void *owner)
{
    size_t size = sizeof(struct queue) + workers * sizeof(struct line);
    struct queue *queue = aligned_alloc(64, (size + 63) / 64 * 64);

    ensure(queue);
    queue->wake = wake;
    queue->owner = owner;
    queue->workers = workers;
    atomic_init(&queue->limit, 0);
    atomic_init(&queue->length.value, 0);
    atomic_init(&queue->tickets.next, 1);
    for (unsigned worker = 0; worker < workers; worker++) {
        list_init(&queue->lines[worker].waiters);
        atomic_init(&queue->lines[worker].head, UINT64_MAX);
    }
    return queue;
}

void queue_destroy(struct queue *queue)
{
    free(queue);
}

void queue_set_limit(struct queue *queue, unsigned limit)
{
    atomic_store(&queue->limit, limit);
}

static void publish_head(struct line *line)
{
    struct waiter *first = list_object(line->waiters.next, struct waiter, link);

    atomic_store(&line->head, list_is_empty(&line->waiters) ? UINT64_MAX : first->ticket);
}

bool queue_join(struct queue *queue, unsigned worker, struct waiter *waiter)
{
    struct line *line = &queue->lines[worker];
    unsigned limit = atomic_load(&queue->limit);

    if (!limit || !gauge_take(&queue->length, limit))
        return false;
    waiter->ticket = turn_take(&queue->tickets);
    list_append(&line->waiters, &waiter->link);
    publish_head(line);
    return true;
}

void queue_leave(struct queue *queue, unsigned worker, struct waiter *waiter)
{
    if (!waiter->ticket)
        return;
    waiter->ticket = 0;
    list_remove(&waiter->link);
    publish_head(&queue->lines[worker]);
    gauge_give(&queue->length);
}

/* The number of workers when nobody waits. */
static unsigned first_in_line(const struct queue *queue)
{
    unsigned first = queue->workers;
    uint64_t lowest = UINT64_MAX;

    for (unsigned worker = 0; worker < queue->workers; worker++) {
        uint64_t head = atomic_load(&queue->lines[worker].head);

        if (head < lowest) {
            lowest = head;
            first = worker;
        }
    }
    return first;
}

struct waiter *queue_head(struct queue *queue, unsigned worker)
{
    if (first_in_line(queue) != worker)
        return NULL;
    return list_object(queue->lines[worker].waiters.next, struct waiter, link);
}

void queue_call(struct queue *queue)
{
    unsigned first;

    if (!gauge_read(&queue->length))
        return;
    first = first_in_line(queue);
    if (first < queue->workers)
        queue->wake(queue->owner, first);
}

size_t queue_length(const struct queue *queue)
{
    return gauge_read(&queue->length);
}
