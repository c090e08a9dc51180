/* Why a server gets traffic now, or does not: one sentence. Pure. */
#pragma once

#include "backend/server.h"
#include "backend/tiers.h"

#include <stdbool.h>
#include <stdint.h>

struct buffer;

/* What bears on it, in the order in which it is looked at. Ages and times in ms. */
struct reason_facts {
    const char *name; /* "app/a" */
    bool is_stopping; /* usher is */
    bool is_placed;   /* its address is known */
    const char *destination;

    unsigned will;         /* bits of enum server_will */
    const char *willed_by; /* NULL: it is not known, as when */
    uint64_t willed_age;
    unsigned agent_will;
    bool agent_says_down;
    const char *agent_said; /* NULL: nothing */
    uint64_t agent_age;

    bool is_checked;
    const char *leader; /* "app/b" whose health is its own; NULL: none */
    enum health health;
    uint64_t health_age;
    bool has_verdict;
    const char *verdict; /* "L4CON: Connection refused" */
    uint64_t verdict_age;

    bool is_ejected;
    uint64_t ejection_left;
    unsigned weight, configured_weight;

    bool is_serving; /* in the present rotation */
    struct tier_choice choice;
    unsigned tier, tier_fit, tier_servers, tier_need;

    unsigned frontends, closed_frontends; /* that lead to its backend */
    uint64_t sessions, maxconn;           /* 0: no limit */
    unsigned ramp_percent;
    unsigned share_percent;  /* of new sessions */
    unsigned place, serving; /* in the line of `first`; 0: there is no such line */
};

void reason_write(const struct reason_facts *facts, struct buffer *out);
