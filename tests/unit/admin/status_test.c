#include "admin/status.h"

#include "backend/server.h"

#include <criterion/criterion.h>

/* rise 2, fall 3: health is 0 ... 4, up from 2 on. */
static struct status_facts checked(unsigned health, unsigned will)
{
    return (struct status_facts){ .is_resolved = true,
                                  .is_checked = true,
                                  .is_up = health >= 2,
                                  .will = will,
                                  .health = health,
                                  .rise = 2,
                                  .fall = 3 };
}

Test(status, tells_how_far_a_checked_server_is)
{
    static const char *const words[] = { "DOWN", "DOWN 1/2", "UP 1/3", "UP 2/3", "UP" };
    static const char *const drains[] = { "DOWN", "DOWN 1/2", "DRAIN 1/3", "DRAIN 2/3",
                                          "DRAIN" };

    for (unsigned health = 0; health < 5; health++) {
        struct status_facts ready = checked(health, 0);
        struct status_facts drain = checked(health, WILL_DRAIN);

        cr_expect_str_eq(status_text(&ready).chars, words[health]);
        cr_expect_str_eq(status_text(&drain).chars, drains[health]);
    }
}

Test(status, is_no_check_without_checks_unless_draining)
{
    struct status_facts facts = { .is_resolved = true, .is_up = true };

    cr_expect_str_eq(status_text(&facts).chars, "no check");
    facts.will = WILL_DRAIN;
    cr_expect_str_eq(status_text(&facts).chars, "DRAIN");
}

Test(status, tells_that_a_server_is_ejected_though_its_check_passes)
{
    struct status_facts facts = checked(4, 0);

    facts.is_ejected = true;
    cr_expect_str_eq(status_text(&facts).chars, "DOWN (ejected)");
    cr_expect_eq(status_operation(&facts), 0);
    facts.will = WILL_MAINT;
    cr_expect_str_eq(status_text(&facts).chars, "MAINT");
}

Test(status, puts_maintenance_first)
{
    struct status_facts facts = checked(4, WILL_MAINT);

    cr_expect_str_eq(status_text(&facts).chars, "MAINT");
    facts.is_resolved = false;
    cr_expect_str_eq(status_text(&facts).chars, "MAINT (resolution)");
}

Test(status, has_numbers_for_machines)
{
    struct status_facts up = checked(4, WILL_DRAIN), down = checked(1, 0);
    struct status_facts maint = checked(4, WILL_MAINT);

    cr_expect_eq(status_operation(&up), 2);
    cr_expect_eq(status_operation(&down), 0);
    cr_expect_eq(status_operation(&maint), 0);
    cr_expect_eq(status_administration(&up), 0x08);
    cr_expect_eq(status_administration(&down), 0);
    maint.is_resolved = false;
    cr_expect_eq(status_administration(&maint), 0x21);
}

Test(status, tells_what_an_agent_says_unless_something_else_is_worse)
{
    static const struct {
        unsigned health, will, agent_will;
        bool agent_says_down;
        const char *text;
        unsigned operation;
    } cases[] = {
        { 4, 0, WILL_DRAIN, false, "DRAIN (agent)", 2 },
        { 4, 0, WILL_MAINT | WILL_DRAIN, false, "MAINT (agent)", 0 },
        { 4, 0, WILL_MAINT, true, "DOWN (agent)", 0 },
        { 4, WILL_DRAIN, 0, true, "DOWN (agent)", 0 },
        { 4, WILL_DRAIN, WILL_DRAIN, false, "DRAIN", 2 },
        { 4, WILL_MAINT, WILL_DRAIN, true, "MAINT", 0 },
        { 1, 0, WILL_DRAIN, true, "DOWN 1/2", 0 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct status_facts facts = checked(cases[i].health, cases[i].will);

        facts.agent_will = cases[i].agent_will;
        facts.agent_says_down = cases[i].agent_says_down;
        cr_expect_str_eq(status_text(&facts).chars, cases[i].text);
        cr_expect_eq(status_operation(&facts), cases[i].operation, "%s", cases[i].text);
    }
}

Test(status, is_nolb_while_it_is_said_to_be_stopping)
{
    struct status_facts facts = checked(4, 0);

    facts.is_stopping = true;
    cr_expect_str_eq(status_text(&facts).chars, "NOLB");
    cr_expect_eq(status_operation(&facts), 3);
    facts.health = 3;
    cr_expect_str_eq(status_text(&facts).chars, "NOLB 2/3");
    facts.will = WILL_DRAIN;
    facts.health = 4;
    cr_expect_str_eq(status_text(&facts).chars, "DRAIN");
}

Test(status, is_down_without_checks_when_somebody_said_so)
{
    struct status_facts facts = { .is_resolved = true };

    cr_expect_str_eq(status_text(&facts).chars, "DOWN");
    cr_expect_eq(status_operation(&facts), 0);
}
