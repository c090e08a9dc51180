/* A named set of servers with one way of choosing among them.
 *
 * Main owns and changes it; workers see it through its rotation. It outlives generations:
 * a backend that stays in the file keeps its turn, its queue and its figures. */
#pragma once

#include "backend/backend_settings.h"
#include "backend/server.h"
#include "backend/tiers.h"
#include "base/counter.h"
#include "base/ledger.h"
#include "base/rate.h"
#include "base/tidings.h"

#include <stdatomic.h>

struct balancer;
struct ensemble;
struct histogram;
struct queue;
struct rotation;
struct standings;

struct backend {
    char *name;  /* owned */
    unsigned id; /* 1 ...; shared with frontends */
    unsigned workers;
    unsigned next_server_id;
    unsigned holders; /* generations that know it */
    unsigned graces;  /* under way: somebody may still see what it was */
    bool is_stale;    /* its rotation has to be built again */

    struct server *
        *servers;          /* owned, in the order of the file; leaving ones at the end */
    size_t server_count;   /* leaving ones included */
    size_t last_found;     /* where backend_find begins to look */
    struct ledger *ledger; /* owned: what no server can be blamed for, and the queue's */
    struct histogram *connect_times, *session_times; /* owned */
    struct queue *queue;                             /* owned */
    const struct balancer *balancer;   /* main only; workers see the rotation's */
    struct recovery_settings recovery; /* main only, as the file has it, without texts */
    struct ensemble *ensemble; /* control's; NULL unless its servers are members of one */

    /* Main only. */
    struct ledger_sum departed; /* what servers that are gone had counted */
    uint64_t changed_at;
    uint64_t down_ms;
    uint64_t times_down;
    uint64_t times_degraded; /* another tier than the first served, or too few, or all */
    struct tier_choice serving; /* that is not provisional */
    enum health health;         /* can it serve? unknown until its servers are known */
    struct tidings told_serving, told_health, told_mass_failure;
    bool has_mass_failure; /* most servers went down at once */
    uint64_t mass_failures;
    struct rate session_rate;

    /* Shared. */
    _Atomic(struct rotation *) rotation;
    _Atomic(struct standings *) standings; /* NULL unless the balancer ranks */
    struct turn turn, source_turn;
    struct gauge sessions; /* being served or waiting */
};

struct backend *backend_create(const char *name, unsigned id, unsigned workers);
/* Its rotation and standings too: nobody may be choosing from it any more. */
void backend_destroy(struct backend *backend);

/* By name, leaving ones excepted; NULL for none. Finds neighbours of
 * the last one at once. */
struct server *backend_find(struct backend *backend, const char *name);
/* Takes the server, at the end. */
void backend_add(struct backend *backend, struct server *server);
/* No longer to be found by its name; the backend owns it still. */
void backend_retire(struct backend *backend, struct server *server);
/* Gives it away; the caller owns the server. */
void backend_remove(struct backend *backend, struct server *server);
/* Takes over what a new reading of the file says of all its servers. */
void backend_apply(struct backend *backend, const struct backend_settings *settings);
/* Puts the servers in the order of the file, added ones behind, leaving ones last. */
void backend_order(struct backend *backend, const struct backend_settings *settings);

/* Main only: its servers, its balancer or their weights have changed. */
void backend_touch(struct backend *backend);

/* Figures for people: servers that can serve now, and their weights. */
struct backend_strength {
    unsigned active, backups; /* usable ones */
    unsigned weight;          /* of the usable ones that serve */
    unsigned configured_weight;
};

struct backend_strength backend_strength(const struct backend *backend);
