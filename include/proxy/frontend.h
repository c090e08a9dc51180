/* What clients connect to: addresses, limits, and the backend behind.
 *
 * Belongs to a generation and is never edited; workers read it. */
#pragma once

#include "base/address.h"
#include "base/counter.h"
#include "base/problem.h"

#include <stddef.h>
#include <sys/types.h>

struct backend;
struct backend_settings;
struct entrance;

struct bind_settings {
    struct place place;
    const char *text; /* as written */
    struct address_parts where;
    bool only_ip6; /* `v6only` */
    unsigned backlog;
    mode_t mode; /* of a UNIX socket */
};

enum session_log { SESSION_LOG_OFF, SESSION_LOG_CLOSE, SESSION_LOG_BOTH };

/* What the file says of one frontend. */
struct frontend_settings {
    struct place place;
    const char *name;
    const char *backend;
    uint64_t maxconn; /* 0: no limit but the global one */
    uint64_t idle_timeout_ms;
    uint64_t half_closed_timeout_ms;
    uint64_t peer_timeout_ms;
    unsigned session_log; /* enum session_log */
    unsigned when_empty;  /* enum when_empty */
    size_t bind_count;
    struct bind_settings *binds;
};

enum when_empty { WHEN_EMPTY_REFUSE };

/* One worker's count, in a cache line of its own. */
struct guests {
    struct counter count;
} __attribute__((aligned(64)));

struct frontend {
    const struct frontend_settings *settings; /* borrowed from the generation */
    const struct backend_settings *rules;     /* of its backend; likewise */
    struct backend *backend;                  /* borrowed: outlives the generation */
    struct entrance *entrance;                /* borrowed: outlives the generation */
    struct guests *guests; /* owned: this generation's sessions, one per worker */
    unsigned workers;
};

void frontend_init(struct frontend *frontend, unsigned workers);
void frontend_deinit(struct frontend *frontend);
/* Any thread. */
uint64_t frontend_guests(const struct frontend *frontend);
