/* The lines are HAProxy's, in its order and spelling; what usher has not is 0. Its own
 * come last. */
#include "admin/info.h"

#include "admin/age.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/version.h"
#include "config/settings.h"
#include "control/control.h"
#include "control/facts.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

struct lines {
    struct age_text uptime;
    char node[256];
    uint64_t workers, pid, uptime_s, descriptors, maxconn, sessions;
    uint64_t connections_total, sessions_total, bytes_out_total, refused_total,
        empty_total;
    uint64_t connection_rate, connection_rate_most, session_rate, session_rate_most;
    uint64_t tls_sessions, tls_sessions_total, handshake_rate, handshake_rate_most;
    uint64_t full_handshake_rate, full_handshake_rate_most, resumed_percent;
    uint64_t tasks, jobs, listeners, checks, idle_percent, is_stopping, dropped_logs;
    uint64_t started_at, generation, is_busy_polling;
};

enum type { CONSTANT, NUMBER, TEXT };

static const struct line_of_info {
    const char *name;
    enum type type;
    size_t at;            /* the field of the facts */
    const char *constant; /* the same in each usher */
} lines[] = {
#define CONSTANT(name, text)                                                             \
    {                                                                                    \
        name, CONSTANT, 0, text                                                          \
    }
#define NUMBER(name, field)                                                              \
    {                                                                                    \
        name, NUMBER, offsetof(struct lines, field), NULL                                \
    }
#define TEXT(name, field)                                                                \
    {                                                                                    \
        name, TEXT, offsetof(struct lines, field), NULL                                  \
    }
    CONSTANT("Name", "HAProxy"),
    CONSTANT("Version", USHER_DIALECT),
    CONSTANT("Release_date", USHER_RELEASED),
    NUMBER("Nbthread", workers),
    CONSTANT("Nbproc", "1"),
    CONSTANT("Process_num", "1"),
    NUMBER("Pid", pid),
    TEXT("Uptime", uptime),
    NUMBER("Uptime_sec", uptime_s),
    CONSTANT("Memmax_MB", "0"),
    CONSTANT("PoolAlloc_MB", "0"),
    CONSTANT("PoolUsed_MB", "0"),
    CONSTANT("PoolFailed", "0"),
    NUMBER("Ulimit-n", descriptors),
    NUMBER("Maxsock", descriptors),
    NUMBER("Maxconn", maxconn),
    NUMBER("Hard_maxconn", maxconn),
    NUMBER("CurrConns", sessions),
    NUMBER("CumConns", connections_total),
    NUMBER("CumReq", sessions_total),
    CONSTANT("MaxSslConns", "0"),
    NUMBER("CurrSslConns", tls_sessions),
    NUMBER("CumSslConns", tls_sessions_total),
    CONSTANT("Maxpipes", "0"),
    CONSTANT("PipesUsed", "0"),
    CONSTANT("PipesFree", "0"),
    NUMBER("ConnRate", connection_rate),
    CONSTANT("ConnRateLimit", "0"),
    NUMBER("MaxConnRate", connection_rate_most),
    NUMBER("SessRate", session_rate),
    CONSTANT("SessRateLimit", "0"),
    NUMBER("MaxSessRate", session_rate_most),
    NUMBER("SslRate", handshake_rate),
    CONSTANT("SslRateLimit", "0"),
    NUMBER("MaxSslRate", handshake_rate_most),
    NUMBER("SslFrontendKeyRate", full_handshake_rate),
    NUMBER("SslFrontendMaxKeyRate", full_handshake_rate_most),
    NUMBER("SslFrontendSessionReuse_pct", resumed_percent),
    CONSTANT("SslBackendKeyRate", "0"),
    CONSTANT("SslBackendMaxKeyRate", "0"),
    CONSTANT("SslCacheLookups", "0"),
    CONSTANT("SslCacheMisses", "0"),
    CONSTANT("CompressBpsIn", "0"),
    CONSTANT("CompressBpsOut", "0"),
    CONSTANT("CompressBpsRateLim", "0"),
    NUMBER("Tasks", tasks),
    CONSTANT("Run_queue", "0"),
    NUMBER("Idle_pct", idle_percent),
    TEXT("node", node),
    CONSTANT("description", ""),
    NUMBER("Stopping", is_stopping),
    NUMBER("Jobs", jobs),
    CONSTANT("Unstoppable Jobs", "0"),
    NUMBER("Listeners", listeners),
    CONSTANT("ActivePeers", "0"),
    CONSTANT("ConnectedPeers", "0"),
    NUMBER("DroppedLogs", dropped_logs),
    NUMBER("BusyPolling", is_busy_polling),
    CONSTANT("FailedResolutions", "0"),
    NUMBER("TotalBytesOut", bytes_out_total),
    CONSTANT("TotalSplicdedBytesOut", "0"),
    CONSTANT("BytesOutRate", "0"),
    CONSTANT("DebugCommandsIssued", "0"),
    CONSTANT("CumRecvLogs", "0"),
    CONSTANT("Build info", "usher " USHER_VERSION),
    CONSTANT("Memmax_bytes", "0"),
    CONSTANT("PoolAlloc_bytes", "0"),
    CONSTANT("PoolUsed_bytes", "0"),
    NUMBER("Start_time_sec", started_at),
    CONSTANT("Tainted", "0"),
    CONSTANT("Usher_version", USHER_VERSION),
    NUMBER("Usher_generation", generation),
    NUMBER("Usher_checks", checks),
    NUMBER("Usher_refused", refused_total),
    NUMBER("Usher_empty", empty_total),
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
    struct lines facts = {
        .uptime = age_uptime(known.uptime_ms),
        .workers = known.workers,
        .pid = (uint64_t)getpid(),
        .uptime_s = known.uptime_ms / 1000,
        .descriptors = known.descriptors,
        .maxconn = known.maxconn,
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
    };

    info_write_node(control_settings(control), facts.node, sizeof facts.node);
    return facts;
}

void info_write(const struct control *control, struct buffer *out)
{
    struct lines facts = gather(control);

    for (size_t i = 0; i < LINES; i++) {
        const void *field = (const char *)&facts + lines[i].at;

        buffer_format(out, "%s: ", lines[i].name);
        if (lines[i].type == NUMBER)
            buffer_format(out, "%" PRIu64, *(const uint64_t *)field);
        else
            buffer_add_text(out, lines[i].type == TEXT ? field : lines[i].constant);
        buffer_add_text(out, "\n");
    }
}
