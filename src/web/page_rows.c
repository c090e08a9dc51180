/* One table for the frontends, one for each backend. On a phone a row becomes a card, and
 * each cell says what it is by its label. */
#include "web/page_rows.h"

#include "admin/age.h"
#include "backend/backend.h"
#include "base/buffer.h"
#include "proxy/frontend.h"
#include "web/html.h"
#include "web/page.h"
#include "web/strip.h"

#include <stdio.h>
#include <string.h>

enum { STRIP_LEAST_MS = 60000, STRIP_MOST_MS = 3600000 };

const char *page_rows_class(const struct stat_row *row)
{
    static const struct {
        const char *begins, *name;
    } classes[] = {
        { "DOWN (ejected)", "ejected" },
        { "DOWN", "down" },
        { "STOP", "down" },
        { "PAUSED", "down" },
        { "UP ", "trial" },
        { "UP", "up" },
        { "OPEN", "up" },
        { "MAINT", "maint" },
        { "DRAIN", "drain" },
        { "NOLB", "drain" },
    };

    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (!strncmp(row->status, classes[i].begins, strlen(classes[i].begins)))
            return classes[i].name;
    return "unchecked";
}

static void begin_cell(const char *label, struct buffer *out)
{
    buffer_format(out, "<td data-label=\"%s\">", label);
}

static void end_cell(struct buffer *out)
{
    buffer_add_text(out, "</td>\n");
}

static void write_pill(const struct stat_row *row, struct buffer *out)
{
    buffer_format(out, "<span class=\"pill %s\">", page_rows_class(row));
    html_text(row->status, out);
    buffer_add_text(out, "</span>");
}

/* "12 sessions" */
static void write_figure(int64_t count, const char *unit, struct buffer *out)
{
    html_count(count > 0 ? (uint64_t)count : 0, out);
    buffer_format(out, " %s", unit);
}

static void write_sessions(const struct stat_row *row, struct buffer *out)
{
    begin_cell("Sessions", out);
    write_figure(row->sessions, "now", out);
    buffer_add_text(out, "<small>");
    write_figure(row->sessions_most, "at most", out);
    if (row->sessions_limit > 0) {
        buffer_add_text(out, ", limit ");
        html_count((uint64_t)row->sessions_limit, out);
    }
    buffer_add_text(out, "</small>");
    end_cell(out);
    begin_cell("New sessions", out);
    write_figure(row->session_rate, "/s", out);
    buffer_add_text(out, "<small>at most ");
    write_figure(row->session_rate_most, "/s", out);
    buffer_add_text(out, "</small>");
    end_cell(out);
    begin_cell("So far", out);
    write_figure(row->sessions_total, "sessions", out);
    if (row->kind != STAT_FRONTEND) {
        if (row->last_session_s < 0)
            buffer_add_text(out, "<small>never used</small>");
        else
            buffer_format(out, "<small>last %s ago</small>",
                          age_text((uint64_t)row->last_session_s * 1000).chars);
    }
    end_cell(out);
}

static void write_bytes(const struct stat_row *row, struct buffer *out)
{
    begin_cell("Bytes", out);
    html_bytes((uint64_t)row->bytes_out, out);
    buffer_add_text(out, " out<small>");
    html_bytes((uint64_t)row->bytes_in, out);
    buffer_add_text(out, " in</small>");
    end_cell(out);
}

static void write_times(const struct stat_row *row, struct buffer *out)
{
    begin_cell("Connect", out);
    html_span((uint64_t)row->connect_ms, out);
    buffer_add_text(out, "<small>at most ");
    html_span((uint64_t)row->connect_ms_most, out);
    buffer_add_text(out, "</small>");
    end_cell(out);
    begin_cell("Session", out);
    html_span((uint64_t)row->total_ms, out);
    buffer_add_text(out, "<small>first byte ");
    html_span((uint64_t)row->response_ms, out);
    buffer_add_text(out, "</small>");
    end_cell(out);
}

static void write_errors(const struct stat_row *row, struct buffer *out)
{
    int64_t failed = row->connect_failures + row->server_aborts + row->internal_errors;

    begin_cell("Failed", out);
    if (failed)
        buffer_add_text(out, "<span class=\"bad\">");
    write_figure(failed, "sessions", out);
    buffer_add_text(out, failed ? "</span><small>" : "<small>");
    write_figure(row->retries, "retries", out);
    buffer_add_text(out, "</small>");
    end_cell(out);
}

static void write_verdict(const struct stat_row *row, struct buffer *out)
{
    html_text(row->check_status, out);
    if (row->check_ms >= 0) {
        buffer_add_text(out, " in ");
        html_span((uint64_t)row->check_ms, out);
    }
    if (row->last_check && *row->last_check) {
        buffer_add_text(out, "<small>");
        html_text(row->last_check, out);
        buffer_add_text(out, "</small>");
    }
}

static void write_check(const struct stat_row *row, struct buffer *out)
{
    buffer_add_text(out, "<td class=\"check\" data-label=\"Check\">");
    if (row->tracked) {
        buffer_add_text(out, "that of ");
        html_text(row->tracked, out);
    } else if (row->check_status) {
        write_verdict(row, out);
    } else {
        buffer_add_text(out, "<small>none</small>");
    }
    end_cell(out);
}

static void write_status(const struct stat_row *row, struct buffer *out)
{
    begin_cell("Status", out);
    write_pill(row, out);
    buffer_format(out, "<small>for %s", age_text((uint64_t)row->changed_s * 1000).chars);
    if (row->down_s > 0)
        buffer_format(out, ", %s down in all",
                      age_text((uint64_t)row->down_s * 1000).chars);
    buffer_add_text(out, "</small>");
    end_cell(out);
}

static uint64_t strip_ms(const struct snapshot *snapshot)
{
    uint64_t span = snapshot->facts.uptime_ms;

    if (span < STRIP_LEAST_MS)
        return STRIP_LEAST_MS;
    return span < STRIP_MOST_MS ? span : STRIP_MOST_MS;
}

static void write_health(const struct page *page, const struct stat_row *row,
                         struct buffer *out)
{
    const char *now = page_rows_class(row);
    const struct strip strip = {
        .begin_ms = page->snapshot.now_ms - strip_ms(&page->snapshot),
        .end_ms = page->snapshot.now_ms,
        .now = !strcmp(now, "unchecked") ? "no check"
               : !strcmp(now, "trial")   ? "up"
                                         : now,
    };

    begin_cell("Health", out);
    strip_write(&strip, row->server->history, out);
    if (row->times_down > 0)
        buffer_format(out, "<small>went down %u time%s</small>",
                      (unsigned)row->times_down, row->times_down == 1 ? "" : "s");
    end_cell(out);
}

static void write_weight(const struct stat_row *row, struct buffer *out)
{
    begin_cell("Weight", out);
    html_count((uint64_t)row->weight, out);
    buffer_add_text(out, "<small>of ");
    html_count((uint64_t)row->configured_weight, out);
    if (row->kind == STAT_SERVER && row->throttle >= 0)
        buffer_format(out, ", at %u %%", (unsigned)row->throttle);
    buffer_add_text(out, "</small>");
    end_cell(out);
}

static void write_server(const struct page *page, const struct stat_row *row,
                         struct buffer *out)
{
    buffer_format(out, "<tr class=\"%s%s\"><th scope=\"row\">", page_rows_class(row),
                  row->backups ? " backup" : "");
    html_text(row->name, out);
    buffer_add_text(out, "<small>");
    html_text(row->address ? row->address : "not resolved", out);
    buffer_add_text(out, row->backups ? ", backup</small></th>\n" : "</small></th>\n");
    write_status(row, out);
    write_health(page, row, out);
    write_check(row, out);
    write_sessions(row, out);
    write_bytes(row, out);
    write_times(row, out);
    write_errors(row, out);
    write_weight(row, out);
    buffer_add_text(out, "</tr>\n");
}

static void write_total(const struct stat_row *row, struct buffer *out)
{
    buffer_add_text(out, "<tfoot><tr><th scope=\"row\">all together</th>\n");
    write_status(row, out);
    begin_cell("Queue", out);
    write_figure(row->queued, "waiting", out);
    buffer_add_text(out, "<small>at most ");
    html_count((uint64_t)row->queued_most, out);
    buffer_add_text(out, ", ");
    html_span((uint64_t)row->queue_ms, out);
    buffer_add_text(out, " on average</small>");
    end_cell(out);
    buffer_add_text(out, "<td></td>\n");
    write_sessions(row, out);
    write_bytes(row, out);
    write_times(row, out);
    write_errors(row, out);
    write_weight(row, out);
    buffer_add_text(out, "</tr></tfoot>\n");
}

static void write_heading(const struct stat_row *row, struct buffer *out)
{
    buffer_add_text(out, "<section id=\"backend-");
    html_text(row->proxy, out);
    buffer_add_text(out, "\"><header><h2><a href=\"#backend-");
    html_text(row->proxy, out);
    buffer_add_text(out, "\">");
    html_text(row->proxy, out);
    buffer_add_text(out, "</a></h2>");
    write_pill(row, out);
    buffer_add_text(out, "<small>backend, ");
    html_text(row->algorithm ? row->algorithm : "", out);
    buffer_format(out, ", %u usable server%s", (unsigned)row->active,
                  row->active == 1 ? "" : "s");
    if (row->backups)
        buffer_format(out, " and %u usable backup%s", (unsigned)row->backups,
                      row->backups == 1 ? "" : "s");
    if (row->tier) {
        buffer_add_text(out, ", tier ");
        html_text(row->tier, out);
        buffer_add_text(out, " serves");
    }
    if (row->backend->serving.reason == TIERS_FAIL_OPEN)
        buffer_add_text(out, ", <b class=\"bad\">in panic: fit or not</b>");
    buffer_add_text(out, "</small></header>\n");
}

/* `first` is the row of its first server, or its own. */
static void write_backend(const struct page *page, size_t first, size_t own,
                          struct buffer *out)
{
    const struct stat_row *rows = page->snapshot.rows;

    write_heading(&rows[own], out);
    buffer_format(
        out,
        "<div class=\"wide\"><table><thead><tr><th>Server</th><th>Status</th>"
        "<th>Health, last %s</th><th>Check</th><th>Sessions</th>"
        "<th>New sessions</th><th>So far</th><th>Bytes</th><th>Connect</th>"
        "<th>Session</th><th>Failed</th><th>Weight</th></tr></thead>\n<tbody>\n",
        age_text(strip_ms(&page->snapshot)).chars);
    for (size_t i = first; i < own; i++)
        write_server(page, &rows[i], out);
    buffer_add_text(out, "</tbody>\n");
    write_total(&rows[own], out);
    buffer_add_text(out, "</table></div></section>\n");
}

static void write_addresses(const struct page *page, const char *name, struct buffer *out)
{
    struct listening listening;
    bool has_any = false;

    for (size_t i = 0; facts_listening(page->control, i, &listening); i++) {
        if (strcmp(listening.frontend->settings->name, name) != 0)
            continue;
        buffer_add_text(out, has_any ? ", " : "<small>");
        html_text(address_text(&listening.address).chars, out);
        has_any = true;
    }
    buffer_add_text(out, has_any ? "</small>" : "");
}

static void write_frontend(const struct page *page, const struct stat_row *row,
                           struct buffer *out)
{
    buffer_format(out, "<tr class=\"%s\"><th scope=\"row\">", page_rows_class(row));
    html_text(row->proxy, out);
    write_addresses(page, row->proxy, out);
    buffer_add_text(out, "</th>\n");
    begin_cell("Status", out);
    write_pill(row, out);
    end_cell(out);
    write_sessions(row, out);
    begin_cell("New connections", out);
    write_figure(row->connection_rate, "/s", out);
    buffer_add_text(out, "<small>at most ");
    write_figure(row->connection_rate_most, "/s", out);
    buffer_add_text(out, "</small>");
    end_cell(out);
    write_bytes(row, out);
    begin_cell("Refused", out);
    write_figure(row->refused, "connections", out);
    buffer_add_text(out, "<small>");
    write_figure(row->client_errors, "bad greetings", out);
    buffer_add_text(out, "</small>");
    end_cell(out);
    buffer_add_text(out, "</tr>\n");
}

static void write_frontends(const struct page *page, struct buffer *out)
{
    bool has_any = false;

    for (size_t i = 0; i < page->snapshot.count; i++) {
        if (page->snapshot.rows[i].kind != STAT_FRONTEND)
            continue;
        if (!has_any)
            buffer_add_text(out, "<section id=\"frontends\"><header><h2>Frontends</h2>"
                                 "</header>\n<div class=\"wide\"><table><thead><tr>"
                                 "<th>Frontend</th><th>Status</th><th>Sessions</th>"
                                 "<th>New sessions</th><th>So far</th>"
                                 "<th>New connections</th><th>Bytes</th><th>Refused</th>"
                                 "</tr></thead>\n<tbody>\n");
        has_any = true;
        write_frontend(page, &page->snapshot.rows[i], out);
    }
    if (has_any)
        buffer_add_text(out, "</tbody></table></div></section>\n");
}

void page_rows_write(const struct page *page, struct buffer *out)
{
    const struct stat_row *rows = page->snapshot.rows;
    size_t first = 0;

    write_frontends(page, out);
    for (size_t i = 0; i < page->snapshot.count; i++) {
        if (rows[i].kind == STAT_FRONTEND)
            first = i + 1;
        if (rows[i].kind != STAT_BACKEND)
            continue;
        write_backend(page, first, i, out);
        first = i + 1;
    }
}
