/* A table for people, or the same as JSON: one line, as the dialect writes it. */
#include "admin/record.h"

#include "admin/command.h"
#include "admin/find.h"
#include "backend/history.h"
#include "backend/server.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct time_text {
    char chars[48];
};

/* "2026-11-22T14:49:42.123Z", as in the log. */
static struct time_text time_of(uint64_t unix_ms)
{
    time_t seconds = (time_t)(unix_ms / 1000);
    struct time_text text;
    char day[32];
    struct tm parts;

    (void)gmtime_r(&seconds, &parts);
    (void)strftime(day, sizeof day, "%Y-%m-%dT%H:%M:%S", &parts);
    (void)snprintf(text.chars, sizeof text.chars, "%s.%03uZ", day,
                   (unsigned)(unix_ms % 1000));
    return text;
}

/* The reason is last: it has blanks in it. */
static void write_table(const struct history *history, struct buffer *out)
{
    buffer_add_text(out, "# when from to who took_ms why\n");
    for (size_t i = 0; i < history_count(history); i++) {
        const struct history_change *change = history_at(history, i);

        buffer_format(out, "%s %s %s %s %" PRIu64 " %s\n", time_of(change->at_ms).chars,
                      change->from, change->to, history_who_name(change->who),
                      change->took_ms, *change->why ? change->why : "-");
    }
}

/* Bytes beyond ASCII are no characters here: the reply is ASCII. */
static void write_quoted(const char *text, struct buffer *out)
{
    buffer_add_text(out, "\"");
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;

        if (byte == '"' || byte == '\\')
            buffer_format(out, "\\%c", byte);
        else if (byte < 0x20 || byte > 0x7e)
            buffer_format(out, "\\u%04x", byte);
        else
            buffer_format(out, "%c", byte);
    }
    buffer_add_text(out, "\"");
}

static void write_pair(const char *key, const char *value, struct buffer *out)
{
    buffer_format(out, "\"%s\":", key);
    write_quoted(value, out);
    buffer_add_text(out, ",");
}

static void write_json(const struct history *history, struct buffer *out)
{
    buffer_add_text(out, "[");
    for (size_t i = 0; i < history_count(history); i++) {
        const struct history_change *change = history_at(history, i);

        buffer_add_text(out, i ? ",{" : "{");
        write_pair("when", time_of(change->at_ms).chars, out);
        write_pair("from", change->from, out);
        write_pair("to", change->to, out);
        write_pair("why", change->why, out);
        write_pair("who", history_who_name(change->who), out);
        buffer_format(out, "\"took_ms\":%" PRIu64 "}", change->took_ms);
    }
    buffer_add_text(out, "]\n");
}

void record_show(struct call *call)
{
    const struct server *server = find_server(call->control, command_argument(call, 0),
                                              call->reply);
    const char *form = command_argument(call, 1);

    if (!server)
        return;
    if (!*form)
        write_table(server->history, &call->reply->text);
    else if (!strcmp(form, "json"))
        write_json(server->history, &call->reply->text);
    else
        reply_refuse(call->reply, "'show history <srv>' expects 'json' or nothing.");
}
