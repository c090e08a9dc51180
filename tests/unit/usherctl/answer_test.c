#include "usherctl/answer.h"

#include <criterion/criterion.h>

static struct buffer heard, told;

static void note(struct answer *answer, const char *line)
{
    buffer_format(&told, "%zu.%zu.%d %s|", answer->replies, answer->lines,
                  (int)answer->grade, line);
}

static struct answer answer;

static void set_up(void)
{
    answer = (struct answer){ .on_line = note };
}

static void tear_down(void)
{
    buffer_deinit(&heard);
    buffer_deinit(&told);
}

TestSuite(answer, .init = set_up, .fini = tear_down);

static const char *hear(const char *text)
{
    buffer_clear(&told);
    buffer_add_text(&heard, text);
    answer_hear(&answer, &heard);
    return buffer_text(&told);
}

Test(answer, is_told_line_by_line)
{
    cr_expect_str_eq(hear("\nName: us"), "");
    cr_expect_str_eq(hear("her\nPid: 1\n\n"), "1.0.0 Name: usher|1.1.0 Pid: 1|");
    cr_expect_eq(answer.replies, 2);
    cr_expect_str_eq(hear("last\n"), "2.0.0 last|");
    cr_expect_eq(answer.gravest, ANSWER_FINE);
}

Test(answer, knows_what_is_refused)
{
    cr_expect_str_eq(hear("[3]: No such server.\nusage\n\n"),
                     "0.0.2 No such server.|0.1.2 usage|");
    cr_expect_str_eq(hear("fine\n\n"), "1.0.0 fine|");
    cr_expect_eq(answer.gravest, ANSWER_REFUSAL);
}

Test(answer, has_a_mark_for_each_line_that_is_waited_for)
{
    cr_expect_str_eq(hear("[6]: 2 left\n[4]: time is over\n\n"),
                     "0.0.0 2 left|0.1.1 time is over|");
    cr_expect_eq(answer.gravest, ANSWER_WARNING);
}

Test(answer, is_graded_as_json_too)
{
    (void)hear("{\"severity\":\"info\",\"message\":\"\"}\n\n");
    cr_expect_eq(answer.gravest, ANSWER_FINE);
    (void)hear("{\"severity\":\"warning\",\"message\":\"\"}\n\n");
    cr_expect_eq(answer.gravest, ANSWER_WARNING);
    (void)hear("{\"severity\":\"err\",\"message\":\"\"}\n\n");
    cr_expect_eq(answer.gravest, ANSWER_REFUSAL);
}

Test(answer, begins_with_brackets_without_being_marked)
{
    cr_expect_str_eq(hear("[3]:x\n[8]: y\n[]\n[{\n"),
                     "0.0.0 [3]:x|0.1.0 [8]: y|0.2.0 []|0.3.0 [{|");
}

Test(answer, takes_words_as_they_are)
{
    struct buffer out = { 0 };

    answer_add_word("a b;c\\d\te", &out);
    cr_expect_str_eq(buffer_text(&out), "a\\ b\\;c\\\\d\\\te");
    buffer_deinit(&out);
}
