/* One row of `show stat`, and the table of its columns. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct backend;
struct buffer;
struct figure;
struct server;

/* As the dialect's filter masks them. */
enum stat_kind { STAT_FRONTEND = 1, STAT_BACKEND = 2, STAT_SERVER = 4 };

#define STAT_ABSENT                                                                      \
    INT64_MIN /* a number that leaves its field empty; a text does by NULL */

/* Whether a kind of row shows a figure at all is said by the table. */
struct stat_row {
    enum stat_kind kind;
    const struct backend *backend; /* NULL but for a backend's row */
    const struct server *server;   /* likewise */
    const char *proxy, *name;      /* borrowed, as all texts */
    const char *status, *algorithm, *address;
    const char *check_status, *check_description, *last_check, *tracked;
    const char *agent_status, *agent_description, *last_agent;
    int64_t proxy_id, server_id, type;
    int64_t queued, queued_most;
    int64_t sessions, sessions_most, sessions_limit, sessions_total;
    int64_t bytes_in, bytes_out;
    int64_t refused, client_errors, connect_failures, retries, redispatches;
    int64_t client_aborts, server_aborts, internal_errors;
    int64_t weight, configured_weight, active, backups;
    int64_t throttle; /* percent, while it starts slowly */
    const char *tier, *serving;
    int64_t times_degraded, mass_failures;
    int64_t times_closed, ejections;
    int64_t check_failures, times_down, changed_s, down_s;
    int64_t chosen, attempts, last_session_s;
    int64_t session_rate, session_rate_most;
    int64_t connection_rate, connection_rate_most, connections_total;
    int64_t handshakes, handshakes_resumed, handshakes_failed;
    int64_t check_code, check_ms, check_rise, check_fall, check_health;
    int64_t agent_ms, agent_code, agent_rise, agent_fall, agent_health, agent_age_s;
    int64_t queue_ms, connect_ms, response_ms, total_ms;
    int64_t queue_ms_most, connect_ms_most, response_ms_most, total_ms_most;
};

/* "# pxname,svname,...,\n" */
void stat_row_write_header(struct buffer *out);
void stat_row_write(const struct stat_row *row, struct buffer *out);
/* The figures that the row has, one after the other; the index starts at 0. Their texts
 * are the row's. False after the last. */
bool stat_row_next(const struct stat_row *row, size_t *index, struct figure *figure);
