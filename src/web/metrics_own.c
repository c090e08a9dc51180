/* What HAProxy has no name for begins with usher_: who is ejected or panics, what came of
 * the last reload, how long connects and sessions take. */
#include "web/metrics_own.h"

#include "admin/info.h"
#include "backend/backend.h"
#include "base/buffer.h"
#include "base/histogram.h"
#include "base/log.h"
#include "base/version.h"
#include "web/metrics_text.h"

#include <stdio.h>
#include <string.h>

static const char process[] = "haproxy_process_", own[] = "usher_";
static const char counter[] = "counter", gauge[] = "gauge";

/* A name without a row. */
struct single {
    struct metrics_name name;
    struct metrics_value value;
};

static void write_singles(const struct metrics_text *text, const struct single *singles,
                          size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (metrics_text_begin(text, &singles[i].name))
            metrics_text_sample(text, &singles[i].name, SIZE_MAX, &singles[i].value);
}

#define SINGLE(prefix, name, type, help, value)                                          \
    {                                                                                    \
        { prefix, name, help, type },                                                    \
        {                                                                                \
            .number = value                                                              \
        }                                                                                \
    }
#define GAUGE(name, help, value) SINGLE(process, name, gauge, help, value)
#define COUNTER(name, help, value) SINGLE(process, name, counter, help, value)

static void write_limits(const struct metrics_text *text, const struct facts *facts)
{
    const struct single singles[] = {
        GAUGE("nbthread", "Threads that serve clients", facts->workers),
        GAUGE("nbproc", "Processes", 1),
        GAUGE("relative_process_id", "Number of this process", 1),
        GAUGE("uptime_seconds", "Seconds since the start", facts->uptime_ms / 1000),
        GAUGE("start_time_seconds", "Unix time of the start", facts->started_at),
        GAUGE("max_fds", "Descriptors that may be open", facts->descriptors),
        GAUGE("max_sockets", "Sockets that may be open", facts->descriptors),
        GAUGE("max_connections", "Sessions allowed", facts->maxconn),
        GAUGE("hard_max_connections", "The most that max_connections may be set to",
              facts->most_maxconn),
        GAUGE("limit_connection_rate", "Connections a second, at most; 0: any",
              facts->connections_most),
        GAUGE("limit_session_rate", "Sessions a second, at most; 0: any",
              facts->sessions_most),
        GAUGE("limit_ssl_rate", "Sessions with TLS a second, at most; 0: any",
              facts->handshakes_most),
        GAUGE("idle_time_percent", "Share of time that no thread worked",
              info_idle_percent((uint64_t)facts->workers + 1)),
        GAUGE("stopping", "1 while usher drains", facts->is_stopping),
        GAUGE("jobs", "Sessions and listening addresses",
              (uint64_t)facts->sessions + facts->listeners),
        GAUGE("listeners", "Listening addresses", facts->listeners),
        COUNTER("dropped_logs_total", "Log lines that could not be written",
                log_dropped()),
    };

    write_singles(text, singles, sizeof singles / sizeof *singles);
}

static void write_traffic(const struct metrics_text *text, const struct facts *facts)
{
    const struct single singles[] = {
        GAUGE("current_connections", "Sessions at this moment", facts->sessions),
        COUNTER("connections_total", "Connections so far", facts->connections_total),
        COUNTER("requests_total", "Sessions so far", facts->sessions_total),
        COUNTER("bytes_out_total", "Bytes to clients", facts->bytes_out_total),
        GAUGE("current_connection_rate", "New connections in the last second",
              facts->connection_rate),
        GAUGE("max_connection_rate", "Most new connections in a second",
              facts->connection_rate_most),
        GAUGE("current_session_rate", "New sessions in the last second",
              facts->session_rate),
        GAUGE("max_session_rate", "Most new sessions in a second",
              facts->session_rate_most),
        GAUGE("current_ssl_connections", "Sessions with TLS towards the client",
              facts->tls_sessions),
        COUNTER("ssl_connections_total", "The same, so far", facts->tls_sessions_total),
        GAUGE("current_ssl_rate", "TLS handshakes with clients in the last second",
              facts->handshake_rate),
        GAUGE("max_ssl_rate", "Most of them in a second", facts->handshake_rate_most),
        GAUGE("current_frontend_ssl_key_rate", "Those that resumed no earlier session",
              facts->full_handshake_rate),
        GAUGE("max_frontend_ssl_key_rate", "Most of them in a second",
              facts->full_handshake_rate_most),
        GAUGE("frontend_ssl_reuse", "Percent of handshakes that resumed a session",
              facts->resumed_percent),
    };

    write_singles(text, singles, sizeof singles / sizeof *singles);
}

static void write_reloads(const struct metrics_text *text, const struct facts *facts)
{
    static const struct metrics_name name = { own, "config_reloads_total",
                                              "Reloads asked for, by what came of them",
                                              counter };
    const struct single singles[] = {
        SINGLE(own, "config_generation", gauge, "Number of the configuration in force",
               facts->generation),
        SINGLE(own, "config_last_reload_successful", gauge,
               "0 when the last reload was refused", !facts->was_refused),
        SINGLE(own, "config_last_reload_success_timestamp_seconds", gauge,
               "Unix time when the configuration in force was read", facts->reloaded_at),
        SINGLE(own, "refused_connections_total", counter,
               "Connections refused by a limit or a rule", facts->refused_total),
        SINGLE(own, "checks", gauge, "Servers that are checked", facts->checks),
    };

    write_singles(text, singles, sizeof singles / sizeof *singles);
    if (!metrics_text_begin(text, &name))
        return;
    metrics_text_sample(text, &name, SIZE_MAX,
                        &(struct metrics_value){ .number = facts->reloads_applied,
                                                 .label = "result",
                                                 .label_value = "applied" });
    metrics_text_sample(text, &name, SIZE_MAX,
                        &(struct metrics_value){ .number = facts->reloads_refused,
                                                 .label = "result",
                                                 .label_value = "refused" });
}

static void write_build(const struct metrics_text *text, const char *prefix,
                        const char *version)
{
    const struct metrics_name name = { prefix, "build_info", "Which version this is",
                                       gauge };

    if (!metrics_text_begin(text, &name))
        return;
    metrics_text_sample(text, &name, SIZE_MAX,
                        &(struct metrics_value){
                            .number = 1, .label = "version", .label_value = version });
}

void metrics_own_process(const struct metrics_text *text)
{
    const struct facts *facts = &text->snapshot->facts;

    write_build(text, process, USHER_DIALECT);
    write_limits(text, facts);
    write_traffic(text, facts);
    write_build(text, own, USHER_VERSION);
    write_reloads(text, facts);
}

static uint64_t is_ejected(const struct stat_row *row)
{
    return row->server->is_ejected;
}

static uint64_t ejections(const struct stat_row *row)
{
    return (uint64_t)row->ejections;
}

static uint64_t has_panic(const struct stat_row *row)
{
    return row->backend->serving.reason == TIERS_FAIL_OPEN;
}

static uint64_t is_degraded(const struct stat_row *row)
{
    return row->backend->serving.reason != TIERS_FIRST;
}

static uint64_t times_degraded(const struct stat_row *row)
{
    return (uint64_t)row->times_degraded;
}

static uint64_t times_closed(const struct stat_row *row)
{
    return (uint64_t)row->times_closed;
}

static uint64_t handshakes(const struct stat_row *row)
{
    return (uint64_t)row->handshakes;
}

static uint64_t handshakes_resumed(const struct stat_row *row)
{
    return (uint64_t)row->handshakes_resumed;
}

static uint64_t handshakes_failed(const struct stat_row *row)
{
    return (uint64_t)row->handshakes_failed;
}

static const struct own_metric {
    struct metrics_name name;
    enum stat_kind kind;
    uint64_t (*value)(const struct stat_row *row);
} metrics[] = {
    { { "usher_server_", "ejected", "1 while it is out because clients' sessions failed",
        gauge },
      STAT_SERVER,
      is_ejected },
    { { "usher_server_", "ejections_total", "Times that it was ejected", counter },
      STAT_SERVER,
      ejections },
    { { "usher_backend_", "panic",
        "1 while it uses servers that are not fit, too few are", gauge },
      STAT_BACKEND,
      has_panic },
    { { "usher_backend_", "degraded", "1 unless its first tier serves in full", gauge },
      STAT_BACKEND,
      is_degraded },
    { { "usher_backend_", "degraded_total", "Times that it became degraded", counter },
      STAT_BACKEND,
      times_degraded },
    { { "usher_frontend_", "closed_total",
        "Times that it stopped listening, without a server", counter },
      STAT_FRONTEND,
      times_closed },
    { { "usher_frontend_", "handshakes_total", "TLS handshakes done with clients",
        counter },
      STAT_FRONTEND,
      handshakes },
    { { "usher_frontend_", "handshakes_resumed_total",
        "Those of them that resumed an earlier session", counter },
      STAT_FRONTEND,
      handshakes_resumed },
    { { "usher_frontend_", "handshakes_failed_total",
        "TLS handshakes with clients that failed", counter },
      STAT_FRONTEND,
      handshakes_failed },
};

static void write_steps(const struct metrics_text *text, const struct metrics_name *name,
                        size_t index, const struct histogram *histogram)
{
    struct histogram_sum sum = histogram_sum(histogram);
    struct metrics_value value = { .suffix = "_bucket", .label = "le" };
    char bound[32];

    for (size_t i = 0; i <= HISTOGRAM_STEPS; i++) {
        if (i < HISTOGRAM_STEPS)
            (void)snprintf(bound, sizeof bound, "%g", (double)histogram_most(i) / 1000.);
        else
            (void)snprintf(bound, sizeof bound, "+Inf");
        value.number += sum.counts[i];
        value.label_value = bound;
        metrics_text_sample(text, name, index, &value);
    }
    value.label = NULL;
    value.suffix = "_count";
    metrics_text_sample(text, name, index, &value);
    value = (struct metrics_value){ .number = sum.total_ms,
                                    .is_ms = true,
                                    .suffix = "_sum" };
    metrics_text_sample(text, name, index, &value);
}

static void write_histograms(const struct metrics_text *text)
{
    static const struct {
        struct metrics_name name;
        size_t at;
    } histograms[] = {
        { { "usher_backend_", "connect_time_seconds",
            "How long it took to reach a server, of sessions that are over",
            "histogram" },
          offsetof(struct backend, connect_times) },
        { { "usher_backend_", "session_time_seconds",
            "How long sessions that are over have lasted", "histogram" },
          offsetof(struct backend, session_times) },
    };

    for (size_t k = 0; k < sizeof histograms / sizeof *histograms; k++) {
        if (!metrics_text_begin(text, &histograms[k].name))
            continue;
        for (size_t i = 0; i < text->snapshot->count; i++) {
            const struct backend *backend = text->snapshot->rows[i].backend;
            const void *place = (const char *)backend + histograms[k].at;

            if (backend)
                write_steps(text, &histograms[k].name, i,
                            *(struct histogram *const *)place);
        }
    }
}

void metrics_own_rows(const struct metrics_text *text, enum stat_kind kind)
{
    for (size_t k = 0; k < sizeof metrics / sizeof *metrics; k++) {
        if (metrics[k].kind != kind || !metrics_text_begin(text, &metrics[k].name))
            continue;
        for (size_t i = 0; i < text->snapshot->count; i++) {
            const struct stat_row *row = &text->snapshot->rows[i];

            if (row->kind == kind)
                metrics_text_sample(text, &metrics[k].name, i,
                                    &(struct metrics_value){
                                        .number = metrics[k].value(row) });
        }
    }
    if (kind == STAT_BACKEND)
        write_histograms(text);
}
