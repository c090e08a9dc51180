/* What outlives generations under a frontend's name: its figures, and what an
 * administrator wants of it. Main owns it; workers count. */
#pragma once

#include "base/counter.h"
#include "base/pace.h"
#include "base/rate.h"
#include "base/tidings.h"

struct ledger;
struct visitors;

struct entrance {
    char *name;  /* owned */
    unsigned id; /* shared with backends */
    unsigned holders;
    struct ledger *ledger; /* owned */
    struct gauge sessions;
    struct pace pace;
    struct visitors *visitors; /* owned */
    bool is_closed;            /* nobody listens for it, see WHEN_EMPTY_CLOSE */
    uint64_t closed_at, closed_ms, times_closed;
    bool is_paused, is_shut;  /* main only; by an administrator */
    struct counter is_barred; /* paused, and some address of it cannot be closed */
    struct counter ceiling;   /* an administrator's maxconn and one; 0: the file's */
    struct tidings told_closed;
    struct rate session_rate, connection_rate, handshake_rate, resumed_rate;
};

struct entrance *entrance_create(const char *name, unsigned id, unsigned workers);
void entrance_destroy(struct entrance *entrance);

/* Main only: does anybody listen for it? */
bool entrance_listens(const struct entrance *entrance);
/* Main only: instead of the file's maxconn; 0 lets nobody in. */
void entrance_set_limit(struct entrance *entrance, uint32_t maxconn);
void entrance_lift_limit(struct entrance *entrance);
/* Any thread. False: the limit is the file's. */
bool entrance_has_limit(const struct entrance *entrance, uint32_t *maxconn);
