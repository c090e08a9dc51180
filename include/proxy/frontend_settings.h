/* What the file says of one frontend. */
#pragma once

#include "base/address.h"
#include "base/network.h"
#include "base/problem.h"
#include "net/tls_acceptor.h"
#include "proxy/route.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct bind_settings {
    struct place place;
    const char *text; /* as written */
    struct address_parts where;
    bool only_ip6; /* `v6only` */
    unsigned backlog;
    mode_t mode; /* of a UNIX socket */
};

enum session_log { SESSION_LOG_OFF, SESSION_LOG_CLOSE, SESSION_LOG_BOTH };

/* What to do with clients while no server is fit. */
enum when_empty {
    WHEN_EMPTY_REFUSE,
    WHEN_EMPTY_HOLD,  /* they wait for one */
    WHEN_EMPTY_CLOSE, /* nobody listens, so that an outer balancer sees it */
};

struct when_empty_settings {
    const char *text;
    enum when_empty what;
    uint64_t hold_ms;
};

/* One line of `allow`, `deny` or `accept-proxy-from`: a network, or a file of them. */
struct network_settings {
    struct place place;
    const char *text;
    bool is_file; /* begins with a slash; one network a line, # begins a comment */
    struct network network;
};

struct frontend_settings {
    struct place place;
    const char *name;
    const char *backend;
    uint64_t maxconn; /* 0: no limit but the global one */
    uint64_t idle_timeout_ms;
    uint64_t half_closed_timeout_ms;
    uint64_t peer_timeout_ms;
    unsigned session_log;   /* enum session_log */
    uint64_t log_every_ms;  /* 0: never */
    bool is_quiet_on_empty; /* no line on clients that leave without a byte */
    struct when_empty_settings when_empty;
    size_t bind_count;
    struct bind_settings *binds;

    uint64_t greet_timeout_ms;        /* for all that comes before a server is chosen */
    struct tls_acceptor_settings tls; /* no paths: plain */
    size_t route_count;
    struct route_settings *routes;
    size_t proxy_from_count, allow_count, deny_count;
    struct network_settings *proxy_from; /* who must begin with a PROXY header */
    struct network_settings *allow;      /* empty: everybody */
    struct network_settings *deny;
    uint64_t session_rate;   /* new sessions a second; 0: no limit, as below */
    uint64_t client_maxconn; /* sessions at once of one client address */
    uint64_t client_rate;    /* new sessions a second of one client address */
};
