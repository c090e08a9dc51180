/* Tables say what there is. All samples of one name stand together, as the format wants
 * it, so the rows are gone through once for each name. */
#include "web/metrics.h"

#include "admin/snapshot.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "web/metrics_filter.h"
#include "web/metrics_own.h"
#include "web/metrics_text.h"

#include <string.h>

enum { F = STAT_FRONTEND, B = STAT_BACKEND, S = STAT_SERVER };
enum unit { WHOLE, MILLISECONDS };

static const struct metric {
    const char *name;
    unsigned rows; /* bits of enum stat_kind */
    enum unit unit;
    size_t at; /* the field of the row */
    const char *help;
} metrics[] = {
#define METRIC(name, rows, unit, field, help)                                            \
    {                                                                                    \
        name, rows, unit, offsetof(struct stat_row, field), help                         \
    }
    METRIC("current_queue", B | S, WHOLE, queued, "Sessions that wait for a server"),
    METRIC("max_queue", B | S, WHOLE, queued_most, "Most sessions that ever waited"),
    METRIC("current_sessions", F | B | S, WHOLE, sessions, "Sessions at this moment"),
    METRIC("max_sessions", F | B | S, WHOLE, sessions_most, "Most sessions at once"),
    METRIC("limit_sessions", F | B | S, WHOLE, sessions_limit, "Sessions allowed"),
    METRIC("sessions_total", F | B | S, WHOLE, sessions_total, "Sessions so far"),
    METRIC("max_session_rate", F | B | S, WHOLE, session_rate_most,
           "Most new sessions in a second"),
    METRIC("current_session_rate", F | B | S, WHOLE, session_rate,
           "New sessions in the last second"),
    METRIC("connections_rate_max", F, WHOLE, connection_rate_most,
           "Most new connections in a second"),
    METRIC("connections_total", F, WHOLE, connections_total,
           "Connections so far, refused ones included"),
    METRIC("bytes_in_total", F | B | S, WHOLE, bytes_in, "Bytes from clients"),
    METRIC("bytes_out_total", F | B | S, WHOLE, bytes_out, "Bytes to clients"),
    METRIC("denied_connections_total", F, WHOLE, refused,
           "Connections refused by a limit or a rule"),
    METRIC("request_errors_total", F, WHOLE, client_errors,
           "Sessions that failed before a server was chosen"),
    METRIC("internal_errors_total", F | B | S, WHOLE, internal_errors,
           "Sessions that usher itself failed"),
    METRIC("connection_errors_total", B | S, WHOLE, connect_failures,
           "Sessions that reached no server"),
    METRIC("response_errors_total", B | S, WHOLE, server_aborts,
           "Sessions that a server broke off"),
    METRIC("retry_warnings_total", B | S, WHOLE, retries, "Connects that were retried"),
    METRIC("redispatch_warnings_total", B | S, WHOLE, redispatches,
           "Sessions that went to another server after a failed connect"),
    METRIC("client_aborts_total", B | S, WHOLE, client_aborts,
           "Sessions that a client broke off"),
    METRIC("server_aborts_total", B | S, WHOLE, server_aborts,
           "Sessions that a server broke off or let time out"),
    METRIC("connection_attempts_total", B | S, WHOLE, attempts, "Connects begun"),
    METRIC("loadbalanced_total", B | S, WHOLE, chosen, "Times that a balancer chose it"),
    METRIC("weight", B | S, WHOLE, weight, "Weight in force"),
    METRIC("uweight", B | S, WHOLE, configured_weight, "Weight that was asked for"),
    METRIC("active_servers", B, WHOLE, active, "Usable servers that are no backups"),
    METRIC("backup_servers", B, WHOLE, backups, "Usable backups"),
    METRIC("active", S, WHOLE, active, "1 unless it is a backup"),
    METRIC("backup", S, WHOLE, backups, "1 if it is a backup"),
    METRIC("check_failures_total", S, WHOLE, check_failures, "Failed checks while up"),
    METRIC("check_up_down_total", B | S, WHOLE, times_down, "Times that it went down"),
    METRIC("check_last_change_seconds", B | S, WHOLE, changed_s,
           "Seconds since its state changed"),
    METRIC("downtime_seconds_total", B | S, WHOLE, down_s, "Seconds that it was down"),
    METRIC("check_duration_seconds", S, MILLISECONDS, check_ms,
           "Seconds that its last check took"),
    METRIC("check_code", S, WHOLE, check_code, "Status that its last check was given"),
    METRIC("current_throttle", S, WHOLE, throttle,
           "Percent of its weight while it starts slowly"),
    METRIC("last_session_seconds", B | S, WHOLE, last_session_s,
           "Seconds since its last session began"),
    METRIC("queue_time_average_seconds", B | S, MILLISECONDS, queue_ms,
           "Average wait for a server, of the last 1024 sessions"),
    METRIC("connect_time_average_seconds", B | S, MILLISECONDS, connect_ms,
           "Average time of a connect, of the last 1024 sessions"),
    METRIC("response_time_average_seconds", B | S, MILLISECONDS, response_ms,
           "Average time to a server's first byte, of the last 1024 sessions"),
    METRIC("total_time_average_seconds", B | S, MILLISECONDS, total_ms,
           "Average length of the last 1024 sessions"),
    METRIC("max_queue_time_seconds", B | S, MILLISECONDS, queue_ms_most,
           "Longest wait for a server"),
    METRIC("max_connect_time_seconds", B | S, MILLISECONDS, connect_ms_most,
           "Longest connect"),
    METRIC("max_response_time_seconds", B | S, MILLISECONDS, response_ms_most,
           "Longest time to a server's first byte"),
    METRIC("max_total_time_seconds", B | S, MILLISECONDS, total_ms_most,
           "Longest session"),
};

static const struct kind_name {
    enum stat_kind kind;
    const char *prefix;
    const char *const *states; /* ended by NULL */
} kinds[] = {
    { STAT_FRONTEND, "haproxy_frontend_", (const char *const[]){ "DOWN", "UP", NULL } },
    { STAT_BACKEND, "haproxy_backend_", (const char *const[]){ "DOWN", "UP", NULL } },
    { STAT_SERVER, "haproxy_server_", metrics_text_server_states },
};

static const char *const check_states[] = {
    "HANA",   "SOCKERR", "L4OK",     "L4TOUT", "L4CON", "L6OK",
    "L6TOUT", "L6RSP",   "L7TOUT",   "L7RSP",  "L7OK",  "L7OKC",
    "L7STS",  "PROCERR", "PROCTOUT", "PROCOK", NULL,
};

/* -1: a figure without a value, such as the last session of one that had none. */
static void write_metric(const struct metrics_text *text, const struct kind_name *kind,
                         const struct metric *metric)
{
    const size_t length = strlen(metric->name);
    bool is_counter = length > 6 && !strcmp(metric->name + length - 6, "_total");
    const struct metrics_name name = { kind->prefix, metric->name, metric->help,
                                       is_counter ? "counter" : "gauge" };

    if (!metrics_text_begin(text, &name))
        return;
    for (size_t i = 0; i < text->snapshot->count; i++) {
        const struct stat_row *row = &text->snapshot->rows[i];
        const void *field = (const char *)row + metric->at;
        int64_t value = *(const int64_t *)field;

        if (row->kind == kind->kind && value >= 0)
            metrics_text_sample(text, &name, i,
                                &(struct metrics_value){ .number = (uint64_t)value,
                                                         .is_ms = metric->unit ==
                                                                  MILLISECONDS });
    }
}

/* 1 for the state that it has, 0 for all others. */
static void write_states(const struct metrics_text *text, const struct metrics_name *name,
                         size_t index, const struct metrics_choice *choice)
{
    for (size_t i = 0; choice->states[i]; i++)
        metrics_text_sample(text, name, index,
                            &(struct metrics_value){
                                .number = !strcmp(choice->states[i], choice->state),
                                .label = "state",
                                .label_value = choice->states[i] });
}

static void write_status(const struct metrics_text *text, const struct kind_name *kind)
{
    const struct metrics_name name = { kind->prefix, "status",
                                       "1 for the state it is in, 0 for the others",
                                       "gauge" };

    if (!metrics_text_begin(text, &name))
        return;
    for (size_t i = 0; i < text->snapshot->count; i++) {
        const struct stat_row *row = &text->snapshot->rows[i];
        const struct metrics_choice choice = { kind->states, metrics_text_state(row) };

        if (row->kind == kind->kind)
            write_states(text, &name, i, &choice);
    }
}

static void write_check_status(const struct metrics_text *text)
{
    static const struct metrics_name name = { "haproxy_server_", "check_status",
                                              "1 for what its last check found, 0 for "
                                              "the others",
                                              "gauge" };

    if (!metrics_text_begin(text, &name))
        return;
    for (size_t i = 0; i < text->snapshot->count; i++) {
        const struct stat_row *row = &text->snapshot->rows[i];
        const char *code = row->kind == STAT_SERVER ? row->check_status : NULL;
        const struct metrics_choice choice = { check_states,
                                               code && !strncmp(code, "* ", 2) ? code + 2
                                                                               : code };

        if (code)
            write_states(text, &name, i, &choice);
    }
}

/* Servers stand before their backend. */
static void write_aggregate(const struct metrics_text *text)
{
    static const struct metrics_name name = { "haproxy_backend_", "agg_server_status",
                                              "Servers in each state", "gauge" };
    uint64_t counts[METRICS_TEXT_STATES] = { 0 };

    if (!metrics_text_begin(text, &name))
        return;
    for (size_t i = 0; i < text->snapshot->count; i++) {
        const struct stat_row *row = &text->snapshot->rows[i];

        for (size_t k = 0; k < METRICS_TEXT_STATES && row->kind == STAT_SERVER; k++)
            counts[k] += !strcmp(metrics_text_server_states[k], metrics_text_state(row));
        if (row->kind != STAT_BACKEND)
            continue;
        for (size_t k = 0; k < METRICS_TEXT_STATES; k++)
            metrics_text_sample(text, &name, i,
                                &(struct metrics_value){
                                    .number = counts[k],
                                    .label = "state",
                                    .label_value = metrics_text_server_states[k] });
        memset(counts, 0, sizeof counts);
    }
}

static void write_kind(const struct metrics_text *text, const struct kind_name *kind)
{
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
        if (metrics[i].rows & (unsigned)kind->kind)
            write_metric(text, kind, &metrics[i]);
    write_status(text, kind);
    if (kind->kind == STAT_SERVER)
        write_check_status(text);
    if (kind->kind == STAT_BACKEND)
        write_aggregate(text);
    metrics_own_rows(text, kind->kind);
}

void metrics_write(const struct snapshot *snapshot, const struct metrics_filter *filter,
                   struct buffer *out)
{
    struct metrics_text text = { .snapshot = snapshot, .filter = filter, .out = out };

    text.labels = metrics_text_labels(snapshot);
    if (filter->scopes & METRICS_GLOBAL)
        metrics_own_process(&text);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (filter->scopes & (unsigned)kinds[i].kind)
            write_kind(&text, &kinds[i]);
}
