#include "health/agent_memory.h"

#include "backend/backend.h"
#include "backend/server_set.h"
#include "backend/server_weight.h"

#include <criterion/criterion.h>
#include <string.h>

static void note(struct agent_memory *memory, const char *line)
{
    struct agent_word word = agent_word_read(line, strlen(line));

    agent_memory_note(memory, &word);
}

static struct agent_report report_of(const char *line, unsigned weight)
{
    struct agent_memory memory = { .has_report = false };

    note(&memory, line);
    return agent_memory_report(&memory, weight);
}

Test(agent_memory, takes_a_report_for_a_share_of_the_weight)
{
    static const struct {
        const char *line;
        unsigned weight, percent;
    } cases[] = {
        { "75%", 10, 75 },          { "0%", 10, 10 },         { "9%", 10, 10 },
        { "up", 10, 100 },          { "250%", 10, 100 },      { "weight:5", 10, 50 },
        { "weight:20", 10, 100 },   { "weight:0", 10, 10 },   { "weight:5", 0, 100 },
        { "weight:5 20%", 10, 20 }, { "weight:64", 256, 25 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(report_of(cases[i].line, cases[i].weight).percent, cases[i].percent,
                     "%s", cases[i].line);
}

Test(agent_memory, fades_step_by_step)
{
    static const unsigned percents[] = { 50, 60, 70, 80, 90, 100, 100 };
    struct agent_memory memory = { .has_report = false };

    note(&memory, "50% drain down maxconn:3");
    for (size_t i = 0; i < sizeof percents / sizeof *percents; i++) {
        struct agent_report report = agent_memory_report(&memory, 10);
        bool is_remembered = i < AGENT_MISSES_MOST;

        cr_expect_eq(report.percent, percents[i], "%zu: %u", i, report.percent);
        cr_expect_eq(report.is_down, is_remembered);
        cr_expect_eq(report.will, is_remembered ? (unsigned)WILL_DRAIN : 0);
        cr_expect_eq(report.maxconn, is_remembered ? 3 : 0);
        agent_memory_miss(&memory);
    }
}

Test(agent_memory, of_an_agent_that_never_spoke_is_empty)
{
    struct agent_memory memory = { .has_report = false };

    for (int i = 0; i < 3; i++) {
        struct agent_report report = agent_memory_report(&memory, 10);

        cr_expect_eq(report.percent, 100);
        cr_expect_eq(report.will, 0);
        cr_expect_not(report.is_down);
        agent_memory_miss(&memory);
    }
}

/* Everything an agent can do, in words; NULL is silence. */
static const char *const doings[] = {
    NULL,    "up",        "ready",    "40%",     "0%",
    "drain", "maint 20%", "down#why", "up down", "weight:3",
};

enum { DOINGS = sizeof doings / sizeof *doings, LENGTH = 5, WEIGHT = 10 };

static void do_one(struct agent_memory *memory, const char *doing)
{
    if (doing)
        note(memory, doing);
    else
        agent_memory_miss(memory);
}

static void expect_worst_of_all(struct server *server, const struct agent_report *report)
{
    static const unsigned wills[] = { 0, WILL_DRAIN, WILL_MAINT };
    bool agent_allows = !report->is_down && !report->will;

    server_set_agent(server, report);
    cr_expect_geq(server_weight(server), WEIGHT * AGENT_PERCENT_LEAST / 100);
    cr_expect_leq(server_weight(server), WEIGHT);
    for (size_t i = 0; i < sizeof wills / sizeof *wills; i++) {
        for (enum health health = HEALTH_UNKNOWN; health <= HEALTH_DOWN; health++) {
            server->will = wills[i];
            server->health = health;
            cr_expect_eq(server_is_fit(server),
                         agent_allows && !wills[i] && health == HEALTH_UP);
        }
    }
}

/* What the last report and the silence since say, and nothing that was before. */
static struct agent_report report_of_end(const unsigned order[LENGTH])
{
    struct agent_memory memory = { .has_report = false };
    size_t last = LENGTH;

    while (last > 0 && !doings[order[last - 1]])
        last--;
    for (size_t i = last ? last - 1 : 0; i < LENGTH; i++)
        do_one(&memory, doings[order[i]]);
    return agent_memory_report(&memory, WEIGHT);
}

static void expect_of_order(struct server *server, const unsigned order[LENGTH])
{
    struct agent_memory memory = { .has_report = false };
    struct agent_report report, end = report_of_end(order);

    for (size_t i = 0; i < LENGTH; i++)
        do_one(&memory, doings[order[i]]);
    report = agent_memory_report(&memory, WEIGHT);
    cr_expect_eq(report.percent, end.percent);
    cr_expect_eq(report.will, end.will);
    cr_expect_eq(report.is_down, end.is_down);
    expect_worst_of_all(server, &report);
}

Test(agent_memory, follows_from_the_last_report_in_all_orders_of_reports)
{
    struct address_parts parts;
    struct server_settings settings = { .name = "a", .text = "a", .weight = WEIGHT };
    struct backend *backend = backend_create("app", 1, 1);
    struct server *server;

    cr_assert_null(address_parse("127.0.0.1:80", &parts));
    settings.destination = parts;
    server = server_create(backend, &settings, 1);
    server->is_checked = true;
    for (unsigned number = 0; number < 100000; number++) {
        unsigned order[LENGTH], rest = number;

        for (size_t i = 0; i < LENGTH; i++, rest /= DOINGS)
            order[i] = rest % DOINGS;
        expect_of_order(server, order);
    }
    server_destroy(server);
    backend_destroy(backend);
}
