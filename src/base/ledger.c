/* Workers count into their own pages; admin reads them all and adds up. */
#include "base/ledger.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct ledger {
    unsigned workers;
    struct ledger_page *pages; /* owned, one per worker */
};

/* How the figures of the pages make one figure of the sum. */
static const struct figure {
    size_t of_page, of_sum;
    bool is_highest;
} figures[] = {
#define FIGURE(name, is_highest)                                                         \
    {                                                                                    \
        offsetof(struct ledger_page, name), offsetof(struct ledger_sum, name),           \
            is_highest                                                                   \
    }
    FIGURE(sessions, false),
    FIGURE(bytes_in, false),
    FIGURE(bytes_out, false),
    FIGURE(chosen, false),
    FIGURE(refused, false),
    FIGURE(connections, false),
    FIGURE(empty, false),
    FIGURE(connect_failures, false),
    FIGURE(retries, false),
    FIGURE(redispatches, false),
    FIGURE(client_aborts, false),
    FIGURE(server_aborts, false),
    FIGURE(client_errors, false),
    FIGURE(internal_errors, false),
    FIGURE(tls_begun, false),
    FIGURE(tls_over, false),
    FIGURE(handshakes, false),
    FIGURE(handshakes_resumed, false),
    FIGURE(handshakes_failed, false),
    FIGURE(peak, true),
    FIGURE(queue_peak, true),
    FIGURE(last_at, true),
    FIGURE(timed, false),
    FIGURE(queue_ms, false),
    FIGURE(connect_ms, false),
    FIGURE(response_ms, false),
    FIGURE(total_ms, false),
    FIGURE(queue_ms_most, true),
    FIGURE(connect_ms_most, true),
    FIGURE(response_ms_most, true),
    FIGURE(total_ms_most, true),
#undef FIGURE
};

enum { FIGURES = sizeof figures / sizeof *figures };

_Static_assert(sizeof(struct ledger_sum) == FIGURES * sizeof(uint64_t),
               "every figure of the sum is in the table");

struct ledger *ledger_create(unsigned workers)
{
    struct ledger *ledger = memory_new(sizeof *ledger);
    size_t size = workers * sizeof *ledger->pages;

    ensure(workers);
    ledger->workers = workers;
    /* calloc does not keep the pages on cache lines of their own. */
    ledger->pages = aligned_alloc(_Alignof(struct ledger_page), size);
    ensure(ledger->pages);
    memset(ledger->pages, 0, size);
    return ledger;
}

void ledger_destroy(struct ledger *ledger)
{
    if (!ledger)
        return;
    free(ledger->pages);
    free(ledger);
}

struct ledger_page *ledger_page(struct ledger *ledger, unsigned worker)
{
    ensure(worker < ledger->workers);
    return &ledger->pages[worker];
}

static void clear(struct ledger_page *page, const struct figure *figure)
{
    void *counter = (char *)page + figure->of_page;

    counter_set(counter, 0);
}

void ledger_forget(struct ledger *ledger, unsigned worker)
{
    struct ledger_page *page = ledger_page(ledger, worker);
    uint64_t open = counter_read(&page->tls_begun) - counter_read(&page->tls_over);

    for (size_t i = 0; i < FIGURES; i++)
        clear(page, &figures[i]);
    counter_set(&page->tls_begun, open);
}

void ledger_forget_peaks(struct ledger *ledger, unsigned worker)
{
    struct ledger_page *page = ledger_page(ledger, worker);

    for (size_t i = 0; i < FIGURES; i++)
        if (figures[i].is_highest &&
            figures[i].of_page != offsetof(struct ledger_page, last_at))
            clear(page, &figures[i]);
}

/* A full window loses its average before it takes the next time; rounding up lets it
 * come down to 0 again. */
static void slide(struct counter *sum, uint64_t ms, bool is_full)
{
    uint64_t value = counter_read(sum);

    if (is_full)
        value -= (value + LEDGER_WINDOW - 1) / LEDGER_WINDOW;
    counter_set(sum, value + ms);
}

void ledger_page_time(struct ledger_page *page, const struct ledger_times *times)
{
    bool is_full = counter_read(&page->timed) >= LEDGER_WINDOW;

    slide(&page->queue_ms, times->queue_ms, is_full);
    slide(&page->connect_ms, times->connect_ms, is_full);
    slide(&page->response_ms, times->response_ms, is_full);
    slide(&page->total_ms, times->total_ms, is_full);
    counter_raise(&page->queue_ms_most, times->queue_ms);
    counter_raise(&page->connect_ms_most, times->connect_ms);
    counter_raise(&page->response_ms_most, times->response_ms);
    counter_raise(&page->total_ms_most, times->total_ms);
    if (!is_full)
        counter_add(&page->timed, 1);
}

static void take_in(struct ledger_sum *sum, const struct ledger_page *page)
{
    for (size_t i = 0; i < FIGURES; i++) {
        const void *from = (const char *)page + figures[i].of_page;
        void *to = (char *)sum + figures[i].of_sum;
        uint64_t value = counter_read(from);
        uint64_t *total = to;

        if (!figures[i].is_highest)
            *total += value;
        else if (value > *total)
            *total = value;
    }
}

void ledger_sum_add(struct ledger_sum *sum, const struct ledger_sum *more)
{
    for (size_t i = 0; i < FIGURES; i++) {
        uint64_t *mine = (uint64_t *)(void *)((char *)sum + figures[i].of_sum);
        const void *place = (const char *)more + figures[i].of_sum;
        uint64_t theirs = *(const uint64_t *)place;

        if (!figures[i].is_highest)
            *mine += theirs;
        else if (theirs > *mine)
            *mine = theirs;
    }
}

struct ledger_sum ledger_sum(const struct ledger *ledger)
{
    struct ledger_sum sum = { 0 };

    for (unsigned i = 0; i < ledger->workers; i++)
        take_in(&sum, &ledger->pages[i]);
    if (!sum.timed)
        return sum;
    sum.queue_ms /= sum.timed;
    sum.connect_ms /= sum.timed;
    sum.response_ms /= sum.timed;
    sum.total_ms /= sum.timed;
    return sum;
}
