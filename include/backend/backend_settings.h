/* What the file says of one backend; frozen, borrowed by its sessions. */
#pragma once

#include "backend/recovery_settings.h"
#include "backend/server_settings.h"
#include "net/tls_connector.h"

#include <stddef.h>
#include <stdint.h>

struct balancer;

enum send_proxy { SEND_PROXY_NO, SEND_PROXY_V1, SEND_PROXY_V2 };

/* One of the addresses that usher connects from. */
struct source_settings {
    struct place place;
    const char *text;
    struct address address; /* without a port */
};

struct backend_settings {
    struct place place;
    const char *name;
    const struct balancer *balancer;
    uint64_t connect_timeout_ms; /* for one server */
    uint64_t connect_budget_ms;  /* for all tries of one session together */
    uint64_t queue_timeout_ms;
    uint64_t peer_timeout_ms; /* a silent peer with unanswered data is dead after this */
    uint64_t retries;
    uint64_t queue_limit;
    size_t server_count;
    struct server_settings *servers;

    struct recovery_settings recovery;

    bool server_tls;
    struct tls_connector_settings tls;
    unsigned send_proxy; /* enum send_proxy */
    size_t source_count;
    struct source_settings *sources; /* in turn; none: the system chooses */
    size_t check_source_count;
    struct source_settings *check_sources; /* of probes; none: the sources above */
};
