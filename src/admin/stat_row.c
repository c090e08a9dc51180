/* The columns of the CSV, in HAProxy's order: a tool finds them by position as well as by
 * name. A column without rows is one that means nothing to a TCP proxy. */
#include "admin/stat_row.h"

#include "admin/figure.h"
#include "base/buffer.h"

#include <stddef.h>
#include <string.h>

enum { F = STAT_FRONTEND, B = STAT_BACKEND, S = STAT_SERVER };
enum type { NOTHING, CONSTANT, NUMBER, TEXT };

/* Positions of typed figures have no place for it. */
enum { STATIC_COLUMNS = 103 };

static const struct column {
    const char *name;
    unsigned rows; /* bits of enum stat_kind */
    enum type type;
    size_t at;            /* the field of the row */
    const char *constant; /* the same in each row */
    const char *kind, *help;
} columns[] = {
#define NUMBER(name, rows, field, kind, help)                                            \
    {                                                                                    \
        name, rows, NUMBER, offsetof(struct stat_row, field), NULL, kind, help           \
    }
#define TEXT(name, rows, field, kind, help)                                              \
    {                                                                                    \
        name, rows, TEXT, offsetof(struct stat_row, field), NULL, kind, help             \
    }
#define ALWAYS(name, rows, text, kind, help)                                             \
    {                                                                                    \
        name, rows, CONSTANT, 0, text, kind, help                                        \
    }
#define NEVER(name)                                                                      \
    {                                                                                    \
        name, 0, NOTHING, 0, NULL, "", ""                                                \
    }
    TEXT("pxname", F | B | S, proxy, "KNS:str", "name of the frontend or backend"),
    TEXT("svname", F | B | S, name, "KNS:str", "FRONTEND, BACKEND or name of the server"),
    NUMBER("qcur", B | S, queued, "MGP:u32", "sessions waiting in a queue now"),
    NUMBER("qmax", B | S, queued_most, "MMP:u32", "most sessions that waited at once"),
    NUMBER("scur", F | B | S, sessions, "MGP:u32", "sessions now"),
    NUMBER("smax", F | B | S, sessions_most, "MMP:u32", "most sessions at once"),
    NUMBER("slim", F | B | S, sessions_limit, "CLP:u32", "limit of sessions at once"),
    NUMBER("stot", F | B | S, sessions_total, "MCP:u64",
           "sessions so far; of a server attempts to reach it"),
    NUMBER("bin", F | B | S, bytes_in, "MCP:u64", "bytes from clients to servers"),
    NUMBER("bout", F | B | S, bytes_out, "MCP:u64", "bytes from servers to clients"),
    ALWAYS("dreq", F | B, "0", "MCP:u64", "sessions refused by rules"),
    ALWAYS("dresp", F | B | S, "0", "MCP:u64", "always 0"),
    NUMBER("ereq", F, client_errors, "MCP:u64",
           "sessions that failed before a server was chosen"),
    NUMBER("econ", B | S, connect_failures, "MCP:u64",
           "sessions for which no server was reached"),
    NUMBER("eresp", B | S, server_aborts, "MCP:u64", "sessions cut off by the server"),
    NUMBER("wretr", B | S, retries, "MCP:u64", "connects tried again"),
    NUMBER("wredis", B | S, redispatches, "MCP:u64",
           "sessions moved on to another server"),
    TEXT("status", F | B | S, status, "SGP:str", "state"),
    NUMBER("weight", B | S, weight, "MaP:u32",
           "weight in force; of a backend the sum of its usable servers"),
    NUMBER("act", B | S, active, "SGP:u32",
           "is it an active server; of a backend how many are usable"),
    NUMBER("bck", B | S, backups, "SGP:u32",
           "is it a backup; of a backend how many are usable"),
    NUMBER("chkfail", S, check_failures, "MCP:u64", "checks that failed while it was up"),
    NUMBER("chkdown", B | S, times_down, "MCP:u64", "times it went down"),
    NUMBER("lastchg", B | S, changed_s, "MAP:u32",
           "seconds since it last changed between up and down"),
    NUMBER("downtime", B | S, down_s, "MCP:u32", "seconds it was down in all"),
    NEVER("qlimit"),
    ALWAYS("pid", F | B | S, "1", "KGP:u32", "number of the process, always 1"),
    NUMBER("iid", F | B | S, proxy_id, "KGS:u32", "number of the frontend or backend"),
    NUMBER("sid", F | B | S, server_id, "KGS:u32", "number of the server, 0 for others"),
    NUMBER("throttle", S, throttle, "MaP:u32",
           "percent of its weight while it starts slowly"),
    NUMBER("lbtot", B | S, chosen, "MCP:u64", "times a balancer chose it"),
    TEXT("tracked", S, tracked, "CNS:str", "server whose checks it follows"),
    NUMBER("type", F | B | S, type, "CGS:u32", "0 frontend, 1 backend, 2 server"),
    NUMBER("rate", F | B | S, session_rate, "MRP:u32",
           "sessions begun in the last second"),
    ALWAYS("rate_lim", F, "0", "CLP:u32", "limit of sessions per second, 0 for none"),
    NUMBER("rate_max", F | B | S, session_rate_most, "MMP:u32",
           "most sessions begun in a second"),
    TEXT("check_status", S, check_status, "MOP:str",
         "outcome of the last check, with a star while it is checked"),
    NUMBER("check_code", S, check_code, "MOP:u32",
           "status the last check was answered with"),
    NUMBER("check_duration", S, check_ms, "MDP:u64", "milliseconds the last check took"),
    NEVER("hrsp_1xx"),
    NEVER("hrsp_2xx"),
    NEVER("hrsp_3xx"),
    NEVER("hrsp_4xx"),
    NEVER("hrsp_5xx"),
    NEVER("hrsp_other"),
    NEVER("hanafail"),
    ALWAYS("req_rate", F, "0", "MRP:u32", "always 0"),
    ALWAYS("req_rate_max", F, "0", "MMP:u32", "always 0"),
    ALWAYS("req_tot", F, "0", "MCP:u64", "always 0"),
    NUMBER("cli_abrt", B | S, client_aborts, "MCP:u64", "sessions cut off by the client"),
    NUMBER("srv_abrt", B | S, server_aborts, "MCP:u64",
           "sessions cut off by the server or its silence"),
    ALWAYS("comp_in", F | B, "0", "MCP:u64", "always 0"),
    ALWAYS("comp_out", F | B, "0", "MCP:u64", "always 0"),
    ALWAYS("comp_byp", F | B, "0", "MCP:u64", "always 0"),
    ALWAYS("comp_rsp", F | B, "0", "MCP:u64", "always 0"),
    NUMBER("lastsess", B | S, last_session_s, "MAP:s32",
           "seconds since the last session, -1 for never"),
    TEXT("last_chk", S, last_check, "MOP:str", "what the last check found"),
    TEXT("last_agt", S, last_agent, "MOP:str", "what its agent said last"),
    NUMBER("qtime", B | S, queue_ms, "MaP:u32",
           "milliseconds in the queue, average of late"),
    NUMBER("ctime", B | S, connect_ms, "MaP:u32",
           "milliseconds to connect, average of late"),
    NUMBER("rtime", B | S, response_ms, "MaP:u32",
           "milliseconds to the first byte of the server, average of late"),
    NUMBER("ttime", B | S, total_ms, "MaP:u32",
           "milliseconds of a whole session, average of late"),
    TEXT("agent_status", S, agent_status, "MOP:str",
         "outcome of the last question to its agent"),
    NUMBER("agent_code", S, agent_code, "MOP:u32", "always 0 once its agent answered"),
    NUMBER("agent_duration", S, agent_ms, "MDP:u64",
           "milliseconds its agent took to answer"),
    TEXT("check_desc", S, check_description, "MOP:str",
         "outcome of the last check in words"),
    TEXT("agent_desc", S, agent_description, "MOP:str",
         "outcome of the last question to its agent in words"),
    NUMBER("check_rise", S, check_rise, "CGS:u32",
           "passed checks in a row that bring it up"),
    NUMBER("check_fall", S, check_fall, "CGS:u32",
           "failed checks in a row that take it down"),
    NUMBER("check_health", S, check_health, "CGS:u32",
           "0 to rise+fall-1; up from rise on"),
    NUMBER("agent_rise", S, agent_rise, "CGS:u32", "answers that bring it up"),
    NUMBER("agent_fall", S, agent_fall, "CGS:u32", "answers that take it down"),
    NUMBER("agent_health", S, agent_health, "CGS:u32",
           "0 when its agent says down, else 1"),
    TEXT("addr", S, address, "CGS:str", "address"),
    NEVER("cookie"),
    ALWAYS("mode", F | B | S, "tcp", "CGS:str", "always tcp"),
    TEXT("algo", B, algorithm, "CGS:str", "how servers are chosen"),
    NUMBER("conn_rate", F, connection_rate, "MRP:u32",
           "connections taken in the last second"),
    NUMBER("conn_rate_max", F, connection_rate_most, "MMP:u32",
           "most connections taken in a second"),
    NUMBER("conn_tot", F, connections_total, "MCP:u64",
           "connections taken so far, refused ones as well"),
    NEVER("intercepted"),
    NUMBER("dcon", F, refused, "MCP:u64", "connections refused at once"),
    ALWAYS("dses", F, "0", "MCP:u64", "always 0"),
    ALWAYS("wrew", F | B | S, "0", "MCP:u64", "always 0"),
    NUMBER("connect", B | S, attempts, "MCP:u64", "attempts to connect"),
    ALWAYS("reuse", B | S, "0", "MCP:u64", "always 0"),
    NEVER("cache_lookups"),
    NEVER("cache_hits"),
    ALWAYS("srv_icur", S, "0", "MGP:u32", "always 0"),
    NEVER("src_ilim"),
    NUMBER("qtime_max", B | S, queue_ms_most, "MMP:u32",
           "most milliseconds in the queue"),
    NUMBER("ctime_max", B | S, connect_ms_most, "MMP:u32",
           "most milliseconds to connect"),
    NUMBER("rtime_max", B | S, response_ms_most, "MMP:u32",
           "most milliseconds to the first byte of the server"),
    NUMBER("ttime_max", B | S, total_ms_most, "MMP:u32",
           "most milliseconds of a whole session"),
    NUMBER("eint", F | B | S, internal_errors, "MCP:u64",
           "sessions ended by a fault of usher"),
    ALWAYS("idle_conn_cur", S, "0", "MGP:u32", "always 0"),
    ALWAYS("safe_conn_cur", S, "0", "MGP:u32", "always 0"),
    ALWAYS("used_conn_cur", S, "0", "MGP:u32", "always 0"),
    ALWAYS("need_conn_est", S, "0", "MGP:u32", "always 0"),
    NUMBER("uweight", B | S, configured_weight, "MaP:u32",
           "weight asked for; of a backend the sum of its usable servers"),
    ALWAYS("agg_server_status", B, "0", "MGP:u32", "always 0"),
    ALWAYS("agg_server_check_status", B, "0", "MGP:u32", "always 0"),
    ALWAYS("agg_check_status", B, "0", "MGP:u32", "always 0"),
    ALWAYS("-", F | B | S, "-", "", ""), /* what follows is found by name only */
    NUMBER("ssl_sess", F, handshakes, "MCP:u64", "TLS handshakes done with clients"),
    NUMBER("ssl_reused_sess", F, handshakes_resumed, "MCP:u64",
           "TLS handshakes that resumed a session"),
    NUMBER("ssl_failed_handshake", F, handshakes_failed, "MCP:u64",
           "TLS handshakes that failed"),
    TEXT("tier", B | S, tier, "SOP:str",
         "tier of the server; of a backend the one that serves"),
    TEXT("serving", B, serving, "SOP:str", "why this tier serves"),
    NUMBER("degraded", B, times_degraded, "MCP:u64",
           "times that too few servers were left"),
    NUMBER("agent_age", S, agent_age_s, "MAP:u32",
           "seconds since its agent was last heard"),
    NUMBER("times_closed", F, times_closed, "MCP:u64",
           "times its addresses were closed for want of servers"),
    NUMBER("ejections", S, ejections, "MCP:u64",
           "times it was ejected for failing sessions"),
    NUMBER("mass_failures", B, mass_failures, "MCP:u64",
           "times that many servers failed at once"),
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

/* False when the row has nothing there. */
static bool read_field(const struct stat_row *row, const struct column *column,
                       struct figure *figure)
{
    const void *field = (const char *)row + column->at;

    if (!(column->rows & (unsigned)row->kind))
        return false;
    figure->number = column->type == NUMBER ? *(const int64_t *)field : STAT_ABSENT;
    figure->text = column->type == TEXT ? *(const char *const *)field : column->constant;
    return figure->text || figure->number != STAT_ABSENT;
}

static void write_figure(const struct figure *figure, struct buffer *out)
{
    if (figure->text)
        write_text(figure->text, out);
    else
        buffer_add_number(out, figure->number);
}

void stat_row_write(const struct stat_row *row, struct buffer *out)
{
    struct figure figure;

    for (size_t i = 0; i < COLUMNS; i++) {
        if (read_field(row, &columns[i], &figure))
            write_figure(&figure, out);
        buffer_add(out, ",", 1);
    }
    buffer_add(out, "\n", 1);
}

bool stat_row_next(const struct stat_row *row, size_t *index, struct figure *figure)
{
    while (*index < COLUMNS) {
        size_t at = (*index)++;

        if (at == STATIC_COLUMNS || !read_field(row, &columns[at], figure))
            continue;
        figure->position = (unsigned)(at - (at > STATIC_COLUMNS));
        figure->name = columns[at].name;
        figure->kind = columns[at].kind;
        figure->help = columns[at].help;
        return true;
    }
    return false;
}
