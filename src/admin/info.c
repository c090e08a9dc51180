/* The lines are HAProxy's, in its order and spelling; what usher has not is 0. Its own
 * come last. */
#include "admin/info.h"

#include "admin/age.h"
#include "admin/figure.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/version.h"
#include "config/settings.h"
#include "control/control.h"
#include "control/facts.h"

#include <stddef.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

struct lines {
    struct age_text uptime;
    char node[256];
    uint64_t workers, pid, uptime_s, descriptors, maxconn, most_maxconn, sessions;
    uint64_t connections_most, sessions_most, handshakes_most;
    uint64_t connections_total, sessions_total, bytes_out_total, refused_total,
        empty_total;
    uint64_t connection_rate, connection_rate_most, session_rate, session_rate_most;
    uint64_t tls_sessions, tls_sessions_total, handshake_rate, handshake_rate_most;
    uint64_t full_handshake_rate, full_handshake_rate_most, resumed_percent;
    uint64_t tasks, jobs, listeners, checks, idle_percent, is_stopping, dropped_logs;
    uint64_t started_at, generation, is_busy_polling, failed_resolutions;
};

enum type { NOTHING, CONSTANT, NUMBER, TEXT };

static const struct line_of_info {
    const char *name;
    enum type type;
    size_t at;            /* the field of the facts */
    const char *constant; /* the same in each usher */
    const char *kind, *help;
} lines[] = {
#define CONSTANT(name, text, kind, help)                                                 \
    {                                                                                    \
        name, CONSTANT, 0, text, kind, help                                              \
    }
#define NUMBER(name, field, kind, help)                                                  \
    {                                                                                    \
        name, NUMBER, offsetof(struct lines, field), NULL, kind, help                    \
    }
#define TEXT(name, field, kind, help)                                                    \
    {                                                                                    \
        name, TEXT, offsetof(struct lines, field), NULL, kind, help                      \
    }
/* Of a position that others have something at. */
#define NOWHERE(name)                                                                    \
    {                                                                                    \
        name, NOTHING, 0, NULL, "", ""                                                   \
    }
    CONSTANT("Name", "HAProxy", "POS:str", "whose dialect this is"),
    CONSTANT("Version", USHER_DIALECT, "POS:str", "version of the dialect, and of usher"),
    CONSTANT("Release_date", USHER_RELEASED, "POS:str", "day of the release"),
    NUMBER("Nbthread", workers, "CGS:u32", "workers"),
    CONSTANT("Nbproc", "1", "CGS:u32", "always 1"),
    CONSTANT("Process_num", "1", "KGP:u32", "always 1"),
    NUMBER("Pid", pid, "SGP:u32", "number of the process"),
    TEXT("Uptime", uptime, "MDP:str", "time since the start"),
    NUMBER("Uptime_sec", uptime_s, "MDP:u32", "seconds since the start"),
    CONSTANT("Memmax_MB", "0", "CLP:u32", "always 0"),
    CONSTANT("PoolAlloc_MB", "0", "MGP:u32", "always 0"),
    CONSTANT("PoolUsed_MB", "0", "MGP:u32", "always 0"),
    CONSTANT("PoolFailed", "0", "MCP:u32", "always 0"),
    NUMBER("Ulimit-n", descriptors, "CLP:u32", "limit of descriptors"),
    NUMBER("Maxsock", descriptors, "CLP:u32", "limit of descriptors"),
    NUMBER("Maxconn", maxconn, "CLP:u32", "limit of sessions at once"),
    NUMBER("Hard_maxconn", most_maxconn, "CLP:u32",
           "the most that maxconn may be set to"),
    NUMBER("CurrConns", sessions, "MGP:u32", "sessions now"),
    NUMBER("CumConns", connections_total, "MCP:u32", "connections taken so far"),
    NUMBER("CumReq", sessions_total, "MCP:u32", "sessions so far"),
    CONSTANT("MaxSslConns", "0", "MMP:u32", "always 0"),
    NUMBER("CurrSslConns", tls_sessions, "MGP:u32", "sessions with TLS now"),
    NUMBER("CumSslConns", tls_sessions_total, "MCP:u32", "sessions with TLS so far"),
    CONSTANT("Maxpipes", "0", "CLP:u32", "always 0"),
    CONSTANT("PipesUsed", "0", "MGP:u32", "always 0"),
    CONSTANT("PipesFree", "0", "MGP:u32", "always 0"),
    NUMBER("ConnRate", connection_rate, "MRP:u32",
           "connections taken in the last second"),
    NUMBER("ConnRateLimit", connections_most, "CLP:u32",
           "connections a second, at most; 0: any"),
    NUMBER("MaxConnRate", connection_rate_most, "MMP:u32",
           "most connections taken in a second"),
    NUMBER("SessRate", session_rate, "MRP:u32", "sessions begun in the last second"),
    NUMBER("SessRateLimit", sessions_most, "CLP:u32",
           "sessions a second, at most; 0: any"),
    NUMBER("MaxSessRate", session_rate_most, "MRP:u32",
           "most sessions begun in a second"),
    NUMBER("SslRate", handshake_rate, "MRP:u32", "TLS handshakes in the last second"),
    NUMBER("SslRateLimit", handshakes_most, "CLP:u32",
           "sessions with TLS a second, at most; 0: any"),
    NUMBER("MaxSslRate", handshake_rate_most, "MMP:u32",
           "most TLS handshakes in a second"),
    NUMBER("SslFrontendKeyRate", full_handshake_rate, "MGP:u32",
           "full TLS handshakes in the last second"),
    NUMBER("SslFrontendMaxKeyRate", full_handshake_rate_most, "MMP:u32",
           "most full TLS handshakes in a second"),
    NUMBER("SslFrontendSessionReuse_pct", resumed_percent, "MGP:u32",
           "percent of TLS handshakes that resumed a session"),
    CONSTANT("SslBackendKeyRate", "0", "MRP:u32", "always 0"),
    CONSTANT("SslBackendMaxKeyRate", "0", "MMP:u32", "always 0"),
    CONSTANT("SslCacheLookups", "0", "MCP:u32", "always 0"),
    CONSTANT("SslCacheMisses", "0", "MCP:u32", "always 0"),
    CONSTANT("CompressBpsIn", "0", "MRP:u32", "always 0"),
    CONSTANT("CompressBpsOut", "0", "MRP:u32", "always 0"),
    CONSTANT("CompressBpsRateLim", "0", "CLP:u32", "always 0"),
    NOWHERE("ZlibMemUsage"),
    NOWHERE("MaxZlibMemUsage"),
    NUMBER("Tasks", tasks, "MGP:u32", "sessions and checks"),
    CONSTANT("Run_queue", "0", "MGP:u32", "always 0"),
    NUMBER("Idle_pct", idle_percent, "MaP:u32",
           "percent of the time that nothing was to be done"),
    TEXT("node", node, "COS:str", "name of this usher"),
    CONSTANT("description", "", "COS:str", "always empty"),
    NUMBER("Stopping", is_stopping, "MGP:u32", "1 while it stops"),
    NUMBER("Jobs", jobs, "MGP:u32", "sessions and listening addresses"),
    CONSTANT("Unstoppable Jobs", "0", "MGP:u32", "always 0"),
    NUMBER("Listeners", listeners, "MGP:u32", "listening addresses"),
    CONSTANT("ActivePeers", "0", "MGP:u32", "always 0"),
    CONSTANT("ConnectedPeers", "0", "MGP:u32", "always 0"),
    NUMBER("DroppedLogs", dropped_logs, "MGP:u32", "log lines that were lost"),
    NUMBER("BusyPolling", is_busy_polling, "MGP:u32",
           "1 while workers stay awake by `busy-poll`"),
    NUMBER("FailedResolutions", failed_resolutions, "MGP:u32",
           "questions to DNS that were not answered"),
    NUMBER("TotalBytesOut", bytes_out_total, "MGP:u64", "bytes from servers to clients"),
    CONSTANT("TotalSplicdedBytesOut", "0", "MGP:u64", "always 0"),
    CONSTANT("BytesOutRate", "0", "MRP:u64", "always 0"),
    CONSTANT("DebugCommandsIssued", "0", "MGP:u32", "always 0"),
    CONSTANT("CumRecvLogs", "0", "MCP:u32", "always 0"),
    CONSTANT("Build info", "usher " USHER_VERSION, "POS:str", "version of usher"),
    CONSTANT("Memmax_bytes", "0", "CLP:u32", "always 0"),
    CONSTANT("PoolAlloc_bytes", "0", "MGP:u64", "always 0"),
    CONSTANT("PoolUsed_bytes", "0", "MGP:u64", "always 0"),
    NUMBER("Start_time_sec", started_at, "MDP:u32", "start in seconds since 1970"),
    CONSTANT("Tainted", "0", "SGP:str", "always 0"),
    CONSTANT("Usher_version", USHER_VERSION, "POS:str", "version of usher"),
    NUMBER("Usher_generation", generation, "MCP:u64", "configurations taken so far"),
    NUMBER("Usher_checks", checks, "MGP:u64", "servers that are checked"),
    NUMBER("Usher_refused", refused_total, "MCP:u64", "connections refused at once"),
    NUMBER("Usher_empty", empty_total, "MCP:u64", "sessions without a byte"),
};

enum { LINES = sizeof lines / sizeof *lines };

uint64_t info_idle_percent(uint64_t threads)
{
    static struct {
        uint64_t at, worked_ms, percent;
    } last = { .percent = 100 };
    uint64_t now = clock_ms(), worked_ms, passed_ms, busy;
    struct timespec worked;

    if (last.at && now - last.at < 1000)
        return last.percent;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &worked);
    worked_ms = (uint64_t)worked.tv_sec * 1000 + (uint64_t)worked.tv_nsec / 1000000;
    passed_ms = (now - last.at) * threads;
    busy = last.at && passed_ms ? (worked_ms - last.worked_ms) * 100 / passed_ms : 0;
    last.at = now;
    last.worked_ms = worked_ms;
    last.percent = busy < 100 ? 100 - busy : 0;
    return last.percent;
}

void info_write_node(const struct settings *settings, char *node, size_t size)
{
    if (settings->global.node)
        (void)snprintf(node, size, "%s", settings->global.node);
    else if (gethostname(node, size) == -1 || !*node)
        (void)snprintf(node, size, "unknown");
    node[size - 1] = '\0';
}

static struct lines gather(const struct control *control)
{
    struct facts known = facts_read(control);
    struct resolving resolving = facts_resolving(control);
    struct lines facts = {
        .uptime = age_uptime(known.uptime_ms),
        .workers = known.workers,
        .pid = (uint64_t)getpid(),
        .uptime_s = known.uptime_ms / 1000,
        .descriptors = known.descriptors,
        .maxconn = known.maxconn,
        .most_maxconn = known.most_maxconn,
        .connections_most = known.connections_most,
        .sessions_most = known.sessions_most,
        .handshakes_most = known.handshakes_most,
        .sessions = known.sessions,
        .connections_total = known.connections_total,
        .sessions_total = known.sessions_total,
        .bytes_out_total = known.bytes_out_total,
        .refused_total = known.refused_total,
        .empty_total = known.empty_total,
        .connection_rate = known.connection_rate,
        .connection_rate_most = known.connection_rate_most,
        .session_rate = known.session_rate,
        .session_rate_most = known.session_rate_most,
        .tls_sessions = known.tls_sessions,
        .tls_sessions_total = known.tls_sessions_total,
        .handshake_rate = known.handshake_rate,
        .handshake_rate_most = known.handshake_rate_most,
        .full_handshake_rate = known.full_handshake_rate,
        .full_handshake_rate_most = known.full_handshake_rate_most,
        .resumed_percent = known.resumed_percent,
        .tasks = (uint64_t)known.sessions + known.checks,
        .jobs = (uint64_t)known.sessions + known.listeners,
        .listeners = known.listeners,
        .checks = known.checks,
        .idle_percent = info_idle_percent((uint64_t)known.workers + 1),
        .is_stopping = known.is_stopping,
        .is_busy_polling = known.is_busy_polling,
        .dropped_logs = log_dropped(),
        .started_at = known.started_at,
        .generation = known.generation,
        .failed_resolutions = resolving.counts.unknown + resolving.counts.timed_out +
                              resolving.counts.refused + resolving.counts.failed,
    };

    info_write_node(control_settings(control), facts.node, sizeof facts.node);
    return facts;
}

static struct figure figure_of(const struct lines *facts, size_t line)
{
    const void *field = (const char *)facts + lines[line].at;
    struct figure figure = {
        .position = (unsigned)line,
        .name = lines[line].name,
        .kind = lines[line].kind,
        .help = lines[line].help,
        .text = lines[line].constant,
    };

    if (lines[line].type == NUMBER)
        figure.number = (int64_t) * (const uint64_t *)field;
    else if (lines[line].type == TEXT)
        figure.text = field;
    return figure;
}

static void write_plain(const struct figure *figure, bool has_help, struct buffer *out)
{
    buffer_format(out, "%s: ", figure->name);
    if (figure->text)
        buffer_add_text(out, figure->text);
    else
        buffer_add_number(out, figure->number);
    if (has_help)
        figure_write_help(figure, out);
    buffer_add_text(out, "\n");
}

static void write_figure(const struct figure *figure, const struct info_wish *wish,
                         struct buffer *out)
{
    static const struct figure_object process = { .type = "" };

    if (wish->form == INFO_PLAIN) {
        write_plain(figure, wish->has_help, out);
    } else if (wish->form == INFO_TYPED) {
        figure_write_typed(figure, &process, wish->has_help, out);
    } else {
        buffer_add_text(out, figure->position ? "," : "[");
        figure_write_json(figure, &process, out);
    }
}

void info_write(const struct control *control, const struct info_wish *wish,
                struct buffer *out)
{
    struct lines facts = gather(control);

    for (size_t i = 0; i < LINES; i++) {
        struct figure figure = figure_of(&facts, i);

        if (lines[i].type != NOTHING)
            write_figure(&figure, wish, out);
    }
    buffer_add_text(out, wish->form == INFO_JSON ? "]\n" : "");
}
