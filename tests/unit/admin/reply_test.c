#include "admin/reply.h"

#include <criterion/criterion.h>

static struct reply reply;
static struct buffer out;

static void tear_down(void)
{
    reply_deinit(&reply);
    buffer_deinit(&out);
}

TestSuite(reply, .fini = tear_down);

static const char *frame(enum severity_style style)
{
    buffer_clear(&out);
    reply_frame(&reply, style, &out);
    return buffer_text(&out);
}

Test(reply, is_an_empty_line_when_there_is_nothing_to_say)
{
    cr_expect_str_eq(frame(SEVERITY_AS_NUMBER), "\n");
}

Test(reply, ends_with_exactly_one_empty_line)
{
    static const char *const texts[] = { "done", "done\n", "done\n\n\n" };

    for (size_t i = 0; i < 3; i++) {
        buffer_add_text(&reply.text, texts[i]);
        cr_expect_str_eq(frame(SEVERITY_HIDDEN), "done\n\n");
    }
}

Test(reply, has_no_empty_line_within)
{
    buffer_add_text(&reply.text, "one\n\n\ntwo\n");
    cr_expect_str_eq(frame(SEVERITY_HIDDEN), "one\ntwo\n\n");
}

Test(reply, is_printable_ascii)
{
    reply_say(&reply, SEVERITY_INFO, "a\tb\xc3\xa9\x7f");
    cr_expect_str_eq(frame(SEVERITY_HIDDEN), "a\\x09b\\xC3\\xA9\\x7F\n\n");
}

Test(reply, marks_messages_as_the_client_wants)
{
    reply_refuse(&reply, "No such %s.", "server");
    cr_expect_str_eq(frame(SEVERITY_AS_NUMBER), "[3]: No such server.\n\n");
    reply_refuse(&reply, "no");
    cr_expect_str_eq(frame(SEVERITY_AS_WORD), "[err]: no\n\n");
    reply_say(&reply, SEVERITY_INFO, "yes");
    cr_expect_str_eq(frame(SEVERITY_AS_NUMBER), "[6]: yes\n\n");
    reply_say(&reply, SEVERITY_INFO, "yes");
    cr_expect_str_eq(frame(SEVERITY_HIDDEN), "yes\n\n");
}

Test(reply, does_not_mark_tables)
{
    reply_refuse(&reply, "no");
    (void)frame(SEVERITY_AS_NUMBER);
    buffer_add_text(&reply.text, "# table\n");
    cr_expect_str_eq(frame(SEVERITY_AS_NUMBER), "# table\n\n");
}

Test(reply, comes_in_parts_when_more_is_to_come)
{
    reply_say(&reply, SEVERITY_INFO, "3 left\n");
    reply_frame_part(&reply, SEVERITY_AS_NUMBER, &out);
    reply_say(&reply, SEVERITY_INFO, "done");
    reply_frame(&reply, SEVERITY_AS_NUMBER, &out);
    cr_expect_str_eq(buffer_text(&out), "[6]: 3 left\n[6]: done\n\n");
}
