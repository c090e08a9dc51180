/* Two adds for a session that ends, and no more; admin adds up the pages. */
#include "base/histogram.h"

#include "base/counter.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* From a server next door to a session of a day. */
static const uint64_t steps[HISTOGRAM_STEPS] = {
    1, 2, 5, 10, 50, 100, 500, 1000, 5000, 30000, 60000, 600000, 3600000, 86400000,
};

struct page {
    struct counter counts[HISTOGRAM_STEPS + 1];
    struct counter total_ms;
} __attribute__((aligned(64)));

struct histogram {
    unsigned workers;
    struct page *pages; /* owned, one per worker */
};

struct histogram *histogram_create(unsigned workers)
{
    struct histogram *histogram = memory_new(sizeof *histogram);
    size_t size = workers * sizeof *histogram->pages;

    ensure(workers);
    histogram->workers = workers;
    histogram->pages = aligned_alloc(_Alignof(struct page), size);
    ensure(histogram->pages);
    memset(histogram->pages, 0, size);
    return histogram;
}

void histogram_destroy(struct histogram *histogram)
{
    if (!histogram)
        return;
    free(histogram->pages);
    free(histogram);
}

void histogram_add(struct histogram *histogram, unsigned worker, uint64_t ms)
{
    struct page *page = &histogram->pages[worker];
    size_t step = 0;

    ensure(worker < histogram->workers);
    while (step < HISTOGRAM_STEPS && ms > steps[step])
        step++;
    counter_add(&page->counts[step], 1);
    counter_add(&page->total_ms, ms);
}

void histogram_forget(struct histogram *histogram, unsigned worker)
{
    struct page *page = &histogram->pages[worker];

    ensure(worker < histogram->workers);
    for (size_t i = 0; i <= HISTOGRAM_STEPS; i++)
        counter_set(&page->counts[i], 0);
    counter_set(&page->total_ms, 0);
}

struct histogram_sum histogram_sum(const struct histogram *histogram)
{
    struct histogram_sum sum = { .total_ms = 0 };

    for (unsigned i = 0; i < histogram->workers; i++) {
        for (size_t step = 0; step <= HISTOGRAM_STEPS; step++)
            sum.counts[step] += counter_read(&histogram->pages[i].counts[step]);
        sum.total_ms += counter_read(&histogram->pages[i].total_ms);
    }
    return sum;
}

uint64_t histogram_most(size_t step)
{
    return steps[step];
}
