#include "usherctl/invocation.h"

#include <criterion/criterion.h>
#include <string.h>

enum { WORDS_MOST = 20 };

static struct invocation invocation;
static char copy[1024];
static char *words[WORDS_MOST] = { copy };

static const struct invocation *read_with(const char *variable, const char *line)
{
    int count = 1;

    invocation_deinit(&invocation);
    (void)strcpy(copy, line);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
        words[count++] = word;
    invocation = invocation_read(count, words, variable);
    return &invocation;
}

static const struct invocation *read_line(const char *line)
{
    return read_with(NULL, line);
}

static void tear_down(void)
{
    invocation_deinit(&invocation);
}

TestSuite(invocation, .fini = tear_down);

Test(invocation, has_words_and_options_in_any_order)
{
    (void)read_line("drain --wait app/a --timeout 30s --kill -s /x/y --json");
    cr_assert_null(invocation.trouble);
    cr_assert_eq(invocation.word_count, 2);
    cr_expect_str_eq(invocation.words[0], "drain");
    cr_expect_str_eq(invocation.words[1], "app/a");
    cr_expect(invocation.wait && invocation.kill && invocation.json);
    cr_expect_eq(invocation.timeout_ms, 30000);
    cr_expect_str_eq(address_text(&invocation.address).chars, "unix:/x/y");
}

Test(invocation, takes_values_behind_a_sign_too)
{
    (void)read_line("--socket=127.0.0.1:99 --filter= status --sort=rate");
    cr_assert_null(invocation.trouble);
    cr_expect_str_eq(address_text(&invocation.address).chars, "127.0.0.1:99");
    cr_expect_eq(invocation.order, ARRANGE_BY_RATE);
    cr_expect_eq(invocation.word_count, 1);
    cr_expect(read_line("--wait=yes drain a/b")->trouble);
}

Test(invocation, leaves_the_words_of_usher_alone)
{
    (void)read_line("show stat -1 4 -1 -w");
    cr_assert_null(invocation.trouble);
    cr_expect_eq(invocation.word_count, 6);
    cr_expect_str_eq(invocation.words[2], "-1");
    cr_expect(read_line("-1 show")->trouble, "there is no command yet");
    cr_expect(read_line("show stat --nothing")->trouble);
    cr_expect_str_eq(invocation.culprit, "--nothing");
}

Test(invocation, knows_where_usher_is)
{
    cr_expect_str_eq(address_text(&read_line("status")->address).chars,
                     "unix:" INVOCATION_SOCKET);
    cr_expect_str_eq(read_with("/from/there", "status")->socket, "/from/there");
    cr_expect_str_eq(read_with("", "status")->socket, INVOCATION_SOCKET);
    cr_expect_str_eq(read_with("/from/there", "-s /x status")->socket, "/x");
    cr_expect(read_with("nonsense", "status")->trouble);
    cr_expect_str_eq(invocation.culprit, INVOCATION_VARIABLE);
    cr_expect_null(read_with("nonsense", "-s unix:/x status")->trouble);
}

Test(invocation, says_what_is_wrong)
{
    static const char *const wrong[] = {
        "--timeout",      "--timeout 5",  "--timeout 0",       "--timeout 8d",
        "--interval 1ms", "--sort size",  "--completion fish", "-s name:80",
        "-s fd@3",        "--completion",
    };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        cr_expect(read_line(wrong[i])->trouble, "%s", wrong[i]);
}

Test(invocation, has_no_second_command)
{
    char line[] = "show info\nquit";
    char *two[] = { copy, line };

    invocation = invocation_read(2, two, NULL);
    cr_expect(invocation.trouble);
}

Test(invocation, checks_options_against_the_command)
{
    (void)read_line("top --json");
    invocation_check(&invocation, "top");
    cr_expect(invocation.trouble);
    cr_expect_str_eq(invocation.culprit, "--json");
    (void)read_line("status --json --sort name -s /x");
    invocation_check(&invocation, "status");
    cr_expect_null(invocation.trouble);
}
