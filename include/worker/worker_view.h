/* What people may see of a worker from inside; plain values, so that they can cross
 * threads. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { WORKER_POOLS = 3 };

struct pool_view {
    const char *name;        /* static */
    size_t size, made, used; /* bytes of one; how many there are */
};

struct worker_view {
    uint64_t loops;   /* times it woke up */
    uint64_t work_ms; /* that it used of a processor */
    uint64_t sessions, waiting;
    uint64_t pipes_used, pipes_kept;
    struct pool_view pools[WORKER_POOLS];
};

struct worker;

/* On the worker's own thread. */
void worker_describe(const struct worker *worker, struct worker_view *view);
