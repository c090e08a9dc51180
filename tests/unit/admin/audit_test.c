#include "admin/audit.h"

#include "base/buffer.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(audit);

static struct buffer out;

static const char *told(const char *said, size_t most_words)
{
    struct line line = { 0 };
    struct words words;

    buffer_clear(&out);
    line_begin(&line, said, strlen(said));
    cr_assert(line_next(&line, &words));
    audit_words(&words, most_words, &out);
    line_deinit(&line);
    return buffer_text(&out);
}

Test(audit, tells_all_words)
{
    cr_expect_str_eq(told("set  weight\tapp/a 5", LINE_WORDS), "set weight app/a 5");
}

Test(audit, tells_no_more_words_than_it_may)
{
    cr_expect_str_eq(told("set ssl cert x.pem SECRET PARTS", 4),
                     "set ssl cert x.pem ...");
    cr_expect_str_eq(told("set ssl cert x.pem", 4), "set ssl cert x.pem");
    cr_expect_str_eq(told("set ssl", 4), "set ssl");
}

/* A line of the log cannot be made up by one who sends it. */
Test(audit, keeps_what_was_said_within_its_quotes)
{
    cr_expect_str_eq(told("echo a\" by=\"uid=0\x01\xff", LINE_WORDS),
                     "echo a' by='uid=0\\x01\\xff", "%s", buffer_text(&out));
}

Test(audit, is_short_however_much_was_said)
{
    char said[5000];

    memset(said, 'x', sizeof said - 1);
    said[sizeof said - 1] = '\0';
    cr_expect_lt(strlen(told(said, LINE_WORDS)), 400);
}
