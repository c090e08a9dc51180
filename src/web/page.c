/* From the top: is all well, the figures of the whole, the frontends, each backend with
 * its servers. What changes from one look to the next is in <main>: the script puts a
 * new one in its place. */
#include "web/page.h"

#include "admin/age.h"
#include "admin/info.h"
#include "admin/row_filter.h"
#include "backend/backend.h"
#include "base/buffer.h"
#include "base/version.h"
#include "control/control.h"
#include "control/facts.h"
#include "web/html.h"
#include "web/page_rows.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* How the servers are, in all. */
struct tally {
    unsigned servers, down, ejected, backends_down, panics;
};

static struct tally count(const struct snapshot *snapshot)
{
    struct tally tally = { 0 };

    for (size_t i = 0; i < snapshot->count; i++) {
        const struct stat_row *row = &snapshot->rows[i];
        const char *state = page_rows_class(row);

        if (row->kind == STAT_SERVER) {
            tally.servers++;
            tally.down += !strcmp(state, "down");
            tally.ejected += !strcmp(state, "ejected");
        }
        if (row->kind == STAT_BACKEND) {
            tally.backends_down += !strcmp(state, "down");
            tally.panics += row->backend->serving.reason == TIERS_FAIL_OPEN;
        }
    }
    return tally;
}

static const char *plural(unsigned count)
{
    return count == 1 ? "" : "s";
}

static const char *class_of(const struct page *page, const struct tally *tally)
{
    if (tally->backends_down || tally->panics)
        return "down";
    if (tally->down || tally->ejected || page->snapshot.facts.is_stopping ||
        page->snapshot.facts.was_refused)
        return "trial";
    return "up";
}

/* The worst first. */
static void write_verdict(const struct page *page, const struct tally *tally,
                          struct buffer *out)
{
    if (page->snapshot.facts.is_stopping)
        buffer_add_text(out, "usher is stopping: present sessions may finish. ");
    if (tally->backends_down)
        buffer_format(out, "%u backend%s cannot serve. ", tally->backends_down,
                      plural(tally->backends_down));
    if (tally->panics)
        buffer_format(out, "%u backend%s in panic: unfit servers are used. ",
                      tally->panics, plural(tally->panics));
    if (tally->down)
        buffer_format(out, "%u of %u servers %s down. ", tally->down, tally->servers,
                      tally->down == 1 ? "is" : "are");
    if (tally->ejected)
        buffer_format(out, "%u of %u servers %s ejected. ", tally->ejected,
                      tally->servers, tally->ejected == 1 ? "is" : "are");
    if (page->snapshot.facts.was_refused)
        buffer_add_text(out, "The last reload was refused. ");
    if (!strcmp(class_of(page, tally), "up"))
        buffer_format(out, "All is well: no server of %u is down.", tally->servers);
}

static void begin_tile(const char *name, struct buffer *out)
{
    buffer_format(out, "<div><dt>%s</dt><dd>", name);
}

static void end_tile(struct buffer *out)
{
    buffer_add_text(out, "</small></dd></div>\n");
}

static void tile_of_rate(const char *name, unsigned now, unsigned most,
                         struct buffer *out)
{
    begin_tile(name, out);
    html_count(now, out);
    buffer_add_text(out, " /s<small>at most ");
    html_count(most, out);
    buffer_add_text(out, " /s");
    end_tile(out);
}

static void write_reload_tile(const struct snapshot *snapshot, struct buffer *out)
{
    const struct facts *facts = &snapshot->facts;
    uint64_t age_ms = snapshot->now_ms - facts->reloaded_at * 1000;

    begin_tile("Configuration", out);
    buffer_format(out, "number %u<small>", facts->generation);
    if (facts->was_refused)
        buffer_add_text(out, "<span class=\"bad\">last reload refused</span>, ");
    buffer_format(out, "read %s ago", age_text(age_ms).chars);
    end_tile(out);
}

static void write_tiles(const struct snapshot *snapshot, struct buffer *out)
{
    const struct facts *facts = &snapshot->facts;

    buffer_add_text(out, "<dl class=\"tiles\">\n");
    begin_tile("Sessions now", out);
    html_count(facts->sessions, out);
    buffer_add_text(out, "<small>of ");
    html_count(facts->maxconn, out);
    buffer_add_text(out, " allowed");
    end_tile(out);
    tile_of_rate("New sessions", facts->session_rate, facts->session_rate_most, out);
    tile_of_rate("New connections", facts->connection_rate, facts->connection_rate_most,
                 out);
    begin_tile("Sent to clients", out);
    html_bytes(facts->bytes_out_total, out);
    buffer_add_text(out, "<small>in ");
    html_count(facts->sessions_total, out);
    buffer_add_text(out, " sessions");
    end_tile(out);
    begin_tile("Refused by limits", out);
    html_count(facts->refused_total, out);
    buffer_add_text(out, "<small>of ");
    html_count(facts->connections_total, out);
    buffer_add_text(out, " connections");
    end_tile(out);
    write_reload_tile(snapshot, out);
    buffer_add_text(out, "</dl>\n");
}

static void write_process(const struct page *page, struct buffer *out)
{
    const struct facts *facts = &page->snapshot.facts;

    buffer_format(out,
                  "<p class=\"foot\"><b>pid = </b> %d, <b>uptime = </b> %s, "
                  "<b>threads = </b> %u, idle = %" PRIu64 " %%</p>\n",
                  (int)getpid(), age_uptime(facts->uptime_ms).chars, facts->workers,
                  info_idle_percent((uint64_t)facts->workers + 1));
}

static void write_main(const struct page *page, const struct tally *tally,
                       struct buffer *out)
{
    buffer_format(out, "<main>\n<p class=\"sum %s\">", class_of(page, tally));
    write_verdict(page, tally, out);
    buffer_add_text(out, "</p>\n");
    write_tiles(&page->snapshot, out);
    page_rows_write(page, out);
    write_process(page, out);
    buffer_add_text(out, "</main>\n");
}

static void write_node(const struct page *page, struct buffer *out)
{
    char node[256];

    info_write_node(control_settings(page->control), node, sizeof node);
    html_text(node, out);
}

/* Trouble is told in the title: tabs show it. */
static void write_head(const struct page *page, const struct tally *tally,
                       struct buffer *out)
{
    unsigned out_of_order = tally->down + tally->ejected;

    buffer_add_text(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                         "<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
                         "content=\"width=device-width, initial-scale=1\">\n<title>");
    if (out_of_order)
        buffer_format(out, "%u down: ", out_of_order);
    buffer_add_text(out, "usher ");
    write_node(page, out);
    buffer_add_text(out, "</title>\n"
                         "<link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\">\n"
                         "<link rel=\"stylesheet\" href=\"/page.css\">\n");
    if (!page->is_still)
        buffer_add_text(out, "<script src=\"/page.js\" defer></script>\n<noscript>"
                             "<meta http-equiv=\"refresh\" content=\"10\"></noscript>\n");
    buffer_add_text(out, "</head>\n");
}

static void write_top(const struct page *page, struct buffer *out)
{
    buffer_add_text(out, "<body>\n<div class=\"top\">\n<h1>usher <small>");
    write_node(page, out);
    buffer_format(out, "</small></h1>\n<p id=\"live\" role=\"status\"%s>",
                  page->is_still ? " data-still" : "");
    buffer_add_text(out, "as of this moment</p>\n<form action=\"/\" role=\"search\">"
                         "<input name=\"scope\" placeholder=\"part of a name\" "
                         "aria-label=\"show only names with\" value=\"");
    html_text(page->filter->scope, out);
    buffer_add_text(out, "\"><button>Show</button></form>\n</div>\n");
}

/* Old tools look for HAProxy's version in pages like this. */
static void write_foot(const struct page *page, struct buffer *out)
{
    static const char *const states[][2] = {
        { "up", "UP" },       { "trial", "UP 1/3" },
        { "down", "DOWN" },   { "ejected", "DOWN (ejected)" },
        { "drain", "DRAIN" }, { "maint", "MAINT" },
    };

    buffer_add_text(out, "<footer class=\"foot\">\n<p>");
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        buffer_format(out, "<span class=\"pill %s\">%s</span>", states[i][0],
                      states[i][1]);
    buffer_format(out,
                  "</p>\n<p><a href=\"/;csv\">CSV</a> &middot; "
                  "<a href=\"/metrics\">metrics</a> &middot; "
                  "<a href=\"/healthz\">health</a> &middot; "
                  "<a href=\"/;up\">hide what is down</a> &middot; "
                  "<a href=\"/;no-maint\">hide maintenance</a> &middot; %s</p>\n"
                  "<p>usher " USHER_VERSION
                  ", in the words of HAProxy version " USHER_DIALECT
                  ", released " USHER_RELEASED "</p>\n</footer>\n",
                  page->is_still ? "<a href=\"/\">live update</a>"
                                 : "<a href=\"/;norefresh\">no update</a>");
    buffer_add_text(out, "</body>\n</html>\n");
}

void page_write(const struct page *page, struct buffer *out)
{
    struct tally tally = count(&page->snapshot);

    write_head(page, &tally, out);
    write_top(page, out);
    write_main(page, &tally, out);
    write_foot(page, out);
}
