/* Asks a server's agent again and again how much the server can take. Main only.
 *
 * What it says is put down on the server, and fades while it is silent. */
#pragma once

#include "health/check_settings.h"
#include "health/result.h"

#include <stdbool.h>
#include <stdint.h>

struct agent;
struct ev_loop;
struct server;

/* Called when something else follows for the server than before. */
typedef void agent_changed(struct agent *agent, void *owner);

struct agent *agent_create(struct ev_loop *loop, struct server *server,
                           agent_changed *on_change, void *owner);
/* Takes back what it said. NULL is fine. */
void agent_destroy(struct agent *agent);

/* Starts, or goes on with these settings, at this port of the agent's address or the
 * server's. All is copied. */
void agent_begin(struct agent *agent, const struct check_settings *settings,
                 unsigned port);

/* In maintenance nothing is asked; what was said is kept. */
void agent_pause(struct agent *agent, bool is_paused);
/* Disabled, nothing is asked and nothing said counts. */
void agent_enable(struct agent *agent, bool is_enabled);
/* An administrator's word for the agent's, until its next report; not while disabled. */
void agent_force(struct agent *agent, bool is_down);

/* For people. */
struct agent_facts {
    struct address address; /* where it is asked */
    bool is_enabled, is_paused, is_asking;
    bool has_answer;    /* or failed to */
    enum result result; /* of the last asking */
    const char *said;   /* the last report, or why there was none */
    uint64_t last_ms;   /* how long the last asking took */
    bool has_report;
    uint64_t age_ms; /* of the last report */
};

struct agent_facts agent_facts(const struct agent *agent);
