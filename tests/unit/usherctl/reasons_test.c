#include "usherctl/reasons.h"

#include "sights.h"

#include <criterion/criterion.h>

#define HEADING "# when from to who took_ms why"

static struct survey *survey, *later;
static struct reasons *reasons;
static struct buffer out;

static void set_up(void)
{
    survey = sights_make(SIGHTS_STAT, 5);
    reasons = reasons_create();
    reasons_follow(reasons, survey);
}

static void tear_down(void)
{
    reasons_destroy(reasons);
    survey_destroy(survey);
    survey_destroy(later);
    buffer_deinit(&out);
}

TestSuite(reasons, .init = set_up, .fini = tear_down);

static const char *ask(void)
{
    buffer_clear(&out);
    (void)reasons_ask(reasons, &out);
    return buffer_text(&out);
}

static void answer_all(void)
{
    size_t count = reasons_ask(reasons, &out);

    for (size_t i = 0; i < count; i++)
        reasons_hear(reasons, i, HEADING);
}

Test(reasons, are_asked_of_each_server)
{
    cr_expect_str_eq(ask(), ";show history app/a;show history app/b;"
                            "show history app/c;show history db/m");
    answer_all();
    cr_expect_str_eq(ask(), "");
}

Test(reasons, are_the_last_change)
{
    const struct reason *reason = reasons_of(reasons, &survey->rows[3]);

    cr_expect_eq(reason->at_s, -1);
    (void)ask();
    reasons_hear(reasons, 1, HEADING);
    reasons_hear(reasons, 1, "2026-11-22T14:49:42.123Z up down probe 7 timed out");
    reasons_hear(reasons, 1,
                 "2026-11-22T14:49:43.123Z ready drain administrator 0 "
                 "uid=0 pid=9");
    cr_expect_eq(reason->at_s, 1795358983);
    cr_expect_str_eq(reason->to, "drain");
    cr_expect_str_eq(reason->who, "administrator");
    cr_expect_str_eq(reason->why, "uid=0 pid=9");
    reasons_hear(reasons, 1, "2026-11-22T14:49:44.123Z down up probe 7 -");
    cr_expect_str_eq(reason->why, "");
}

Test(reasons, are_not_made_of_nonsense)
{
    const struct reason *reason = reasons_of(reasons, &survey->rows[2]);

    (void)ask();
    reasons_hear(reasons, 0, "No such server.");
    reasons_hear(reasons, 0, "yesterday up down probe 7 timed out");
    reasons_hear(reasons, 99, HEADING);
    cr_expect_eq(reason->at_s, -1);
}

Test(reasons, are_asked_for_again_when_something_has_changed)
{
    answer_all();
    later = sights_make(SIGHTS_NAMES "app,a,UP,7,10,0,2,60,700,4000,1,61,,,,\n"
                                     "app,b,UP,0,,0,0,10,100,200,2,6,,,,\n"
                                     "app,c,DRAIN,5,,0,1,20,200,800,1,2,,,,\n"
                                     "app,d,UP,5,,0,1,20,200,800,1,2,,,,\n",
                        6);
    reasons_follow(reasons, later);
    cr_expect_str_eq(ask(), ";show history app/b;show history app/c;show history app/d");
}

Test(reasons, are_kept_until_there_is_a_new_one)
{
    (void)ask();
    reasons_hear(reasons, 1, "2026-11-22T14:49:42.123Z up down probe 7 timed out");
    later = sights_make(SIGHTS_NAMES "app,b,UP,0,,0,0,10,100,200,2,6,,,,\n", 6);
    reasons_follow(reasons, later);
    cr_expect_str_eq(reasons_of(reasons, &later->rows[0])->why, "timed out");
}

Test(reasons, are_asked_for_again_in_turn)
{
    answer_all();
    reasons_refresh(reasons, 3);
    cr_expect_str_eq(ask(), ";show history app/a");
    answer_all();
    reasons_refresh(reasons, 3);
    cr_expect_str_eq(ask(), ";show history app/b;show history app/c");
    answer_all();
    reasons_refresh(reasons, 1000);
    cr_expect_eq(reasons_ask(reasons, &out), 4);
}
