/* Why a server gets traffic now, or does not: one sentence. Pure. */
#pragma once

#include "backend/server.h"
#include "backend/tiers.h"

#include <stdbool.h>
#include <stdint.h>

struct buffer;

/* What bears on it. Ages and times in ms. */
struct reason_facts {
    const char *name;        /* "app/a" */
    const char *destination; /* where it is, as written */
    bool is_stopping;        /* usher is */
    bool is_placed;          /* its address is known */
    bool is_checked, has_verdict;
    bool is_nolb; /* an administrator said that it is stopping */
    bool is_ejected;
    bool agent_says_down;
    bool is_serving; /* in the present rotation */

    unsigned will;         /* bits of enum server_will */
    const char *willed_by; /* NULL: it is not known, as when */
    uint64_t willed_age;
    const char *agent_said; /* NULL: nothing */
    uint64_t agent_age;
    unsigned agent_will;

    enum health health;
    const char *leader; /* "app/b" whose health is its own; NULL: none */
    uint64_t health_age;
    const char *verdict; /* "L4CON (Connection refused)" */
    uint64_t verdict_age, ejection_left;

    struct tier_choice choice;
    unsigned tier, tier_fit, tier_servers, tier_need;
    unsigned frontends, closed_frontends; /* that lead to its backend */
    unsigned weight, configured_weight, ramp_percent;
    unsigned share_percent;     /* of new sessions */
    unsigned place, serving;    /* in the line of `first`; 0: there is no such line */
    uint64_t sessions, maxconn; /* 0: no limit */
};

void reason_write(const struct reason_facts *facts, struct buffer *out);
