#include "admin/json_reply.h"

#include "admin/reply.h"

#include <criterion/criterion.h>

static struct reply reply;
static struct buffer out;

static void tear_down(void)
{
    buffer_deinit(&out);
    reply_deinit(&reply);
}

TestSuite(json_reply, .fini = tear_down);

/* As it reaches a client that wants to see severities. */
static const char *turned(void)
{
    buffer_clear(&out);
    json_reply_turn(&reply);
    reply_frame(&reply, SEVERITY_AS_NUMBER, &out);
    return buffer_text(&out);
}

static const char *turned_text(const char *text)
{
    buffer_add_text(&reply.text, text);
    return turned();
}

Test(json_reply, of_a_message_says_how_severe_it_is)
{
    static const struct {
        enum severity severity;
        const char *json;
    } cases[] = {
        { SEVERITY_ERROR, "{\"severity\":\"err\",\"message\":\"a \\\"b\\\"\"}\n\n" },
        { SEVERITY_WARNING,
          "{\"severity\":\"warning\",\"message\":\"a \\\"b\\\"\"}\n\n" },
        { SEVERITY_NOTICE, "{\"severity\":\"notice\",\"message\":\"a \\\"b\\\"\"}\n\n" },
        { SEVERITY_INFO, "{\"severity\":\"info\",\"message\":\"a \\\"b\\\"\"}\n\n" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        reply_say(&reply, cases[i].severity, "a \"b\"\n");
        cr_expect_str_eq(turned(), cases[i].json, "%s", buffer_text(&out));
    }
}

Test(json_reply, of_a_message_that_looks_like_a_table_is_a_message)
{
    reply_say(&reply, SEVERITY_INFO, "# a b\n1 2\n");
    cr_expect_str_eq(turned(), "{\"severity\":\"info\",\"message\":\"# a b\\n1 2\"}\n\n");
}

Test(json_reply, of_silence_is_a_message_without_words)
{
    cr_expect_str_eq(turned(), "{\"severity\":\"info\",\"message\":\"\"}\n\n");
}

Test(json_reply, of_what_has_no_shape_is_a_message)
{
    cr_expect_str_eq(turned_text("10 (initial 10)\n"),
                     "{\"severity\":\"info\",\"message\":\"10 (initial 10)\"}\n\n");
}

Test(json_reply, of_a_table_has_an_object_for_each_row)
{
    cr_expect_str_eq(turned_text("# name port why\na 1 it is so\nb 2  \n"),
                     "[{\"name\":\"a\",\"port\":1,\"why\":\"it is so\"},"
                     "{\"name\":\"b\",\"port\":2,\"why\":\"\"}]\n\n",
                     "%s", buffer_text(&out));
}

Test(json_reply, of_a_table_without_rows_is_an_empty_array)
{
    cr_expect_str_eq(turned_text("# name port\n"), "[]\n\n");
}

Test(json_reply, of_a_row_that_is_too_short_leaves_columns_out)
{
    cr_expect_str_eq(turned_text("# a b c\n1\n"), "[{\"a\":1}]\n\n", "%s",
                     buffer_text(&out));
}

Test(json_reply, of_a_table_leaves_out_what_is_before_its_heading)
{
    cr_expect_str_eq(turned_text("1\n# be_id be_name\n2 app\n"),
                     "[{\"be_id\":2,\"be_name\":\"app\"}]\n\n", "%s", buffer_text(&out));
}

Test(json_reply, of_two_tables_is_one_array)
{
    cr_expect_str_eq(turned_text("# transaction\n*x\n# filename\nx\ny\n"),
                     "[{\"transaction\":\"*x\"},{\"filename\":\"x\"},"
                     "{\"filename\":\"y\"}]\n\n",
                     "%s", buffer_text(&out));
}

Test(json_reply, keeps_names_texts_even_if_they_are_digits)
{
    cr_expect_str_eq(turned_text("# srv_name frontend port\n1 2 3\n"),
                     "[{\"srv_name\":\"1\",\"frontend\":\"2\",\"port\":3}]\n\n", "%s",
                     buffer_text(&out));
}

Test(json_reply, of_facts_has_a_member_for_each)
{
    cr_expect_str_eq(turned_text("0x1: proto=tcpv4 fe=1 calls=0 rq[] s0=[a=b]\n"),
                     "[{\"id\":\"0x1\",\"proto\":\"tcpv4\",\"fe\":\"1\",\"calls\":0,"
                     "\"rq[]\":\"\",\"s0\":\"[a=b]\"}]\n\n",
                     "%s", buffer_text(&out));
}

Test(json_reply, of_named_values_has_an_object_for_each)
{
    cr_expect_str_eq(turned_text("Status: Used\nSubject: /CN=a: b\nSerial: 12\n"),
                     "[{\"name\":\"Status\",\"value\":\"Used\"},"
                     "{\"name\":\"Subject\",\"value\":\"/CN=a: b\"},"
                     "{\"name\":\"Serial\",\"value\":\"12\"}]\n\n",
                     "%s", buffer_text(&out));
    cr_expect_str_eq(turned_text("PATH=/bin /usr\nHOME=\n"),
                     "[{\"name\":\"PATH\",\"value\":\"/bin /usr\"},"
                     "{\"name\":\"HOME\",\"value\":\"\"}]\n\n",
                     "%s", buffer_text(&out));
}
