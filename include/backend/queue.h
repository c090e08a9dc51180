/* Sessions that wait for a server of one backend, first come, first served.
 *
 * Each worker has a line of its own that only it touches; the ticket at the head of each
 * line is published, so that a freed place calls the worker whose waiter came first. */
#pragma once

#include "base/list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct queue;

struct waiter {
    struct link link; /* in its worker's line */
    uint64_t ticket;  /* 0: not waiting */
};

/* Wakes a worker, from any thread; the worker then serves queue_head. */
typedef void queue_wake(void *owner, unsigned worker);

struct queue *queue_create(unsigned workers, queue_wake *wake, void *owner);
void queue_destroy(struct queue *queue);

/* Main only. 0 lets nobody wait. */
void queue_set_limit(struct queue *queue, unsigned limit);

/* Its worker only. False when the queue is full. */
bool queue_join(struct queue *queue, unsigned worker, struct waiter *waiter);
void queue_leave(struct queue *queue, unsigned worker, struct waiter *waiter);

/* Its worker only: the waiter whose turn it is, if it stands in this worker's line. */
struct waiter *queue_head(struct queue *queue, unsigned worker);

/* Any thread: a place may be free; wakes the worker whose waiter came first. */
void queue_call(struct queue *queue);
/* Any thread. */
size_t queue_length(const struct queue *queue);
