#include "judging.h"

#define SEND(what) .kind = CHECK_STEP_SEND, .bytes = what, .length = sizeof what - 1
#define EXPECT(what) .kind = CHECK_STEP_EXPECT, .bytes = what, .length = sizeof what - 1

static regex_t regex;
static struct check_step steps[] = {
    { .text = "send A", SEND("a\0b") },
    { .text = "send B", SEND("more\r\n") },
    { .text = "expect \"one\"", EXPECT("one") },
    { .text = "expect-hex 00ff", EXPECT("\0\xff") },
    { .text = "match ^[a-z]+ well$", .kind = CHECK_STEP_MATCH, .regex = &regex },
};
static struct check_settings settings = { .steps = steps, .step_count = 5 };

static void set_up(void)
{
    cr_assert_eq(regcomp(&regex, "^[a-z]+ well$", REG_EXTENDED | REG_NEWLINE), 0);
}

static void tear_down(void)
{
    regfree(&regex);
}

TestSuite(probe_expect, .init = set_up, .fini = tear_down);

Test(probe_expect, says_what_it_shall_and_goes_on_at_once)
{
    struct answer answer = { .bytes = "early", .length = 5 };
    size_t length;
    const char *text = said(&probe_expect, &settings, (struct question){ 0 }, &length);

    cr_assert_eq(length, 3);
    cr_expect_arr_eq(text, "a\0b", 3);
    expect_said(&probe_expect, &settings, 1, "more\r\n");
    expect_said(&probe_expect, &settings, 2, "");
    expect_said(&probe_expect, &settings, 99, "");
    cr_expect_eq(probe_expect.judge(&settings, &answer).outcome, OUTCOME_NEXT);
    cr_expect_eq(probe_expect.judge(&settings, &answer).heard, 0);
}

Test(probe_expect, uses_up_what_it_found)
{
    static const struct heard_case cases[] = {
        { HEARD("one"), .step = 2, NEXT(3) },
        { HEARD("on"), .step = 2, PENDING },
        { HEARD("\0one"), .step = 2, NEXT(4) },
        { HEARD("ONE"), .step = 2, .has_ended = true,
          WRONG("did not answer as in step 3: expect \"one\"") },
        { HEARD(""), .step = 2, .has_ended = true, PENDING },
        { HEARD("\0\0\xff"), .step = 3, NEXT(3) },
        { HEARD("all well\n"), .step = 4, PASSED("") },
        { HEARD("bad\n\0\nall well"), .step = 4, PASSED("") },
        { HEARD("not all well\n"), .step = 4, .has_ended = true,
          WRONG("did not answer as in step 5: match ^[a-z]+ well$") },
        { HEARD(""), .step = 5, PASSED("") },
    };
    struct answer two = { .step = 2, .bytes = "1 one, 2 one", .length = 12 };

    expect_cases(&probe_expect, &settings, cases);
    cr_expect_eq(probe_expect.judge(&settings, &two).heard, 5);
}

Test(probe_expect, gives_up_when_no_more_is_kept)
{
    struct answer answer = { .step = 2, .bytes = "no", .length = 2, .is_full = true };

    cr_expect_eq(probe_expect.judge(&settings, &answer).outcome, OUTCOME_FAILED);
}

Test(probe_expect, may_end_with_something_said)
{
    struct answer answer = { .step = 1, .bytes = "" };

    settings.step_count = 2;
    cr_expect_eq(probe_expect.judge(&settings, &answer).outcome, OUTCOME_PASSED);
}
