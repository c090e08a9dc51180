/* The first row that holds says it. */
#include "admin/reason.h"

#include "admin/age.h"
#include "base/buffer.h"

#include <inttypes.h>

typedef bool holds(const struct reason_facts *facts);
typedef void say(const struct reason_facts *facts, struct buffer *out);

static bool is_stopping(const struct reason_facts *facts)
{
    return facts->is_stopping;
}

static void say_stopping(const struct reason_facts *facts, struct buffer *out)
{
    (void)facts;
    buffer_add_text(out, "usher is stopping");
}

static void add_sessions(const struct reason_facts *facts, struct buffer *out)
{
    if (facts->sessions)
        buffer_format(out, "; %" PRIu64 " session%s left", facts->sessions,
                      facts->sessions == 1 ? " is" : "s are");
}

/* "... 5m2s ago (uid=0 pid=12)" */
static void add_author(const struct reason_facts *facts, struct buffer *out)
{
    if (facts->willed_by)
        buffer_format(out, " %s ago (%s)", age_text(facts->willed_age).chars,
                      facts->willed_by);
    add_sessions(facts, out);
}

static bool is_in_maintenance(const struct reason_facts *facts)
{
    return facts->will & WILL_MAINT;
}

static void say_maintenance(const struct reason_facts *facts, struct buffer *out)
{
    buffer_add_text(out, "an administrator put it in maintenance");
    add_author(facts, out);
}

static bool is_draining(const struct reason_facts *facts)
{
    return facts->will & WILL_DRAIN;
}

static void say_draining(const struct reason_facts *facts, struct buffer *out)
{
    buffer_add_text(out, "an administrator set it to drain");
    add_author(facts, out);
}

static bool is_nolb(const struct reason_facts *facts)
{
    return facts->is_nolb;
}

static void say_nolb(const struct reason_facts *facts, struct buffer *out)
{
    buffer_add_text(out, "an administrator said that it is stopping");
    add_sessions(facts, out);
}

static bool is_nowhere(const struct reason_facts *facts)
{
    return !facts->is_placed;
}

static void say_nowhere(const struct reason_facts *facts, struct buffer *out)
{
    buffer_format(out, "DNS has not told an address for %s", facts->destination);
}

static bool is_down(const struct reason_facts *facts)
{
    return !facts->is_serving && facts->health == HEALTH_DOWN;
}

static void say_down(const struct reason_facts *facts, struct buffer *out)
{
    buffer_format(out, "it is down for %s", age_text(facts->health_age).chars);
    if (facts->leader)
        buffer_format(out, ", as is %s, which it follows", facts->leader);
    if (facts->has_verdict)
        buffer_format(out, ": the check said %s, %s ago", facts->verdict,
                      age_text(facts->verdict_age).chars);
}

static bool is_unknown(const struct reason_facts *facts)
{
    return !facts->is_serving && facts->is_checked && facts->health == HEALTH_UNKNOWN;
}

static void say_unknown(const struct reason_facts *facts, struct buffer *out)
{
    if (facts->leader)
        buffer_format(out, "nothing is known yet of %s, which it follows", facts->leader);
    else
        buffer_add_text(out, "its first check is not over yet");
}

static void add_agent(const struct reason_facts *facts, struct buffer *out)
{
    if (facts->agent_said)
        buffer_format(out, ": it said %s, %s ago", facts->agent_said,
                      age_text(facts->agent_age).chars);
}

static bool is_away_by_agent(const struct reason_facts *facts)
{
    return facts->agent_will || (facts->agent_says_down && !facts->is_serving);
}

static void say_agent(const struct reason_facts *facts, struct buffer *out)
{
    const char *state = facts->agent_will & WILL_DRAIN ? "drained" : "down";

    if (facts->agent_will & WILL_MAINT)
        state = "in maintenance";
    buffer_format(out, "its agent wants it %s", state);
    add_agent(facts, out);
    add_sessions(facts, out);
}

static bool is_ejected(const struct reason_facts *facts)
{
    return facts->is_ejected && !facts->is_serving;
}

static void say_ejected(const struct reason_facts *facts, struct buffer *out)
{
    buffer_format(out, "it is ejected for another %s: sessions of clients failed",
                  age_text(facts->ejection_left).chars);
}

static bool is_weightless(const struct reason_facts *facts)
{
    return !facts->weight;
}

static void say_weightless(const struct reason_facts *facts, struct buffer *out)
{
    if (facts->configured_weight)
        buffer_format(out, "an administrator set its weight of %u to 0",
                      facts->configured_weight);
    else
        buffer_add_text(out, "its weight in the file is 0");
    add_sessions(facts, out);
}

static bool is_reserve(const struct reason_facts *facts)
{
    return !facts->is_serving && facts->choice.tier && facts->choice.tier < facts->tier;
}

static void say_reserve(const struct reason_facts *facts, struct buffer *out)
{
    buffer_format(out, "it is in tier %s, and servers of tier %s serve",
                  tiers_text(facts->tier).chars, tiers_text(facts->choice.tier).chars);
}

static bool is_in_weak_tier(const struct reason_facts *facts)
{
    return !facts->is_serving && facts->tier_fit < facts->tier_need;
}

static void say_weak_tier(const struct reason_facts *facts, struct buffer *out)
{
    buffer_format(out,
                  "%u of the %u servers of its tier %s fit, fewer than the %u of "
                  "min-healthy",
                  facts->tier_fit, facts->tier_servers,
                  facts->tier_fit == 1 ? "is" : "are", facts->tier_need);
    if (facts->choice.tier)
        buffer_format(out, ", so tier %s serves", tiers_text(facts->choice.tier).chars);
    else
        buffer_add_text(out, ", so nobody serves");
}

static bool is_out(const struct reason_facts *facts)
{
    return !facts->is_serving;
}

static void say_out(const struct reason_facts *facts, struct buffer *out)
{
    (void)facts;
    buffer_add_text(out, "it is on its way into the rotation");
}

static bool is_unreachable(const struct reason_facts *facts)
{
    return !facts->frontends;
}

static void say_unreachable(const struct reason_facts *facts, struct buffer *out)
{
    (void)facts;
    buffer_add_text(out, "no frontend leads to its backend");
}

static bool is_shut_out(const struct reason_facts *facts)
{
    return facts->closed_frontends >= facts->frontends;
}

static void say_shut_out(const struct reason_facts *facts, struct buffer *out)
{
    if (facts->frontends == 1)
        buffer_add_text(out, "the frontend that leads to it is closed");
    else
        buffer_format(out, "all %u frontends that lead to it are closed",
                      facts->frontends);
}

static bool is_full(const struct reason_facts *facts)
{
    return facts->maxconn && facts->sessions >= facts->maxconn;
}

static void say_full(const struct reason_facts *facts, struct buffer *out)
{
    buffer_format(out, "it is full: %" PRIu64 " of %" PRIu64 " sessions", facts->sessions,
                  facts->maxconn);
}

static void add_share(const struct reason_facts *facts, struct buffer *out)
{
    if (facts->place)
        buffer_format(out, "; number %u of %u in line", facts->place, facts->serving);
    else
        buffer_format(out, "; its share of new sessions is %u %%", facts->share_percent);
}

static bool is_last_resort(const struct reason_facts *facts)
{
    return facts->choice.reason == TIERS_FAIL_OPEN;
}

static void say_last_resort(const struct reason_facts *facts, struct buffer *out)
{
    buffer_add_text(out, "too few servers are fit, so all of its tier serve, fit or not");
    add_share(facts, out);
}

static bool is_starting(const struct reason_facts *facts)
{
    return facts->ramp_percent < 100;
}

static void say_starting(const struct reason_facts *facts, struct buffer *out)
{
    buffer_format(out, "it starts slowly, with %u %% of its weight", facts->ramp_percent);
    add_share(facts, out);
}

static bool is_unchecked(const struct reason_facts *facts)
{
    return !facts->is_checked;
}

static void say_unchecked(const struct reason_facts *facts, struct buffer *out)
{
    buffer_add_text(out, "it is not checked");
    add_share(facts, out);
}

static bool is_fine(const struct reason_facts *facts)
{
    (void)facts;
    return true;
}

static void say_fine(const struct reason_facts *facts, struct buffer *out)
{
    buffer_format(out, "it is up for %s", age_text(facts->health_age).chars);
    if (facts->leader)
        buffer_format(out, ", as is %s, which it follows", facts->leader);
    if (facts->has_verdict)
        buffer_format(out, ": the check said %s, %s ago", facts->verdict,
                      age_text(facts->verdict_age).chars);
    add_share(facts, out);
}

static const struct reason {
    bool gets_traffic;
    holds *holds;
    say *say;
} reasons[] = {
    { false, is_stopping, say_stopping },
    { false, is_in_maintenance, say_maintenance },
    { false, is_draining, say_draining },
    { false, is_nowhere, say_nowhere },
    { false, is_down, say_down },
    { false, is_nolb, say_nolb },
    { false, is_unknown, say_unknown },
    { false, is_away_by_agent, say_agent },
    { false, is_ejected, say_ejected },
    { false, is_weightless, say_weightless },
    { false, is_reserve, say_reserve },
    { false, is_in_weak_tier, say_weak_tier },
    { false, is_out, say_out },
    { false, is_unreachable, say_unreachable },
    { false, is_shut_out, say_shut_out },
    { false, is_full, say_full },
    { true, is_last_resort, say_last_resort },
    { true, is_starting, say_starting },
    { true, is_unchecked, say_unchecked },
    { true, is_fine, say_fine },
};

void reason_write(const struct reason_facts *facts, struct buffer *out)
{
    const struct reason *reason = reasons;
    struct buffer why = { 0 };

    while (!reason->holds(facts))
        reason++;
    reason->say(facts, &why);
    buffer_format(out, "%s gets %s: %s.", facts->name,
                  reason->gets_traffic ? "traffic" : "no new sessions",
                  buffer_text(&why));
    buffer_deinit(&why);
}
