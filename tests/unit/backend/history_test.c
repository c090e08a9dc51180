#include "backend/history.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <time.h>

static struct history *history;

static void forget(void)
{
    history_destroy(history);
}

TestSuite(history, .fini = forget);

static void note(const char *from, const char *to, const char *why)
{
    const struct history_change change = {
        .from = from, .to = to, .why = why, .who = HISTORY_PROBE
    };

    history_note(&history, &change);
}

Test(history, holds_nothing_until_something_changes)
{
    cr_expect_eq(history_count(history), 0);
    cr_expect_null(history);
}

Test(history, keeps_texts_of_its_own)
{
    char from[] = "up", to[] = "down", why[] = "Connection refused";
    const struct history_change *change;

    note(from, to, why);
    from[0] = to[0] = why[0] = 'x';
    change = history_at(history, 0);

    cr_expect_str_eq(change->from, "up");
    cr_expect_str_eq(change->to, "down");
    cr_expect_str_eq(change->why, "Connection refused");
}

Test(history, keeps_what_it_was_told)
{
    const struct history_change told = { 123, "up", "down", NULL, 7, HISTORY_CLIENTS };

    history_note(&history, &told);

    cr_expect_eq(history_at(history, 0)->at_ms, 123);
    cr_expect_eq(history_at(history, 0)->took_ms, 7);
    cr_expect_eq(history_at(history, 0)->who, HISTORY_CLIENTS);
    cr_expect_str_eq(history_at(history, 0)->why, "");
}

Test(history, takes_the_time_by_the_clock_on_the_wall)
{
    uint64_t before = (uint64_t)time(NULL) * 1000;

    note("up", "down", "");

    cr_expect_geq(history_at(history, 0)->at_ms, before);
    cr_expect_leq(history_at(history, 0)->at_ms, before + 60000);
}

Test(history, forgets_the_oldest_first)
{
    char why[16];

    for (int i = 0; i < HISTORY_MOST + 5; i++) {
        (void)snprintf(why, sizeof why, "%d", i);
        note("up", "down", why);
    }

    cr_expect_eq(history_count(history), HISTORY_MOST);
    for (size_t i = 0; i < HISTORY_MOST; i++) {
        (void)snprintf(why, sizeof why, "%zu", i + 5);
        cr_expect_str_eq(history_at(history, i)->why, why);
    }
}

Test(history, names_whose_word_it_was)
{
    cr_expect_str_eq(history_who_name(HISTORY_PROBE), "probe");
    cr_expect_str_eq(history_who_name(HISTORY_RELOAD), "reload");
}
