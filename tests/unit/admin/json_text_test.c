#include "admin/json_text.h"

#include "base/buffer.h"

#include <criterion/criterion.h>
#include <string.h>

static struct buffer out;

static void tear_down(void)
{
    buffer_deinit(&out);
}

TestSuite(json_text, .fini = tear_down);

typedef void write(const char *text, size_t length, struct buffer *out);

static const char *written(write *how, const char *text)
{
    buffer_clear(&out);
    how(text, strlen(text), &out);
    return buffer_text(&out);
}

Test(json_text, is_quoted_whatever_it_says)
{
    static const struct {
        const char *text, *json;
    } cases[] = {
        { "", "\"\"" },
        { "plain text", "\"plain text\"" },
        { "say \"hi\"", "\"say \\\"hi\\\"\"" },
        { "a\\b", "\"a\\\\b\"" },
        { "one\ntwo\tthree", "\"one\\ntwo\\tthree\"" },
        { "\x01\x7f\xc3\xa4", "\"\\\\x01\\\\x7F\\\\xC3\\\\xA4\"" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_str_eq(written(json_text_write, cases[i].text), cases[i].json);
}

Test(json_text, ends_where_its_length_says)
{
    json_text_write("abc", 2, &out);
    cr_expect_str_eq(buffer_text(&out), "\"ab\"");
}

Test(json_text, is_a_number_only_if_every_reader_takes_it_as_it_is)
{
    static const struct {
        const char *text, *json;
    } cases[] = {
        { "0", "0" },
        { "-7", "-7" },
        { "123456789012345", "123456789012345" },
        { "1234567890123456", "\"1234567890123456\"" },
        { "007", "\"007\"" },
        { "-0", "\"-0\"" },
        { "-", "\"-\"" },
        { "1.5", "\"1.5\"" },
        { "1e9", "\"1e9\"" },
        { "12s", "\"12s\"" },
        { "", "\"\"" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_str_eq(written(json_text_write_value, cases[i].text), cases[i].json);
}
