#include "base/ledger.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdint.h>

enum { WORKERS = 3 };

static struct ledger *ledger;

static void set_up(void)
{
    ledger = ledger_create(WORKERS);
}

static void tear_down(void)
{
    ledger_destroy(ledger);
}

TestSuite(ledger, .init = set_up, .fini = tear_down);

Test(ledger, starts_empty)
{
    struct ledger_sum sum = ledger_sum(ledger);

    cr_expect_eq(sum.sessions, 0);
    cr_expect_eq(sum.total_ms, 0);
    cr_expect_eq(sum.total_ms_most, 0);
}

Test(ledger, keeps_each_page_on_cache_lines_of_its_own)
{
    for (unsigned i = 0; i < WORKERS; i++)
        cr_expect_eq((uintptr_t)ledger_page(ledger, i) % 64, 0);
}

Test(ledger, adds_up_what_the_workers_counted)
{
    for (unsigned i = 0; i < WORKERS; i++) {
        counter_add(&ledger_page(ledger, i)->sessions, i + 1);
        counter_add(&ledger_page(ledger, i)->bytes_out, 1000);
        counter_add(&ledger_page(ledger, i)->internal_errors, 1);
    }

    cr_expect_eq(ledger_sum(ledger).sessions, 6);
    cr_expect_eq(ledger_sum(ledger).bytes_out, 3000);
    cr_expect_eq(ledger_sum(ledger).bytes_in, 0);
    cr_expect_eq(ledger_sum(ledger).internal_errors, 3);
}

Test(ledger, tells_the_highest_of_peaks_and_instants)
{
    counter_raise(&ledger_page(ledger, 0)->peak, 5);
    counter_raise(&ledger_page(ledger, 1)->peak, 9);
    counter_raise(&ledger_page(ledger, 2)->queue_peak, 4);
    counter_set(&ledger_page(ledger, 0)->last_at, 700);
    counter_set(&ledger_page(ledger, 2)->last_at, 600);

    cr_expect_eq(ledger_sum(ledger).peak, 9);
    cr_expect_eq(ledger_sum(ledger).queue_peak, 4);
    cr_expect_eq(ledger_sum(ledger).last_at, 700);
}

Test(ledger, averages_times_over_all_pages)
{
    struct ledger_times short_one = { .queue_ms = 0, .connect_ms = 10, .total_ms = 100 };
    struct ledger_times long_one = { .queue_ms = 3, .connect_ms = 40, .total_ms = 400 };

    ledger_page_time(ledger_page(ledger, 0), &short_one);
    ledger_page_time(ledger_page(ledger, 0), &short_one);
    ledger_page_time(ledger_page(ledger, 2), &long_one);

    cr_expect_eq(ledger_sum(ledger).timed, 3);
    cr_expect_eq(ledger_sum(ledger).queue_ms, 1);
    cr_expect_eq(ledger_sum(ledger).connect_ms, 20);
    cr_expect_eq(ledger_sum(ledger).response_ms, 0);
    cr_expect_eq(ledger_sum(ledger).total_ms, 200);
    cr_expect_eq(ledger_sum(ledger).queue_ms_most, 3);
    cr_expect_eq(ledger_sum(ledger).total_ms_most, 400);
}

static void time_sessions(int count, uint64_t ms)
{
    struct ledger_times times = { ms, ms, ms, ms };

    while (count--)
        ledger_page_time(ledger_page(ledger, 0), &times);
}

Test(ledger, holds_a_steady_average_steady)
{
    time_sessions(5 * LEDGER_WINDOW, 37);

    cr_expect_eq(ledger_sum(ledger).timed, LEDGER_WINDOW);
    cr_expect_eq(ledger_sum(ledger).total_ms, 37);
}

Test(ledger, forgets_old_times)
{
    time_sessions(LEDGER_WINDOW, 1000);
    time_sessions(20 * LEDGER_WINDOW, 0);

    cr_expect_eq(ledger_sum(ledger).total_ms, 0);
    cr_expect_eq(ledger_sum(ledger).total_ms_most, 1000);
}

Test(ledger, has_no_page_for_a_worker_it_does_not_know, .signal = SIGABRT)
{
    (void)ledger_page(ledger, WORKERS);
}

Test(ledger, may_be_destroyed_before_it_was_created)
{
    ledger_destroy(NULL);
}

Test(ledger, begins_anew_page_by_page_but_for_what_is_open)
{
    for (unsigned worker = 0; worker < WORKERS; worker++) {
        struct ledger_page *page = ledger_page(ledger, worker);

        counter_set(&page->bytes_in, 10);
        counter_set(&page->peak, 4);
        counter_set(&page->tls_begun, 7);
        counter_set(&page->tls_over, 5);
        ledger_page_time(page, &(struct ledger_times){ 1, 2, 3, 4 });
    }
    ledger_forget(ledger, 0);
    cr_expect_eq(ledger_sum(ledger).bytes_in, (WORKERS - 1) * 10);
    for (unsigned worker = 1; worker < WORKERS; worker++)
        ledger_forget(ledger, worker);
    cr_expect_eq(ledger_sum(ledger).bytes_in, 0);
    cr_expect_eq(ledger_sum(ledger).peak, 0);
    cr_expect_eq(ledger_sum(ledger).timed, 0);
    cr_expect_eq(ledger_sum(ledger).total_ms_most, 0);
    cr_expect_eq(ledger_sum(ledger).tls_begun, WORKERS * 2);
    cr_expect_eq(ledger_sum(ledger).tls_over, 0);
}

Test(ledger, forgets_the_highest_values_alone)
{
    struct ledger_page *page = ledger_page(ledger, 0);

    counter_set(&page->sessions, 3);
    counter_set(&page->peak, 4);
    counter_set(&page->queue_peak, 4);
    counter_set(&page->last_at, 5);
    ledger_page_time(page, &(struct ledger_times){ 1, 2, 3, 4 });
    ledger_forget_peaks(ledger, 0);
    cr_expect_eq(ledger_sum(ledger).sessions, 3);
    cr_expect_eq(ledger_sum(ledger).last_at, 5);
    cr_expect_eq(ledger_sum(ledger).total_ms, 4);
    cr_expect_eq(ledger_sum(ledger).peak, 0);
    cr_expect_eq(ledger_sum(ledger).queue_peak, 0);
    cr_expect_eq(ledger_sum(ledger).total_ms_most, 0);
}
