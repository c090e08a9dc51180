#include "admin/reason.h"

#include "base/buffer.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(reason);

static struct buffer out;

/* One of three servers, and nothing is wrong with it. */
static struct reason_facts fine(void)
{
    return (struct reason_facts){
        .name = "app/a",
        .destination = "db.example:80",
        .is_placed = true,
        .is_checked = true,
        .health = HEALTH_UP,
        .health_age = 180000,
        .has_verdict = true,
        .verdict = "L4OK",
        .verdict_age = 2000,
        .weight = 10,
        .configured_weight = 10,
        .is_serving = true,
        .choice = { .reason = TIERS_FIRST, .tier = 1, .first = 1 },
        .tier = 1,
        .tier_fit = 3,
        .tier_servers = 3,
        .tier_need = 1,
        .frontends = 1,
        .ramp_percent = 100,
        .share_percent = 33,
        .serving = 3,
    };
}

static const char *sentence_of(const struct reason_facts *facts)
{
    buffer_clear(&out);
    reason_write(facts, &out);
    return buffer_text(&out);
}

static void expect(const struct reason_facts *facts, const char *sentence)
{
    cr_expect_str_eq(sentence_of(facts), sentence, "%s", buffer_text(&out));
}

/* Not in the rotation; the rest is for the test to say. */
static struct reason_facts away(void)
{
    struct reason_facts facts = fine();

    facts.is_serving = false;
    return facts;
}

Test(reason, of_a_server_that_is_well_is_its_verdict)
{
    struct reason_facts facts = fine();

    expect(&facts, "app/a gets traffic: it is up for 3m0s: the check said L4OK, 2s ago; "
                   "its share of new sessions is 33 %.");
}

Test(reason, of_a_server_in_a_line_is_its_place)
{
    struct reason_facts facts = fine();

    facts.is_checked = false;
    facts.place = 2;
    expect(&facts, "app/a gets traffic: it is not checked; number 2 of 3 in line.");
}

Test(reason, may_be_that_usher_stops)
{
    struct reason_facts facts = fine();

    facts.is_stopping = true;
    expect(&facts, "app/a gets no new sessions: usher is stopping.");
}

Test(reason, may_be_an_administrator)
{
    struct reason_facts facts = away();

    facts.will = WILL_MAINT | WILL_DRAIN;
    expect(&facts, "app/a gets no new sessions: an administrator put it in maintenance.");
    facts.will = WILL_DRAIN;
    facts.willed_by = "uid=0 pid=7";
    facts.willed_age = 65000;
    facts.sessions = 1;
    expect(&facts, "app/a gets no new sessions: an administrator set it to drain 1m5s "
                   "ago (uid=0 pid=7); 1 session is left.");
    facts.sessions = 2;
    expect(&facts, "app/a gets no new sessions: an administrator set it to drain 1m5s "
                   "ago (uid=0 pid=7); 2 sessions are left.");
}

Test(reason, may_be_that_nobody_knows_where_it_is)
{
    struct reason_facts facts = away();

    facts.is_placed = false;
    expect(&facts, "app/a gets no new sessions: DNS has not told an address for "
                   "db.example:80.");
}

Test(reason, may_be_a_word_on_its_health)
{
    struct reason_facts facts = away();

    facts.is_nolb = true;
    facts.sessions = 2;
    expect(&facts, "app/a gets no new sessions: an administrator said that it is "
                   "stopping; 2 sessions are left.");
    facts.is_checked = facts.has_verdict = false;
    facts.health = HEALTH_DOWN;
    facts.health_age = 4000;
    expect(&facts, "app/a gets no new sessions: it is down for 4s.");
}

Test(reason, may_be_a_probe)
{
    struct reason_facts facts = away();

    facts.health = HEALTH_DOWN;
    facts.health_age = 4000;
    facts.verdict = "L4CON (Connection refused)";
    expect(&facts, "app/a gets no new sessions: it is down for 4s: the check said L4CON "
                   "(Connection refused), 2s ago.");
    facts.leader = "db/x";
    facts.has_verdict = false;
    expect(&facts, "app/a gets no new sessions: it is down for 4s, as is db/x, which it "
                   "follows.");
    facts.health = HEALTH_UNKNOWN;
    expect(&facts, "app/a gets no new sessions: nothing is known yet of db/x, which it "
                   "follows.");
    facts.leader = NULL;
    expect(&facts, "app/a gets no new sessions: its first check is not over yet.");
}

Test(reason, may_be_its_agent)
{
    struct reason_facts facts = away();

    facts.agent_says_down = true;
    expect(&facts, "app/a gets no new sessions: its agent wants it down.");
    facts.agent_said = "stopped";
    facts.agent_age = 1000;
    facts.agent_will = WILL_DRAIN;
    expect(&facts, "app/a gets no new sessions: its agent wants it drained: it said "
                   "stopped, 1s ago.");
    facts.agent_will = WILL_MAINT;
    facts.sessions = 3;
    expect(&facts, "app/a gets no new sessions: its agent wants it in maintenance: it "
                   "said stopped, 1s ago; 3 sessions are left.");
}

Test(reason, may_be_its_clients)
{
    struct reason_facts facts = away();

    facts.is_ejected = true;
    facts.ejection_left = 9000;
    expect(&facts, "app/a gets no new sessions: it is ejected for another 9s: sessions "
                   "of clients failed.");
}

Test(reason, may_be_its_weight)
{
    struct reason_facts facts = away();

    facts.weight = 0;
    expect(&facts, "app/a gets no new sessions: an administrator set its weight of 10 "
                   "to 0.");
    facts.configured_weight = 0;
    facts.sessions = 1;
    expect(&facts, "app/a gets no new sessions: its weight in the file is 0; 1 session "
                   "is left.");
}

Test(reason, may_be_a_better_tier)
{
    struct reason_facts facts = away();

    facts.tier = TIER_PRIORITIES + 1;
    expect(&facts, "app/a gets no new sessions: it is in tier backup, and servers of "
                   "tier 1 serve.");
}

Test(reason, may_be_that_too_few_of_its_tier_are_fit)
{
    struct reason_facts facts = away();

    facts.tier_fit = 1;
    facts.tier_need = 2;
    facts.choice = (struct tier_choice){ .reason = TIERS_NOBODY, .first = 1 };
    expect(&facts, "app/a gets no new sessions: 1 of the 3 servers of its tier is fit, "
                   "fewer than the 2 of min-healthy, so nobody serves.");
    facts.tier_fit = 2;
    facts.tier_need = 3;
    facts.choice = (struct tier_choice){ .reason = TIERS_HIGHER, .tier = 2, .first = 1 };
    expect(&facts, "app/a gets no new sessions: 2 of the 3 servers of its tier are fit, "
                   "fewer than the 3 of min-healthy, so tier 2 serves.");
}

Test(reason, may_be_that_it_comes_back_at_this_moment)
{
    struct reason_facts facts = away();

    expect(&facts, "app/a gets no new sessions: it is on its way into the rotation.");
}

Test(reason, may_be_that_no_client_is_led_to_it)
{
    struct reason_facts facts = fine();

    facts.frontends = 0;
    expect(&facts, "app/a gets no new sessions: no frontend leads to its backend.");
    facts.frontends = facts.closed_frontends = 1;
    expect(&facts,
           "app/a gets no new sessions: the frontend that leads to it is closed.");
    facts.frontends = facts.closed_frontends = 2;
    expect(&facts, "app/a gets no new sessions: all 2 frontends that lead to it are "
                   "closed.");
    facts.closed_frontends = 1;
    expect(&facts, "app/a gets traffic: it is up for 3m0s: the check said L4OK, 2s ago; "
                   "its share of new sessions is 33 %.");
}

Test(reason, may_be_that_it_is_full)
{
    struct reason_facts facts = fine();

    facts.maxconn = facts.sessions = 5;
    expect(&facts, "app/a gets no new sessions: it is full: 5 of 5 sessions.");
}

Test(reason, to_serve_all_the_same_is_that_too_few_are_fit)
{
    struct reason_facts facts = fine();

    facts.health = HEALTH_DOWN;
    facts.choice.reason = TIERS_FAIL_OPEN;
    expect(&facts, "app/a gets traffic: too few servers are fit, so all of its tier "
                   "serve, fit or not; its share of new sessions is 33 %.");
}

Test(reason, for_little_traffic_is_a_slow_start)
{
    struct reason_facts facts = fine();

    facts.ramp_percent = 40;
    facts.share_percent = 17;
    expect(&facts, "app/a gets traffic: it starts slowly, with 40 % of its weight; its "
                   "share of new sessions is 17 %.");
}

/* Everything speaks against it; what is mended first is what was told first. */
Test(reason, that_is_told_is_the_first_of_all)
{
    struct reason_facts facts = away();

    facts.is_stopping = facts.agent_says_down = facts.is_ejected = true;
    facts.will = WILL_DRAIN;
    facts.is_placed = false;
    facts.health = HEALTH_DOWN;
    facts.weight = facts.frontends = 0;
    facts.tier = 2;
    facts.tier_fit = 0;
    facts.sessions = facts.maxconn = 1;
    cr_expect(strstr(sentence_of(&facts), "stopping"));
    facts.is_stopping = false;
    cr_expect(strstr(sentence_of(&facts), "administrator"));
    facts.will = 0;
    cr_expect(strstr(sentence_of(&facts), "DNS"));
    facts.is_placed = true;
    cr_expect(strstr(sentence_of(&facts), "down for"));
    facts.health = HEALTH_UP;
    cr_expect(strstr(sentence_of(&facts), "agent"));
    facts.agent_says_down = false;
    cr_expect(strstr(sentence_of(&facts), "ejected"));
    facts.is_ejected = false;
    cr_expect(strstr(sentence_of(&facts), "weight"));
    facts.weight = 10;
    cr_expect(strstr(sentence_of(&facts), "tier 2"));
    facts.tier = 1;
    cr_expect(strstr(sentence_of(&facts), "min-healthy"));
    facts.tier_fit = 1;
    cr_expect(strstr(sentence_of(&facts), "on its way"));
    facts.is_serving = true;
    cr_expect(strstr(sentence_of(&facts), "no frontend"));
    facts.frontends = 1;
    cr_expect(strstr(sentence_of(&facts), "full"));
}
