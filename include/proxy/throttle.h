/* How fast clients may come in, over all frontends and workers together. Main sets it
 * while usher runs; workers look before they accept, and count behind.
 *
 * Whoever comes too soon waits in the kernel's queue. As workers look before they count,
 * each of them may let one client more in. */
#pragma once

#include "base/counter.h"
#include "base/pace.h"

#include <stdbool.h>

/* As the dialect counts: accepted, let in, and let in to speak TLS. */
enum throttle_kind {
    THROTTLE_CONNECTIONS,
    THROTTLE_SESSIONS,
    THROTTLE_HANDSHAKES,
    THROTTLE_KINDS
};

struct throttle {
    struct throttle_rate {
        struct counter most; /* in a second; 0: no limit */
        struct pace pace;
    } rates[THROTTLE_KINDS];
};

/* Main only. 0: no limit. */
void throttle_set(struct throttle *throttle, enum throttle_kind kind, unsigned most);
unsigned throttle_most(const struct throttle *throttle, enum throttle_kind kind);

/* Any worker: may another client be accepted who speaks TLS, or not? NULL is no limit. */
bool throttle_has_room(const struct throttle *throttle, bool speaks_tls);
/* Any worker: one more of a kind. NULL is fine. */
void throttle_count(struct throttle *throttle, enum throttle_kind kind);
