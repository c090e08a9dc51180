/* Figures of the whole program, and its listening addresses. Main only. */
#pragma once

#include "base/address.h"
#include "net/resolver.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct control;
struct frontend;

struct facts {
    unsigned generation, workers;
    uint64_t started_at; /* Unix seconds */
    uint64_t uptime_ms;
    unsigned maxconn, descriptors;                             /* the limits in force */
    unsigned most_maxconn;                                     /* what the file allows */
    unsigned connections_most, sessions_most, handshakes_most; /* in a second; 0: any */
    unsigned sessions;
    uint64_t sessions_total, connections_total, bytes_out_total, refused_total,
        empty_total;
    unsigned session_rate, session_rate_most, connection_rate, connection_rate_most;
    uint64_t rates_age_ms; /* since rates were sampled, see rate_now */
    unsigned tls_sessions; /* with clients, as all of TLS here */
    uint64_t tls_sessions_total;
    unsigned handshake_rate, handshake_rate_most, full_handshake_rate,
        full_handshake_rate_most, resumed_percent;
    unsigned listeners, checks;
    bool is_stopping, is_busy_polling;
    uint64_t reloads_applied, reloads_refused;
    uint64_t reloaded_at; /* Unix seconds; the start, or the last reload applied */
    bool was_refused;     /* the last reload */
};
struct facts facts_read(const struct control *control);

/* One listening address: as many as the present generation has, by index. */
struct listening {
    const struct frontend *frontend;
    struct address address; /* with the port that the system gave */
};
bool facts_listening(const struct control *control, size_t index,
                     struct listening *listening);

/* Who is asked for addresses, and with what success. */
struct resolving {
    char servers[256];
    struct resolver_counts counts;
};
struct resolving facts_resolving(const struct control *control);
