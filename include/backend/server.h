/* One destination with its health, its will and its weight. Main owns and changes it;
 * workers read what they need to serve, and count. It outlives generations: a server that
 * stays in the file stays itself. */
#pragma once

#include "backend/agent_report.h"
#include "backend/ejection.h"
#include "backend/evidence.h"
#include "backend/override.h"
#include "backend/server_settings.h"
#include "base/address.h"
#include "base/counter.h"
#include "base/rate.h"

#include <stdatomic.h>

struct backend;
struct history;
struct ledger;

/* What an administrator wants of it; the dialect's bits. */
enum server_will {
    WILL_MAINT = 0x01, /* no sessions, no checks */
    WILL_DRAIN = 0x08, /* no new sessions */
};

enum health { HEALTH_UNKNOWN, HEALTH_UP, HEALTH_DOWN };

struct server {
    char *name;              /* owned */
    char *text;              /* owned; the address as written in the file */
    struct backend *backend; /* borrowed */
    unsigned id;             /* 1 ...; stays with the name */
    unsigned index;          /* its leaf in the standings; given again after its death */
    bool backup, is_checked;
    bool is_leaving;  /* no longer in the file: freed once its sessions are over */
    bool is_unplaced; /* its name has not been resolved since it was given */
    bool is_parting;  /* they are; the grace has begun */
    struct address_parts destination;
    unsigned configured_weight, configured_maxconn; /* the file's */
    unsigned priority; /* its tier; the lowest serves first */

    struct ledger *ledger;   /* owned */
    struct check *check;     /* control's; NULL when not checked */
    struct agent *monitor;   /* control's; NULL without an agent */
    struct lookup *lookup;   /* control's; NULL unless known by a name */
    struct track *track;     /* control's; NULL: follows nobody and is not followed */
    unsigned told;           /* what notify was told last; 0: nothing */
    struct history *history; /* owned; its last changes: history_note */

    unsigned will; /* main only, as the next; an administrator's: enum server_will */
    unsigned wanted_weight, wanted_maxconn; /* the file's or an administrator's */
    struct override override;
    struct agent_report agent;
    struct ejection ejection;
    bool is_ejected, was_away; /* clients speak against it; it will start slowly */
    unsigned ramp_percent;     /* of its weight while it starts slowly; 100: all of it */
    uint64_t ramp_began_at;    /* monotonic ms; 0: it does not start slowly */
    enum health health;
    uint64_t changed_at;          /* monotonic ms */
    uint64_t down_ms, times_down; /* in total, before the present state */
    struct rate session_rate;

    /* Shared: main writes, workers read. */
    _Atomic(const struct address *) address; /* NULL: not resolved yet */
    _Atomic(const char *) host;   /* the name or IP that it is known by, for TLS */
    _Atomic uint32_t fine_weight; /* what comes of all that bears on it: in hundredths */
    _Atomic uint32_t maxconn;
    _Atomic uint32_t position; /* among the servers of the file */
    _Atomic bool is_serving;   /* in the present rotation */
    /* Shared: everybody counts. */
    struct gauge sessions, failures; /* failed connects that main has not taken note of */
    _Atomic int last_failure;        /* errno of the latest of them */
    _Atomic uint64_t last_turn;
    struct evidence evidence;
};

struct server *server_create(struct backend *backend,
                             const struct server_settings *settings, unsigned workers);
void server_destroy(struct server *server);

/* Takes over what a new reading of the file says, but for the address. */
void server_apply(struct server *server, const struct server_settings *settings);

/* Main only: fit for new sessions in the next rotation? */
bool server_is_fit(const struct server *server);
/* Main only: could it be sent sessions, whatever is known of its health? */
bool server_is_willing(const struct server *server);
bool server_is_down(const struct server *server);
/* Main only: known to be out, and not because of its weight or a wish to drain. */
bool server_is_away(const struct server *server);

/* Any worker. NULL: not resolved yet. Valid until the running callback returns. */
const struct address *server_address(const struct server *server);
/* Any worker. Never NULL; valid as long. */
const char *server_host(const struct server *server);
/* Any worker: counts one session in, unless the server is at its limit. */
bool server_take(struct server *server);
/* Any worker: a session's last touch of its server. */
void server_give(struct server *server);
