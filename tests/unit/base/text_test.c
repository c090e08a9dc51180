#include "base/text.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

typedef const char *read_function(const char *text, uint64_t *value);

struct reading {
    const char *text;
    bool is_right;
    uint64_t value;
};

static void expect_readings(read_function *read, const struct reading *cases,
                            size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t value = 0;
        const char *wrong = read(cases[i].text, &value);

        cr_expect_eq(!wrong, cases[i].is_right, "\"%s\"", cases[i].text);
        cr_expect_eq(value, cases[i].value, "\"%s\"", cases[i].text);
    }
}

Test(text, reads_a_number)
{
    static const struct reading cases[] = {
        { "0", true, 0 },
        { "7", true, 7 },
        { "0010", true, 10 },
        { "18446744073709551615", true, UINT64_MAX },
        { "18446744073709551616", false, 0 },
        { "99999999999999999999999", false, 0 },
        { "", false, 0 },
        { "-1", false, 0 },
        { "+1", false, 0 },
        { " 1", false, 0 },
        { "1 ", false, 0 },
        { "1x", false, 0 },
        { "x", false, 0 },
    };

    expect_readings(text_read_number, cases, COUNT(cases));
}

Test(text, reads_a_duration_with_a_unit)
{
    static const struct reading cases[] = {
        { "0", true, 0 },
        { "0s", true, 0 },
        { "500ms", true, 500 },
        { "2s", true, 2000 },
        { "90s", true, 90000 },
        { "1m", true, 60000 },
        { "1h", true, 3600000 },
        { "1d", true, 86400000 },
        { "2", false, 0 },
        { "s", false, 0 },
        { "", false, 0 },
        { "2 s", false, 0 },
        { "2S", false, 0 },
        { "2sec", false, 0 },
        { "1m30s", false, 0 },
        { "-1s", false, 0 },
        { "1.5s", false, 0 },
        { "18446744073709551615ms", true, UINT64_MAX },
        { "18446744073709551615s", false, 0 },
        { "99999999999999999999999s", false, 0 },
    };

    expect_readings(text_read_duration, cases, COUNT(cases));
}

Test(text, reads_a_size_in_powers_of_1024)
{
    static const struct reading cases[] = {
        { "0", true, 0 },        { "4096", true, 4096 },       { "16k", true, 16384 },
        { "1m", true, 1048576 }, { "3g", true, 3221225472 },   { "", false, 0 },
        { "k", false, 0 },       { "16K", false, 0 },          { "16kb", false, 0 },
        { "1t", false, 0 },      { "17179869184g", false, 0 },
    };

    expect_readings(text_read_size, cases, COUNT(cases));
}

Test(text, reads_permissions_as_octal)
{
    static const struct reading cases[] = {
        { "0600", true, 0600 }, { "660", true, 0660 }, { "7777", true, 07777 },
        { "000", true, 0 },     { "0689", false, 0 },  { "60", false, 0 },
        { "00600", false, 0 },  { "", false, 0 },      { "rw-r", false, 0 },
    };

    expect_readings(text_read_mode, cases, COUNT(cases));
}

Test(text, reads_yes_and_no)
{
    static const struct {
        const char *word;
        bool is_right, value;
    } cases[] = {
        { "yes", true, true },   { "on", true, true },     { "true", true, true },
        { "no", true, false },   { "off", true, false },   { "false", true, false },
        { "Yes", false, false }, { "1", false, false },    { "", false, false },
        { "y", false, false },   { "yes ", false, false },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        bool value = false;
        const char *wrong = text_read_bool(cases[i].word, &value);

        cr_expect_eq(!wrong, cases[i].is_right, "\"%s\"", cases[i].word);
        cr_expect_eq(value, cases[i].value, "\"%s\"", cases[i].word);
    }
}

Test(text, says_what_was_expected)
{
    uint64_t value;

    cr_expect_not_null(strstr(text_read_duration("2", &value), "500ms"));
    cr_expect_not_null(strstr(text_read_size("2x", &value), "16k"));
    cr_expect_not_null(strstr(text_read_mode("rw", &value), "0600"));
    cr_expect_not_null(strstr(text_read_number("99999999999999999999", &value), "large"));
}

Test(text, of_a_duration_is_the_shortest_exact_one)
{
    static const struct {
        uint64_t ms;
        const char *text;
    } cases[] = {
        { 0, "0" },
        { 1, "1ms" },
        { 1500, "1500ms" },
        { 2000, "2s" },
        { 90000, "90s" },
        { 60000, "1m" },
        { 3600000, "1h" },
        { 5400000, "90m" },
        { 86400000, "1d" },
        { 90000000, "25h" },
        { UINT64_MAX, "18446744073709551615ms" },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[32];
        uint64_t ms;

        cr_expect_str_eq(text_of_duration(cases[i].ms, out, sizeof out), cases[i].text);
        cr_expect_null(text_read_duration(out, &ms));
        cr_expect_eq(ms, cases[i].ms);
    }
}

Test(text, finds_the_nearest_word)
{
    static const char *const words[] = { "bind",       "backend",         "balance",
                                         "check",      "connect-timeout", "idle-timeout",
                                         "roundrobin", "maxconn",         NULL };
    static const struct {
        const char *word, *nearest;
    } cases[] = {
        { "bind", "bind" },
        { "bnid", "bind" },
        { "bin", "bind" },
        { "binds", "bind" },
        { "BIND", "bind" },
        { "bakcend", "backend" },
        { "balence", "balance" },
        { "conect-timeout", "connect-timeout" },
        { "timeout", NULL },
        { "round-robin", "roundrobin" },
        { "max-conn", "maxconn" },
        { "x", NULL },
        { "", NULL },
        { "upstream", NULL },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *nearest = text_nearest(cases[i].word, words);

        cr_expect_str_eq(nearest ? nearest : "none",
                         cases[i].nearest ? cases[i].nearest : "none", "\"%s\"",
                         cases[i].word);
    }
}

Test(text, has_no_nearest_word_when_it_is_endless)
{
    static const char *const words[] = { "bind", NULL };
    char word[1000];

    memset(word, 'b', sizeof word);
    word[sizeof word - 1] = '\0';

    cr_expect_null(text_nearest(word, words));
}

Test(text, passes_by_endless_candidates)
{
    char word[1000];
    const char *const words[] = { word, "bind", NULL };

    memset(word, 'b', sizeof word);
    word[sizeof word - 1] = '\0';

    cr_expect_eq(text_nearest("bnid", words), words[1]);
}

Test(text, knows_a_name)
{
    static const struct {
        const char *text;
        bool is_name;
    } cases[] = {
        { "web", true },
        { "web-1.eu_2:A", true },
        { "9", true },
        { "", false },
        { "two words", false },
        { "app/web", false },
        { "gr\xc3\xbcn", false },
        { "a=b", false },
        { "a\n", false },
    };

    for (size_t i = 0; i < COUNT(cases); i++)
        cr_expect_eq(text_is_name(cases[i].text), cases[i].is_name, "\"%s\"",
                     cases[i].text);
}

Test(text, is_cut_into_words)
{
    static const struct {
        const char *text;
        size_t count;
        const char *words[3];
    } cases[] = {
        { "", 0, { "", "", "" } },
        { " \t ", 0, { "", "", "" } },
        { "one", 1, { "one", "", "" } },
        { "  one\t two  three\r\n", 3, { "one", "two", "three" } },
        { "one two three four five", 5, { "one", "two", "three" } },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        char nothing[] = "", text[64];
        char *words[3] = { nothing, nothing, nothing };

        (void)snprintf(text, sizeof text, "%s", cases[i].text);
        cr_expect_eq(text_split(text, words, 3), cases[i].count, "\"%s\"", cases[i].text);
        for (int word = 0; word < 3; word++)
            cr_expect_str_eq(words[word], cases[i].words[word]);
    }
}

Test(text, of_strangers_is_escaped)
{
    static const struct {
        const char *text;
        size_t length, room;
        const char *escaped;
    } cases[] = {
        { "GET / HTTP", 10, 64, "GET / HTTP" },
        { "a\nb", 3, 64, "a\\x0ab" },
        { "a\0b", 3, 64, "a\\x00b" },
        { "\x7f\xff~ ", 4, 64, "\\x7f\\xff~ " },
        { "", 0, 64, "" },
        { "abcdef", 6, 4, "abc" },
        { "ab\n", 3, 6, "ab" },
        { "ab\n", 3, 7, "ab\\x0a" },
        { "abc", 3, 1, "" },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[64];

        cr_expect_str_eq(text_escape(cases[i].text, cases[i].length, out, cases[i].room),
                         cases[i].escaped, "case %zu", i);
    }
}

Test(text, is_not_escaped_into_no_room)
{
    char out[1] = { 'x' };

    (void)text_escape("abc", 3, out, 0);

    cr_expect_eq(out[0], 'x');
}
