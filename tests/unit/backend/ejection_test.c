#include "backend/ejection.h"

#include <criterion/criterion.h>

TestSuite(ejection, .timeout = 10);

enum { FIRST = 1000 };

/* Errors from `since` on lead to an ejection at `at`, which is over when it should be. */
static const struct {
    uint64_t since, at;
    uint64_t length_ms;
} ejections[] = {
    { 5000, 6000, 1000 },   /* until 7000 */
    { 7100, 7200, 2000 },   /* at once again; until 9200 */
    { 11100, 11199, 3000 }, /* it was without errors for 1900 ms, not 2000 */
    { 17198, 90000, 4000 }, /* the first error counts, not the last: until 94000 */
    { 98000, 98001, 1000 }, /* as long without errors as it was ejected */
    { 98001, 99001, 2000 },
};

Test(ejection, grows_until_the_server_was_without_errors_for_as_long)
{
    struct ejection ejection = { 0 };

    for (size_t i = 0; i < sizeof ejections / sizeof *ejections; i++) {
        ejection_begin(&ejection, FIRST, ejections[i].since, ejections[i].at);
        cr_expect_eq(ejection.length_ms, ejections[i].length_ms, "row %zu: %d ms", i,
                     (int)ejection.length_ms);
        cr_expect_eq(ejection.ends_at, ejections[i].at + ejections[i].length_ms);
        cr_expect_eq(ejection.times, i + 1);
        ejection_end(&ejection, ejection.ends_at);
        cr_expect_eq(ejection.ends_at, 0);
    }
}

Test(ejection, does_not_grow_for_ever)
{
    struct ejection ejection = { 0 };
    uint64_t now = 1;

    for (int i = 0; i < 100; i++) {
        ejection_begin(&ejection, FIRST, now, now);
        now = ejection.ends_at;
        ejection_end(&ejection, now);
    }
    cr_expect_eq(ejection.length_ms, EJECTION_STEPS * FIRST);
}

static const struct {
    const char *what;
    struct ejection_crowd crowd;
    struct share most;
    bool is_allowed;
} crowds[] = {
    { "one of two", { 2, 0, 2, 1 }, { "50%", 50, true }, true },
    { "the last fit one", { 2, 1, 1, 1 }, { "100%", 100, true }, false },
    { "the only one", { 1, 0, 1, 1 }, { "100%", 100, true }, false },
    { "the last fit one, the others being down",
      { 9, 0, 1, 1 },
      { "9", 9, false },
      false },
    { "one of three", { 3, 0, 3, 1 }, { "50%", 50, true }, true },
    { "two of three", { 3, 1, 2, 1 }, { "50%", 50, true }, false },
    { "a small share of few", { 3, 0, 3, 1 }, { "10%", 10, true }, true },
    { "the second of a small share", { 3, 1, 2, 1 }, { "10%", 10, true }, false },
    { "one that is needed", { 3, 0, 2, 2 }, { "50%", 50, true }, false },
    { "one that is not", { 3, 0, 3, 2 }, { "50%", 50, true }, true },
    { "none", { 9, 0, 9, 1 }, { "0", 0, false }, false },
    { "no share", { 9, 0, 9, 1 }, { "0%", 0, true }, false },
    { "a number", { 9, 1, 8, 1 }, { "2", 2, false }, true },
    { "more than a number", { 9, 2, 7, 1 }, { "2", 2, false }, false },
};

Test(ejection, leaves_as_many_as_told_and_the_last_one)
{
    for (size_t i = 0; i < sizeof crowds / sizeof *crowds; i++)
        cr_expect_eq(ejection_is_allowed(&crowds[i].crowd, &crowds[i].most),
                     crowds[i].is_allowed, "%s", crowds[i].what);
}

/* The limit is 100 ms; times of answers, and how many count in a row after it. */
static const struct {
    const char *what;
    unsigned sessions;
    uint64_t now, answered_at, others_answered_at;
    bool counts;
    unsigned in_row;
} silences[] = {
    { "nobody ever answered", 1, 1000, 0, 0, false, 0 },
    { "others answered before that", 3, 1100, 0, 1000, false, 0 },
    { "others answered meanwhile", 2, 1200, 0, 1101, true, 2 },
    { "and again", 3, 1300, 0, 1300, true, 5 },
    { "all are slow", 4, 1500, 0, 1400, false, 5 },
    { "it answered in between", 1, 1600, 1301, 1599, true, 1 },
    { "long ago", 1, 1700, 1301, 1650, true, 2 },
    { "it alone answers", 1, 1800, 1750, 1650, false, 0 },
};

Test(ejection, counts_silence_only_while_others_answer)
{
    struct ejection ejection = { 0 };

    for (size_t i = 0; i < sizeof silences / sizeof *silences; i++) {
        struct ejection_silence silence = { silences[i].sessions, 100,
                                            silences[i].answered_at,
                                            silences[i].others_answered_at };

        cr_expect_eq(ejection_note_silence(&ejection, &silence, silences[i].now),
                     silences[i].counts, "%s", silences[i].what);
        cr_expect_eq(ejection.unanswered, silences[i].in_row, "%s: %u", silences[i].what,
                     ejection.unanswered);
    }
}
