#include "health/tally.h"

#include <criterion/criterion.h>

Test(tally, follows_verdicts)
{
    static const struct {
        unsigned health;
        const char *verdicts; /* + pass, - failure */
        unsigned becomes;
    } cases[] = {
        { 4, "+", 4 },   { 4, "-", 3 },       { 4, "--", 2 },    { 4, "---", 0 },
        { 4, "--+", 3 }, { 4, "--+--", 0 },   { 4, "-+-+-", 3 }, { 0, "-", 0 },
        { 0, "+", 1 },   { 0, "++", 4 },      { 0, "+-+", 1 },   { 0, "+-++", 4 },
        { 2, "-", 0 },   { 0, "++---++", 4 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tally tally = { .health = cases[i].health, .rise = 2, .fall = 3 };

        for (const char *verdict = cases[i].verdicts; *verdict; verdict++)
            (void)tally_note(&tally, *verdict == '+');
        cr_expect_eq(tally.health, cases[i].becomes, "%u %s", cases[i].health,
                     cases[i].verdicts);
    }
}

Test(tally, tells_only_of_crossings)
{
    struct tally tally = { .rise = 2, .fall = 3 };

    cr_expect_not(tally_note(&tally, true));
    cr_expect(tally_note(&tally, true));
    cr_expect_not(tally_note(&tally, true));
    cr_expect_not(tally_note(&tally, false));
    cr_expect_not(tally_note(&tally, false));
    cr_expect(tally_note(&tally, false));
    cr_expect_not(tally_note(&tally, false));
}

Test(tally, changes_only_between_the_ends)
{
    static const bool is_changing[] = { false, true, true, true, false };

    for (unsigned health = 0; health < 5; health++) {
        struct tally tally = { .health = health, .rise = 2, .fall = 3 };

        cr_expect_eq(tally_is_changing(&tally), is_changing[health]);
        cr_expect_eq(tally_is_up(&tally), health >= 2);
    }
}

Test(tally, knows_nothing_between_when_one_is_enough)
{
    struct tally tally = { .rise = 1, .fall = 1 };

    cr_expect(tally_note(&tally, true));
    cr_expect_eq(tally.health, tally_most(&tally));
    cr_expect(tally_note(&tally, false));
    cr_expect_eq(tally.health, 0);
    cr_expect_not(tally_is_changing(&tally));
}

Test(tally, falls_at_one_failure_when_on_trial)
{
    struct tally tally = { .rise = 2, .fall = 3 };

    tally_put_on_trial(&tally);

    cr_expect(tally_is_up(&tally));
    cr_expect(tally_note(&tally, false));
    cr_expect_not(tally_is_up(&tally));
}

Test(tally, keeps_up_and_down_on_a_new_scale)
{
    static const struct {
        unsigned health, rise, fall, becomes;
    } cases[] = {
        { 4, 2, 3, 4 }, { 4, 5, 10, 14 }, { 3, 5, 10, 13 }, { 2, 2, 1, 2 },
        { 2, 1, 2, 1 }, { 0, 5, 10, 0 },  { 1, 5, 10, 1 },  { 1, 1, 1, 0 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tally tally = { .health = cases[i].health, .rise = 2, .fall = 3 };
        bool was_up = tally_is_up(&tally);

        tally_rescale(&tally, cases[i].rise, cases[i].fall);

        cr_expect_eq(tally.health, cases[i].becomes, "case %zu: %u", i, tally.health);
        cr_expect_eq(tally_is_up(&tally), was_up);
    }
}
