#include "config/variable.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct arena *arena;
static struct problems *problems;
static const struct place place = { "x.ini", 3 };

static void set_up(void)
{
    arena = arena_create();
    problems = problems_create();
    cr_assert_eq(setenv("USHER_PORT", "8080", 1), 0);
    cr_assert_eq(setenv("USHER_ODD", "${USHER_PORT} ; #", 1), 0);
    cr_assert_eq(setenv("USHER_EMPTY", "", 1), 0);
    cr_assert_eq(unsetenv("USHER_UNSET"), 0);
}

static void tear_down(void)
{
    problems_destroy(problems);
    arena_destroy(arena);
}

TestSuite(variable, .init = set_up, .fini = tear_down);

Test(variable, is_replaced_by_its_value)
{
    static const struct {
        const char *text, *expanded;
    } cases[] = {
        { "", "" },
        { "plain", "plain" },
        { "127.0.0.1:${USHER_PORT}", "127.0.0.1:8080" },
        { "${USHER_PORT}${USHER_PORT}x", "80808080x" },
        { "a${USHER_EMPTY}b", "ab" },
        { "${USHER_ODD}", "${USHER_PORT} ; #" },
        { "$${USHER_PORT}", "${USHER_PORT}" },
        { "$$${USHER_PORT}", "$${USHER_PORT}" },
        { "$ $$ $USHER_PORT 5$", "$ $$ $USHER_PORT 5$" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_str_eq(variable_expand(cases[i].text, place, arena, problems),
                         cases[i].expanded);
    cr_expect_eq(problems_count(problems), 0);
}

Test(variable, is_a_problem_when_unset_or_badly_written)
{
    struct buffer report = { 0 };

    cr_expect_null(
        variable_expand("${USHER_UNSET}:${USHER_NONE}", place, arena, problems));
    cr_expect_null(variable_expand("a${USHER_PORT", place, arena, problems));
    cr_expect_null(variable_expand("${}", place, arena, problems));
    problems_write(problems, &report);
    cr_expect_str_eq(
        buffer_text(&report),
        "x.ini:3: the environment variable \"USHER_UNSET\" is not set\n"
        "x.ini:3: the environment variable \"USHER_NONE\" is not set\n"
        "x.ini:3: \"${USHER_PORT\": write ${NAME} for an environment variable, $${ "
        "for ${\n"
        "x.ini:3: \"${}\": write ${NAME} for an environment variable, $${ for ${\n");
    buffer_deinit(&report);
}
