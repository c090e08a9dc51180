#include "health/agent_word.h"

#include "backend/server.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct agent_word word_of(const char *line)
{
    return agent_word_read(line, strlen(line));
}

Test(agent_word, is_understood)
{
    static const struct {
        const char *line;
        unsigned percent, will;
        bool is_down;
        unsigned maxconn;
        int weight;
    } cases[] = {
        { "75%", 75, 0, false, 0, -1 },
        { "up 75%", 75, 0, false, 0, -1 },
        { "0%", 0, 0, false, 0, -1 },
        { "100%", 100, 0, false, 0, -1 },
        { "250%", 100, 0, false, 0, -1 },
        { "99999999999999999999%", 100, 0, false, 0, -1 },
        { "ready", 100, 0, false, 0, -1 },
        { "READY Up 5%", 5, 0, false, 0, -1 },
        { "drain", 100, WILL_DRAIN, false, 0, -1 },
        { "maint", 100, WILL_MAINT, false, 0, -1 },
        { "down", 100, 0, true, 0, -1 },
        { "stopped", 100, 0, true, 0, -1 },
        { "fail", 100, 0, true, 0, -1 },
        { "failed", 100, 0, true, 0, -1 },
        { "down#disk full, 50% drain", 100, 0, true, 0, -1 },
        { "down #up", 100, 0, true, 0, -1 },
        { "maxconn:30", 100, 0, false, 30, -1 },
        { "MaxConn:30,75%\tup", 75, 0, false, 30, -1 },
        { "maxconn:0", 100, 0, false, 0, -1 },
        { "weight:7", 100, 0, false, 0, 7 },
        { "weight:0", 100, 0, false, 0, 0 },
        { ",, 75%,maxconn:30,maint,down ,", 75, WILL_MAINT, true, 30, -1 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct agent_word word = word_of(cases[i].line);

        cr_expect(word.is_understood, "%s", cases[i].line);
        cr_expect_eq(word.percent, cases[i].percent, "%s", cases[i].line);
        cr_expect_eq(word.will, cases[i].will, "%s", cases[i].line);
        cr_expect_eq(word.is_down, cases[i].is_down, "%s", cases[i].line);
        cr_expect_eq(word.maxconn, cases[i].maxconn, "%s", cases[i].line);
        cr_expect_eq(word.weight, cases[i].weight, "%s", cases[i].line);
        cr_expect_str_empty(word.stranger, "%s", cases[i].line);
    }
}

Test(agent_word, that_contradicts_itself_means_the_worst)
{
    struct agent_word word = word_of("up 80% down 20% ready drain 50% maint up");

    cr_expect(word.is_down);
    cr_expect_eq(word.will, WILL_DRAIN | WILL_MAINT);
    cr_expect_eq(word.percent, 20);
    word = word_of("maxconn:9 weight:3 maxconn:5 weight:8 maxconn:7 maxconn:0");
    cr_expect_eq(word.maxconn, 5);
    cr_expect_eq(word.weight, 3);
}

Test(agent_word, of_no_meaning_is_named_and_passed_over)
{
    static const struct {
        const char *line, *stranger;
        bool is_understood;
    } cases[] = {
        { "", "", false },
        { " ,\t", "", false },
        { "#up", "", false },
        { "%", "%", false },
        { "-5%", "-5%", false },
        { "7 5%", "7", true },
        { "75.5%", "75.5%", false },
        { "upp 50%", "upp", true },
        { "u", "u", false },
        { "maxconn: 5%", "maxconn:", true },
        { "maxconn:x", "maxconn:x", false },
        { "HTTP/1.1 200 OK", "HTTP/1.1", false },
        { "one two up", "one", true },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct agent_word word = word_of(cases[i].line);

        cr_expect_str_eq(word.stranger, cases[i].stranger, "%s", cases[i].line);
        cr_expect_eq(word.is_understood, cases[i].is_understood, "%s", cases[i].line);
    }
}

Test(agent_word, gives_a_reason)
{
    cr_expect_str_eq(word_of("down#disk full").reason, "disk full");
    cr_expect_str_eq(word_of("up").reason, "");
    cr_expect_str_eq(word_of("down #a\x01z#b").reason, "a\\x01z#b");
}

Test(agent_word, may_hold_any_byte)
{
    static const char line[] = "\0 up\0 50%\xff 40%";
    struct agent_word word = agent_word_read(line, sizeof line - 1);

    cr_expect_eq(word.percent, 40);
    cr_expect_str_eq(word.stranger, "\\x00");
}

Test(agent_word, is_bounded)
{
    char line[AGENT_LINE_MOST + 1];
    struct agent_word word;

    memset(line, 'x', sizeof line);
    word = agent_word_read(line, AGENT_LINE_MOST);
    cr_expect_not(word.is_understood);
    cr_expect_lt(strlen(word.stranger), sizeof word.stranger);
    line[0] = '#';
    word = agent_word_read(line, AGENT_LINE_MOST);
    cr_expect_lt(strlen(word.reason), sizeof word.reason);
}
