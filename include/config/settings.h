/* Everything one reading of the configuration says, checked and ready to build from.
 *
 * Main only. Texts, arrays and settings live in the arena and die with it. */
#pragma once

#include "backend/backend.h"
#include "health/check_settings.h"
#include "proxy/frontend.h"

struct arena;
struct document;
struct problems;

struct global_settings {
    struct place place;
    uint64_t workers;         /* 0: as many as there are usable CPUs */
    uint64_t maxconn;         /* 0: as many as there are descriptors for */
    const char *user, *group; /* NULL: stay who we are */
    const char *pid_file;     /* NULL: none */
    const char *log;
    unsigned log_format, log_level; /* enum log_format, enum log_level */
    unsigned log_syslog;            /* enum log_syslog */
    unsigned log_facility;          /* by the numbers of syslog */
    const char *node;               /* NULL: the host's name */
    uint64_t drain_timeout_ms;
    uint64_t start_wait_ms;
    uint64_t max_probes;
    bool exec_checks, busy_poll;
    const char *notify;     /* NULL: nobody */
    const char *state_file; /* NULL: none */
    uint64_t state_max_age_ms;
};

enum admin_level { ADMIN_LEVEL_USER, ADMIN_LEVEL_OPERATOR, ADMIN_LEVEL_ADMIN };

struct admin_socket_settings {
    struct place place;
    const char *path;       /* or where, as TCP */
    struct address address; /* of TCP; none for a path */
    mode_t mode;
    unsigned level;           /* enum admin_level */
    const char *user, *group; /* owner of the socket; NULL: ours */
};

struct admin_settings {
    size_t socket_count;
    struct admin_socket_settings *sockets;
    size_t http_count;
    struct bind_settings *http; /* where usher answers HTTP */
    uint64_t timeout_ms;        /* an idle client is let go after this */
    uint64_t most_clients;
};

struct settings {
    struct arena *arena;             /* owned */
    const struct document *document; /* in the arena: where each key stands */
    struct global_settings global;
    struct admin_settings admin;
    size_t frontend_count, backend_count;
    struct frontend_settings *frontends;
    struct backend_settings *backends;
    struct check_settings *checks; /* one for each backend, by its index */
};

/* Reads a file and all that it includes; every problem is reported. Settings are returned
 * only when there is no problem but warnings; else NULL. */
struct settings *settings_read(const char *path, struct problems *problems);
/* The same from a text that has a name. */
struct settings *settings_read_text(const char *name, const char *text,
                                    struct problems *problems);
void settings_destroy(struct settings *settings);

/* NULL for none of that name. */
const struct backend_settings *settings_find_backend(const struct settings *settings,
                                                     const char *name);
/* What is wrong with the name of a proxy or server; NULL: nothing. */
const char *settings_check_name(const char *name);
