/* The columns of the CSV, in HAProxy's order: a tool finds them by position as well as by
 * name. A column without rows is one that means nothing to a TCP proxy. */
#include "admin/stat_row.h"

#include "base/buffer.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

enum { F = STAT_FRONTEND, B = STAT_BACKEND, S = STAT_SERVER };
enum type { NOTHING, CONSTANT, NUMBER, TEXT };

static const struct column {
    const char *name;
    unsigned rows; /* bits of enum stat_kind */
    enum type type;
    size_t at;            /* the field of the row */
    const char *constant; /* the same in each row */
} columns[] = {
#define NUMBER(name, rows, field)                                                        \
    {                                                                                    \
        name, rows, NUMBER, offsetof(struct stat_row, field), NULL                       \
    }
#define TEXT(name, rows, field)                                                          \
    {                                                                                    \
        name, rows, TEXT, offsetof(struct stat_row, field), NULL                         \
    }
#define ALWAYS(name, rows, text)                                                         \
    {                                                                                    \
        name, rows, CONSTANT, 0, text                                                    \
    }
#define NEVER(name)                                                                      \
    {                                                                                    \
        name, 0, NOTHING, 0, NULL                                                        \
    }
    TEXT("pxname", F | B | S, proxy),
    TEXT("svname", F | B | S, name),
    NUMBER("qcur", B | S, queued),
    NUMBER("qmax", B | S, queued_most),
    NUMBER("scur", F | B | S, sessions),
    NUMBER("smax", F | B | S, sessions_most),
    NUMBER("slim", F | B | S, sessions_limit),
    NUMBER("stot", F | B | S, sessions_total),
    NUMBER("bin", F | B | S, bytes_in),
    NUMBER("bout", F | B | S, bytes_out),
    ALWAYS("dreq", F | B, "0"),
    ALWAYS("dresp", F | B | S, "0"),
    NUMBER("ereq", F, client_errors),
    NUMBER("econ", B | S, connect_failures),
    NUMBER("eresp", B | S, server_aborts),
    NUMBER("wretr", B | S, retries),
    NUMBER("wredis", B | S, redispatches),
    TEXT("status", F | B | S, status),
    NUMBER("weight", B | S, weight),
    NUMBER("act", B | S, active),
    NUMBER("bck", B | S, backups),
    NUMBER("chkfail", S, check_failures),
    NUMBER("chkdown", B | S, times_down),
    NUMBER("lastchg", B | S, changed_s),
    NUMBER("downtime", B | S, down_s),
    NEVER("qlimit"),
    ALWAYS("pid", F | B | S, "1"),
    NUMBER("iid", F | B | S, proxy_id),
    NUMBER("sid", F | B | S, server_id),
    NUMBER("throttle", S, throttle),
    NUMBER("lbtot", B | S, chosen),
    TEXT("tracked", S, tracked),
    NUMBER("type", F | B | S, type),
    NUMBER("rate", F | B | S, session_rate),
    ALWAYS("rate_lim", F, "0"),
    NUMBER("rate_max", F | B | S, session_rate_most),
    TEXT("check_status", S, check_status),
    NUMBER("check_code", S, check_code),
    NUMBER("check_duration", S, check_ms),
    NEVER("hrsp_1xx"),
    NEVER("hrsp_2xx"),
    NEVER("hrsp_3xx"),
    NEVER("hrsp_4xx"),
    NEVER("hrsp_5xx"),
    NEVER("hrsp_other"),
    NEVER("hanafail"),
    ALWAYS("req_rate", F, "0"),
    ALWAYS("req_rate_max", F, "0"),
    ALWAYS("req_tot", F, "0"),
    NUMBER("cli_abrt", B | S, client_aborts),
    NUMBER("srv_abrt", B | S, server_aborts),
    ALWAYS("comp_in", F | B, "0"),
    ALWAYS("comp_out", F | B, "0"),
    ALWAYS("comp_byp", F | B, "0"),
    ALWAYS("comp_rsp", F | B, "0"),
    NUMBER("lastsess", B | S, last_session_s),
    TEXT("last_chk", S, last_check),
    TEXT("last_agt", S, last_agent),
    NUMBER("qtime", B | S, queue_ms),
    NUMBER("ctime", B | S, connect_ms),
    NUMBER("rtime", B | S, response_ms),
    NUMBER("ttime", B | S, total_ms),
    TEXT("agent_status", S, agent_status),
    NUMBER("agent_code", S, agent_code),
    NUMBER("agent_duration", S, agent_ms),
    TEXT("check_desc", S, check_description),
    TEXT("agent_desc", S, agent_description),
    NUMBER("check_rise", S, check_rise),
    NUMBER("check_fall", S, check_fall),
    NUMBER("check_health", S, check_health),
    NUMBER("agent_rise", S, agent_rise),
    NUMBER("agent_fall", S, agent_fall),
    NUMBER("agent_health", S, agent_health),
    TEXT("addr", S, address),
    NEVER("cookie"),
    ALWAYS("mode", F | B | S, "tcp"),
    TEXT("algo", B, algorithm),
    NUMBER("conn_rate", F, connection_rate),
    NUMBER("conn_rate_max", F, connection_rate_most),
    NUMBER("conn_tot", F, connections_total),
    NEVER("intercepted"),
    NUMBER("dcon", F, refused),
    ALWAYS("dses", F, "0"),
    ALWAYS("wrew", F | B | S, "0"),
    NUMBER("connect", B | S, attempts),
    ALWAYS("reuse", B | S, "0"),
    NEVER("cache_lookups"),
    NEVER("cache_hits"),
    ALWAYS("srv_icur", S, "0"),
    NEVER("src_ilim"),
    NUMBER("qtime_max", B | S, queue_ms_most),
    NUMBER("ctime_max", B | S, connect_ms_most),
    NUMBER("rtime_max", B | S, response_ms_most),
    NUMBER("ttime_max", B | S, total_ms_most),
    NUMBER("eint", F | B | S, internal_errors),
    ALWAYS("idle_conn_cur", S, "0"),
    ALWAYS("safe_conn_cur", S, "0"),
    ALWAYS("used_conn_cur", S, "0"),
    ALWAYS("need_conn_est", S, "0"),
    NUMBER("uweight", B | S, configured_weight),
    ALWAYS("agg_server_status", B, "0"),
    ALWAYS("agg_server_check_status", B, "0"),
    ALWAYS("agg_check_status", B, "0"),
    ALWAYS("-", F | B | S, "-"), /* what follows is found by name only */
    NUMBER("ssl_sess", F, handshakes),
    NUMBER("ssl_reused_sess", F, handshakes_resumed),
    NUMBER("ssl_failed_handshake", F, handshakes_failed),
    TEXT("tier", B | S, tier),
    TEXT("serving", B, serving),
    NUMBER("degraded", B, times_degraded),
    NUMBER("agent_age", S, agent_age_s),
    NUMBER("times_closed", F, times_closed),
    NUMBER("ejections", S, ejections),
    NUMBER("mass_failures", B, mass_failures),
};

enum { COLUMNS = sizeof columns / sizeof *columns };

void stat_row_write_header(struct buffer *out)
{
    buffer_add_text(out, "# ");
    for (size_t i = 0; i < COLUMNS; i++)
        buffer_format(out, "%s,", columns[i].name);
    buffer_add_text(out, "\n");
}

static void write_text(const char *text, struct buffer *out)
{
    if (!strpbrk(text, ",\"")) {
        buffer_add_text(out, text);
        return;
    }
    buffer_add_text(out, "\"");
    for (; *text; text++)
        buffer_format(out, *text == '"' ? "\"%c" : "%c", *text);
    buffer_add_text(out, "\"");
}

static void write_field(const struct stat_row *row, const struct column *column,
                        struct buffer *out)
{
    const void *field = (const char *)row + column->at;
    int64_t number = column->type == NUMBER ? *(const int64_t *)field : STAT_ABSENT;
    const char *text = column->type == TEXT ? *(const char *const *)field : NULL;

    if (column->type == CONSTANT)
        text = column->constant;
    if (number != STAT_ABSENT)
        buffer_format(out, "%" PRId64, number);
    else if (text)
        write_text(text, out);
}

void stat_row_write(const struct stat_row *row, struct buffer *out)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        if (columns[i].rows & (unsigned)row->kind)
            write_field(row, &columns[i], out);
        buffer_add_text(out, ",");
    }
    buffer_add_text(out, "\n");
}
