#include "base/problem.h"

#include "base/buffer.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct problems *problems;
static struct buffer out;

static void set_up(void)
{
    problems = problems_create();
}

static void tear_down(void)
{
    problems_destroy(problems);
    buffer_deinit(&out);
}

static const char *written(void)
{
    buffer_clear(&out);
    problems_write(problems, &out);
    return buffer_text(&out);
}

TestSuite(problem, .init = set_up, .fini = tear_down);

Test(problem, is_none_at_first)
{
    cr_expect_eq(problems_count(problems), 0);
    cr_expect_eq(problems_warnings(problems), 0);
    cr_expect_str_eq(written(), "");
}

Test(problem, says_where_it_is)
{
    problem_add_at(problems, (struct place){ "usher.ini", 7 }, "unknown key %s", "bnid");

    cr_expect_str_eq(written(), "usher.ini:7: unknown key bnid\n");
    cr_expect_eq(problems_count(problems), 1);
}

Test(problem, may_concern_a_whole_file_or_no_place_at_all)
{
    problem_add_at(problems, (struct place){ "usher.ini", 0 }, "no frontend");
    problem_add(problems, "cannot listen on %s", ":80");

    cr_expect_str_eq(written(), "usher.ini: no frontend\ncannot listen on :80\n");
}

Test(problem, is_no_problem_when_it_is_a_warning)
{
    problem_warn_at(problems, (struct place){ "usher.ini", 3 }, "no check");
    problem_warn_at(problems, (struct place){ NULL, 0 }, "few descriptors");

    cr_expect_eq(problems_count(problems), 0);
    cr_expect_eq(problems_warnings(problems), 2);
    cr_expect_str_eq(written(), "usher.ini:3: warning: no check\n"
                                "warning: few descriptors\n");
}

Test(problem, is_told_in_the_order_of_files_and_lines)
{
    char same_name[] = "b.ini";

    problem_add_at(problems, (struct place){ "b.ini", 9 }, "four");
    problem_add_at(problems, (struct place){ "a.ini", 2 }, "five");
    problem_add_at(problems, (struct place){ same_name, 4 }, "two");
    problem_add(problems, "six");
    problem_warn_at(problems, (struct place){ "b.ini", 4 }, "three");
    problem_add_at(problems, (struct place){ "b.ini", 0 }, "one");

    cr_expect_str_eq(written(), "b.ini: one\n"
                                "b.ini:4: two\n"
                                "b.ini:4: warning: three\n"
                                "b.ini:9: four\n"
                                "a.ini:2: five\n"
                                "six\n");
}

Test(problem, of_the_same_line_keeps_its_turn)
{
    struct buffer expected = { 0 };

    for (int i = 0; i < 100; i++) {
        problem_add_at(problems, (struct place){ "a.ini", 1 }, "number %d", i);
        buffer_format(&expected, "a.ini:1: number %d\n", i);
    }

    cr_expect_str_eq(written(), buffer_text(&expected));
    buffer_deinit(&expected);
}

Test(problem, is_not_used_up_by_telling_it)
{
    problem_add(problems, "one");

    cr_expect_str_eq(written(), "one\n");
    cr_expect_str_eq(written(), "one\n");
}

Test(problem, list_may_be_destroyed_before_it_was_created)
{
    problems_destroy(NULL);
}
