#include "base/log_json.h"

#include "base/log_line.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct log_line line;

static void begin(size_t most)
{
    log_line_begin(&line, most);
    log_json_open(&line);
}

static const char *finish(void)
{
    log_json_close(&line);
    line.chars[line.length] = '\0';
    return line.chars;
}

static void set_up(void)
{
    begin(512);
}

TestSuite(log_json, .init = set_up);

Test(log_json, has_members_of_each_type)
{
    log_json_text(&line, "a", "text");
    log_json_number(&line, "b", 7);
    log_json_null(&line, "c");
    log_json_text_of(&line, "d", "textual", 4);

    cr_expect_str_eq(finish(), "{\"a\":\"text\",\"b\":7,\"c\":null,\"d\":\"text\"}");
}

Test(log_json, may_be_empty)
{
    cr_expect_str_eq(finish(), "{}");
}

Test(log_json, spells_what_a_text_may_not_hold)
{
    static const struct {
        const char *text, *spelling;
    } cases[] = {
        { "a\"b\\c", "a\\\"b\\\\c" },
        { "\n\t\x01\x1f\x7f", "\\u000a\\u0009\\u0001\\u001f\\u007f" },
        { "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80",
          "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80" },
        { "\x80", "\\ufffd" },
        { "\xc3", "\\ufffd" },
        { "\xc3(", "\\ufffd(" },
        { "\xc0\xaf", "\\ufffd\\ufffd" },
        { "\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd" },
        { "\xe0\x9f\xbf", "\\ufffd\\ufffd\\ufffd" },
        { "\xf4\x90\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd" },
        { "\xf5\xff", "\\ufffd\\ufffd" },
        { "\xe2\x82", "\\ufffd\\ufffd" },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        char expected[128];

        begin(512);
        log_json_text(&line, "t", cases[i].text);
        (void)snprintf(expected, sizeof expected, "{\"t\":\"%s\"}", cases[i].spelling);
        cr_expect_str_eq(finish(), expected);
    }
}

Test(log_json, makes_members_of_what_an_event_says)
{
    static const struct {
        const char *event, *members;
    } cases[] = {
        { "ended", "\"message\":\"ended\"" },
        { "server a/b is up  server=a/b was=down",
          "\"message\":\"server a/b is up\",\"server\":\"a/b\",\"was\":\"down\"" },
        { "one  two  drain-timeout=5ms",
          "\"message\":\"one  two\",\"drain-timeout\":\"5ms\"" },
        { "set  by=\"uid 0 pid=7\" was=a", "\"message\":\"set\",\"by\":\"uid 0 pid=7\","
                                           "\"was\":\"a\"" },
        { "x  why=two words and=one", "\"message\":\"x\",\"why\":\"two words\","
                                      "\"and\":\"one\"" },
        { "x  empty= last=", "\"message\":\"x\",\"empty\":\"\",\"last\":\"\"" },
        { "x  said=\"open", "\"message\":\"x\",\"said\":\"\\\"open\"" },
        { "x  time=0 severity=none message=false a=b", "\"message\":\"x\",\"a\":\"b\"" },
        { "no  Key=1", "\"message\":\"no  Key=1\"" },
        { "", "\"message\":\"\"" },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        char expected[256];

        begin(512);
        log_json_event(&line, cases[i].event);
        (void)snprintf(expected, sizeof expected, "{%s}", cases[i].members);
        cr_expect_str_eq(finish(), expected);
    }
}

/* In quotation marks, and an even number of them: nothing is left open. */
static bool is_whole(const char *text)
{
    unsigned marks = 0;
    size_t length = strlen(text);

    for (const char *at = text; *at; at++) {
        if (*at == '\\')
            at++;
        else
            marks += *at == '"';
    }
    return marks % 2 == 0 && text[length - 1] == '}';
}

Test(log_json, is_whole_however_little_room_there_is)
{
    for (size_t most = 60; most < 300; most++) {
        begin(most);
        log_json_text(&line, "a", "\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01");
        log_json_number(&line, "number", UINT64_MAX);
        log_json_text(&line, "b", "a text \"in\" between, rather long");
        log_json_null(&line, "none");
        log_json_event(&line, "again  and=again and=again and=again");
        cr_expect(is_whole(finish()), "%s", line.chars);
        cr_expect_leq(line.length, most);
        cr_expect_not(line.was_cut, "%zu", most);
    }
}
