/* The order of the fields is what the tools count on; a line for halog has the shape of
 * one of HTTP, for it reads no other. */
#include "proxy/tcplog.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

enum { NAME_SIZE = 160, DATE_SIZE = 40, COUNT_SIZE = 80, SECOND_MS = 1000 };

/* The parts that both forms have in common. */
struct parts {
    char who[NAME_SIZE * 2]; /* up to the times */
    char counts[COUNT_SIZE]; /* behind the letters */
};

/* The words are kept for a second: the zone is not to be asked for with each line. */
static void write_date(uint64_t ms, char *out, size_t size)
{
    static _Thread_local struct {
        time_t time;
        char text[DATE_SIZE];
    } second;
    time_t now = (time_t)(ms / SECOND_MS);
    struct tm local;

    if (second.time != now && localtime_r(&now, &local)) {
        second.time = now;
        (void)strftime(second.text, sizeof second.text, "%d/%b/%Y:%H:%M:%S", &local);
    }
    (void)snprintf(out, size, "%s.%03u", second.text, (unsigned)(ms % SECOND_MS));
}

static void write_parts(const struct tcplog *line, struct parts *parts)
{
    char date[DATE_SIZE + 4];

    write_date(line->begun_on, date, sizeof date);
    (void)snprintf(parts->who, sizeof parts->who, "%s [%s] %s%s %s/%s", line->client,
                   date, line->frontend, line->is_tls ? "~" : "",
                   line->backend ? line->backend : line->frontend,
                   line->server ? line->server : "<NOSRV>");
    (void)snprintf(parts->counts, sizeof parts->counts, "%u/%u/%u/%u/%s%u 0/%u",
                   line->of_process, line->of_frontend, line->of_backend, line->of_server,
                   line->is_redispatched ? "+" : "", line->retries, line->queue_place);
}

static void write_plain(const struct tcplog *line, const struct parts *parts, char *out,
                        size_t size)
{
    const char *so_far = line->is_going_on ? "+" : "";

    (void)snprintf(out, size,
                   "%s %" PRId64 "/%" PRId64 "/%s%" PRId64 " %s%" PRIu64 " %c%c %s",
                   parts->who, line->queue_ms, line->connect_ms, so_far, line->total_ms,
                   so_far, line->bytes, line->why.who, line->why.phase, parts->counts);
}

static void write_for_halog(const struct tcplog *line, const struct parts *parts,
                            char *out, size_t size)
{
    (void)snprintf(out, size,
                   "%s 0/%" PRId64 "/%" PRId64 "/%" PRId64 "/%" PRId64 " %u %" PRIu64
                   " - - %c%c-- %s \"TCP %s TCP\"",
                   parts->who, line->queue_ms, line->connect_ms, line->answer_ms,
                   line->total_ms, termination_status(line->why, line->bytes > 0),
                   line->bytes, line->why.who, line->why.phase, parts->counts,
                   line->frontend);
}

void tcplog_write(const struct tcplog *line, enum log_format format, char *out,
                  size_t size)
{
    struct parts parts;

    write_parts(line, &parts);
    if (format == FORMAT_HALOG)
        write_for_halog(line, &parts, out, size);
    else
        write_plain(line, &parts, out, size);
}
