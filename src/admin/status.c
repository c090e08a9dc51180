/* Operators and their tools compare these words letter by letter. */
#include "admin/status.h"

#include "backend/server.h"
#include "control/track.h"
#include "health/check.h"

#include <stdio.h>

enum { MAINT_BY_RESOLUTION = 0x20 };

struct status_facts status_facts(const struct server *server)
{
    struct status_facts facts = {
        .is_resolved = server_address(server) != NULL,
        .is_checked = server->is_checked && !server->override.is_unasked &&
                      (server->check || track_leader(server)),
        .is_up = !server_is_down(server),
        .is_ejected = server->is_ejected,
        .is_stopping = server->override.is_stopping,
        .will = server->will,
        .agent_will = server->agent.will,
        .agent_says_down = server->agent.is_down,
    };

    if (server->is_checked && server->check) {
        struct check_report report = check_report(server->check);

        facts.health = report.health;
        facts.rise = report.settings ? (unsigned)report.settings->rise : 0;
        facts.fall = report.settings ? (unsigned)report.settings->fall : 0;
    }
    return facts;
}

static const char *name_up(const struct status_facts *facts)
{
    if (facts->will & WILL_DRAIN)
        return "DRAIN";
    return facts->is_stopping ? "NOLB" : "UP";
}

/* "UP 1/3": how many failures it still has before it goes down. */
static void write_up(const struct status_facts *facts, struct status_text *text)
{
    const char *word = name_up(facts);

    if (!facts->is_checked || facts->health + 1 >= facts->rise + facts->fall ||
        facts->health < facts->rise)
        (void)snprintf(text->chars, sizeof text->chars, "%s", word);
    else
        (void)snprintf(text->chars, sizeof text->chars, "%s %u/%u", word,
                       facts->health - facts->rise + 1, facts->fall);
}

/* What its agent says of a server that is well but for that. NULL: nothing against it. */
static const char *name_of_agent_state(const struct status_facts *facts)
{
    if (facts->agent_says_down)
        return "DOWN (agent)";
    if (facts->agent_will & WILL_MAINT)
        return "MAINT (agent)";
    return facts->agent_will & ~facts->will & WILL_DRAIN ? "DRAIN (agent)" : NULL;
}

/* "DOWN 1/2": how many passes it has had on its way up. */
static void write_down(const struct status_facts *facts, struct status_text *text)
{
    if (facts->health && facts->health < facts->rise)
        (void)snprintf(text->chars, sizeof text->chars, "DOWN %u/%u", facts->health,
                       facts->rise);
    else
        (void)snprintf(text->chars, sizeof text->chars, "DOWN");
}

struct status_text status_text(const struct status_facts *facts)
{
    const char *agent = name_of_agent_state(facts);
    struct status_text text;

    if (!facts->is_resolved)
        return (struct status_text){ "MAINT (resolution)" };
    if (facts->will & WILL_MAINT)
        return (struct status_text){ "MAINT" };
    if (agent && facts->is_up) {
        (void)snprintf(text.chars, sizeof text.chars, "%s", agent);
        return text;
    }
    if (facts->is_ejected && !(facts->will & WILL_DRAIN))
        return (struct status_text){ "DOWN (ejected)" };
    if (!facts->is_checked && facts->is_up && !facts->is_stopping &&
        !(facts->will & WILL_DRAIN))
        return (struct status_text){ "no check" };
    if (facts->is_up)
        write_up(facts, &text);
    else
        write_down(facts, &text);
    return text;
}

unsigned status_operation(const struct status_facts *facts)
{
    bool is_stopped = facts->agent_says_down ||
                      (facts->will | facts->agent_will) & WILL_MAINT;
    bool is_running = facts->is_resolved && facts->is_up && !facts->is_ejected &&
                      !is_stopped;

    if (is_running && facts->is_stopping)
        return 3;
    return is_running ? 2 : 0;
}

unsigned status_administration(const struct status_facts *facts)
{
    return facts->will | (facts->is_resolved ? 0 : MAINT_BY_RESOLUTION);
}
