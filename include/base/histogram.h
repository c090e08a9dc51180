/* How many of a kind took how long, in steps that never change: one page per worker, so
 * that each has one writer. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { HISTOGRAM_STEPS = 14 };

struct histogram;

struct histogram *histogram_create(unsigned workers);
/* NULL is fine. */
void histogram_destroy(struct histogram *histogram);
/* The page's worker only. */
void histogram_add(struct histogram *histogram, unsigned worker, uint64_t ms);
/* The page's worker only: begins anew. */
void histogram_forget(struct histogram *histogram, unsigned worker);

struct histogram_sum {
    uint64_t counts[HISTOGRAM_STEPS + 1]; /* each by itself; the last: longer than all */
    uint64_t total_ms;
};

/* Any thread. */
struct histogram_sum histogram_sum(const struct histogram *histogram);
/* The longest that is counted in this step, in milliseconds. */
uint64_t histogram_most(size_t step);
