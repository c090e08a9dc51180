/* What main's files share. Private to the control folder. */
#pragma once

#include "base/buffer.h"
#include "base/counter.h"
#include "base/list.h"
#include "control/control.h"
#include "control/doors.h"
#include "control/generation.h"
#include "control/registry.h"
#include "control/team.h"
#include "control/upkeep.h"
#include "net/tls_ticket.h"
#include "proxy/throttle.h"

#include <ev.h>

struct control {
    struct control_origin origin; /* borrowed texts */
    control_apply *on_reload;
    void *reload_owner; /* borrowed */

    struct ev_loop *loop; /* owned, as all below */
    struct resolver *resolver;
    struct team *team;
    struct registry *registry;
    struct upkeep *upkeep;
    struct evictions *evictions;
    struct suspicions *suspicions;
    struct doors *doors;
    struct signals *signals;
    struct supervisor *supervisor; /* NULL: none */
    struct generation *generation; /* the present one */
    struct link leaving;           /* those before it that still have guests */
    struct link promises;          /* answers that come later */
    struct link notices;           /* programs that are told of changes */
    struct link certificates;      /* owned: set and not committed, or used by nobody */

    ev_prepare before_sleep;
    ev_async connect_failed;
    ev_timer second; /* ticks */
    ev_timer start_wait;
    ev_timer stop_tick;
    ev_timer next_key;
    ev_timer watchdog;
    struct tls_ticket_keys ticket_keys;

    unsigned workers, descriptors;
    unsigned maxconn, most_maxconn; /* in force; what the file allows */
    struct throttle throttle;
    uint64_t started_at, started_ms, stop_by_ms;
    uint64_t reloads_applied, reloads_refused, reloaded_at; /* Unix seconds */
    bool was_refused;                                       /* the last reload */
    char *log;                                              /* owned; where it goes now */
    struct buffer state;                                    /* what the state file says */
    uint64_t state_written_at;
    int state_wrong; /* errno of the last try to write it; 0: it is written */
    bool doors_are_open, is_stopping, wrote_pid;
    bool is_ready;          /* the workers have opened the doors, too */
    bool is_asking_workers; /* whether they are alive, for the watchdog */
    bool has_new_rotations; /* the doors are to be looked at, and notify is */

    /* Of all frontends together. */
    unsigned session_rate, session_rate_most, connection_rate, connection_rate_most;
    unsigned handshake_rate, handshake_rate_most; /* with clients, as the next */
    unsigned handshakes_since_trim;
    unsigned resumed_rate, full_rate, full_rate_most;
    uint64_t rates_sampled_at;
};
