/* What the members of a ZooKeeper ensemble say together: who leads, and whether they have
 * a quorum. Pure. Private to the control folder. */
#pragma once

#include "health/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What one member said last. */
struct voice {
    const char *name; /* of the server; borrowed */
    bool is_up;       /* as its checks have it, which forgive a slip */
    struct member said;
};

struct voices {
    const struct voice *all;
    size_t count;
};

enum ensemble_state {
    ENSEMBLE_UNHEARD, /* nobody has named a role yet */
    ENSEMBLE_WELL,
    ENSEMBLE_LEADERLESS, /* members serve, but the leader is silent: writes may hang */
    ENSEMBLE_LOST,       /* nobody serves */
};

enum { ENSEMBLE_NAME_SIZE = 64 };

struct ensemble {
    enum ensemble_state state;
    char leader[ENSEMBLE_NAME_SIZE]; /* the last one; "" until there was one */
    uint64_t epoch;                  /* its own */
    uint64_t led_at;                 /* when somebody led, or had just to be found */
};

/* What has changed; more than one thing may have. */
struct ensemble_news {
    bool is_led_anew, has_changed; /* `was` and the ensemble's state differ */
    enum ensemble_state was;
    char old_leader[ENSEMBLE_NAME_SIZE]; /* "" for none */
};

/* Takes note of how it is now. No leader is forgiven for `grace_ms`. */
struct ensemble_news ensemble_note(struct ensemble *ensemble, struct voices voices,
                                   uint64_t now_ms, uint64_t grace_ms);

/* The epoch of the leader who has replaced this one; 0 when it is none, or the newest. */
uint64_t ensemble_successor(struct voices voices, const struct member *said);
