#include "base/log_line.h"

#include <criterion/criterion.h>
#include <string.h>

static struct log_line line;

static const char *text_of(void)
{
    line.chars[line.length] = '\0';
    return line.chars;
}

static void set_up(void)
{
    log_line_begin(&line, 16);
}

TestSuite(log_line, .init = set_up);

Test(log_line, holds_all_that_was_added)
{
    log_line_add(&line, "a=");
    log_line_add_number(&line, 0);
    log_line_add_bytes(&line, " bxx", 2);
    log_line_format(&line, "=%d", -7);

    cr_expect_str_eq(text_of(), "a=0 b=-7");
    cr_expect_not(line.was_cut);
}

Test(log_line, writes_the_largest_number)
{
    log_line_begin(&line, 64);
    log_line_add_number(&line, UINT64_MAX);

    cr_expect_str_eq(text_of(), "18446744073709551615");
}

Test(log_line, may_be_full)
{
    log_line_add(&line, "0123456789");
    log_line_format(&line, "%s", "abcdef");

    cr_expect_str_eq(text_of(), "0123456789abcdef");
    cr_expect_not(line.was_cut);
}

Test(log_line, says_that_it_was_cut)
{
    log_line_add(&line, "0123456789abcdefg");
    cr_expect_str_eq(text_of(), "0123456789abc...");
    cr_expect(line.was_cut);

    log_line_add(&line, "more");
    log_line_format(&line, "%s", "and more");
    cr_expect_str_eq(text_of(), "0123456789abc...");
}

Test(log_line, says_that_a_format_was_cut)
{
    log_line_format(&line, "%s-%s", "0123456789", "0123456789");

    cr_expect_str_eq(text_of(), "0123456789-01...");
    cr_expect(line.was_cut);
}

Test(log_line, is_one_line_whatever_is_in_it)
{
    log_line_add(&line, "\na\nb\n");
    log_line_end(&line, 1);

    cr_expect_str_eq(text_of(), "\na b \n");
}
