#include "health/verdict.h"

#include <criterion/criterion.h>
#include <string.h>

Test(verdict, says_where_a_dialogue_stands)
{
    cr_expect_eq(verdict_pending().outcome, OUTCOME_PENDING);
    cr_expect_eq(verdict_next(7).outcome, OUTCOME_NEXT);
    cr_expect_eq(verdict_next(7).heard, 7);
    cr_expect_eq(verdict_passed("").result, RESULT_ANSWERED);
    cr_expect_eq(verdict_passed("").outcome, OUTCOME_PASSED);
    cr_expect_eq(verdict_failed(RESULT_ANSWER_BAD, "x").result, RESULT_ANSWER_BAD);
    cr_expect_eq(verdict_failed(RESULT_ANSWER_BAD, "x").outcome, OUTCOME_FAILED);
}

Test(verdict, quotes_what_can_be_printed_and_not_too_much_of_it)
{
    struct verdict verdict = verdict_failed(RESULT_ANSWER_BAD, "%d%%: %s", 5,
                                            "a\n\x1b\xc3\xa4~");
    char longest[200];

    cr_expect_str_eq(verdict.why, "5%: a????~");
    cr_expect_str_eq(verdict_passed("a\tb").why, "a?b");
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    verdict = verdict_failed(RESULT_ANSWER_BAD, "%s", longest);
    cr_expect_eq(strlen(verdict.why), sizeof verdict.why - 1);
}
