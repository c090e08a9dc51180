/* What outlives generations under a frontend's name: its figures. Main owns it; workers
 * count. */
#pragma once

#include "base/counter.h"
#include "base/pace.h"
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
    struct tidings told_closed;
    unsigned session_rate, session_rate_most, connection_rate, connection_rate_most;
    unsigned handshake_rate, handshake_rate_most, resumed_rate, resumed_rate_most;
    uint64_t sessions_a_second_ago, connections_a_second_ago;
    uint64_t handshakes_a_second_ago, resumed_a_second_ago;
};

struct entrance *entrance_create(const char *name, unsigned id, unsigned workers);
void entrance_destroy(struct entrance *entrance);
