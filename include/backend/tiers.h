/* The tiers of a backend, and which one of them serves: never two at once.
 *
 * Servers of one priority are a tier; backups are tiers behind all others. The lowest
 * tier with enough fit servers serves; `below` says what happens when none has. Main
 * only. */
#pragma once

#include "backend/recovery_settings.h"

#include <stdbool.h>

struct backend;
struct server;

enum {
    TIER_PRIORITIES = 256,
    TIER_LAST = 2 * TIER_PRIORITIES, /* backups have priorities, too */
};

struct tier {
    unsigned servers; /* of the file */
    unsigned fit;
    unsigned willing;   /* may serve when usher fails open */
    unsigned undecided; /* may turn out to be fit: not judged yet */
};

/* By their numbers, 1 ... TIER_LAST. */
struct tiers {
    struct tier at[TIER_LAST + 1];
};

enum tier_reason {
    TIERS_FIRST,     /* the first tier has enough fit servers */
    TIERS_HIGHER,    /* it has not, but this one has */
    TIERS_TOO_FEW,   /* none has; this one has at least one */
    TIERS_FAIL_OPEN, /* none has; this one serves fit or not */
    TIERS_NOBODY,
};

struct tier_choice {
    enum tier_reason reason;
    unsigned tier;       /* its number; 0: none */
    unsigned first;      /* the number of the first one; 0: there is none */
    bool is_provisional; /* first verdicts that are still out may better it */
};

/* "2", "backup" or "backup 2" */
struct tier_text {
    char chars[24];
};

unsigned tiers_number(const struct server *server);
struct tier_text tiers_text(unsigned number);
struct tiers tiers_count(const struct backend *backend);
/* Fit servers that a tier needs to serve: one at least, all at most. */
unsigned tiers_need(const struct tier *tier, const struct share *min_healthy);
/* Pure, as the next: no other tier has enough to serve instead of this one. */
bool tiers_depend_on(const struct tiers *tiers, const struct share *min_healthy,
                     unsigned number);
struct tier_choice tiers_choose(const struct tiers *tiers,
                                const struct recovery_settings *rules);
/* Does the server serve when that is the choice? */
bool tiers_serve(const struct tier_choice *choice, const struct server *server);
