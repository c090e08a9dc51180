/* One client being served by one server, from the accept to the access line.
 *
 * Lives and dies on one worker. */
#pragma once

#include "base/endpoint.h"
#include "proxy/ending.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frontend;
struct link;
struct server;
struct session;
struct workspace;

enum { SESSION_NAME_SIZE = 48 };

/* What people may see of a session; plain values, so that it can cross threads. */
struct session_view {
    uint64_t id;
    struct endpoint client;
    char frontend[SESSION_NAME_SIZE];
    char backend[SESSION_NAME_SIZE];
    char server[SESSION_NAME_SIZE]; /* "" when none was chosen */
    const char *stage;              /* static */
    uint64_t age_ms, idle_ms, expires_ms;
    uint64_t bytes_in, bytes_out;
};

/* The size of the objects that the workspace's slab must hold. */
size_t session_size(void);

/* Takes the client's socket, whether it succeeds or refuses. */
void session_begin(struct workspace *workspace, const struct frontend *frontend, int fd,
                   const struct endpoint *client);

/* For those outside who end one. */
void session_end_because(struct session *session, enum ending ending);

/* A server may have a free place: goes on if this session's turn has come. */
void session_go_on(struct session *session);

void session_describe(const struct session *session, struct session_view *view);
bool session_is_served_by(const struct session *session, const struct server *server);
/* Was its server reached? */
bool session_is_settled(const struct session *session);
uint64_t session_id(const struct session *session);
/* Monotonic ms of the last byte moved. */
uint64_t session_active_at(const struct session *session);
/* The session in its worker's list of sessions. */
struct session *session_of(struct link *link);
/* The session in its worker's list of those that wait in a queue. */
struct session *session_of_waiting(struct link *link);
