/* The table of paths. The figures are HAProxy's: any path with `;csv` or the like. */
#include "web/http_answer.h"

#include "admin/figure.h"
#include "admin/snapshot.h"
#include "admin/stat_reply.h"
#include "base/buffer.h"
#include "control/control.h"
#include "web/healthz.h"
#include "web/http_request.h"
#include "web/metrics.h"
#include "web/metrics_filter.h"
#include "web/page.h"
#include "web/page_parts.h"
#include "web/row_choice.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const char plain[] = "text/plain; charset=utf-8";

struct answer {
    const struct control *control;
    const struct http_request *request;
    const char *type;
    unsigned status;
    struct buffer body;
};

static const char *status_text(unsigned status)
{
    static const struct {
        unsigned status;
        const char *text;
    } texts[] = {
        { 200, "OK" },
        { 400, "Bad Request" },
        { 404, "Not Found" },
        { 405, "Method Not Allowed" },
        { 408, "Request Timeout" },
        { 414, "URI Too Long" },
        { 431, "Request Header Fields Too Large" },
        { 503, "Service Unavailable" },
        { 505, "HTTP Version Not Supported" },
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].status == status)
            return texts[i].text;
    return "Error";
}

static void answer_page(struct answer *answer)
{
    const struct row_filter filter = row_choice_read(answer->request);
    struct page page = {
        .control = answer->control,
        .filter = &filter,
        .is_still = http_request_has(answer->request, "norefresh"),
    };

    answer->type = "text/html; charset=utf-8";
    snapshot_take(&page.snapshot, answer->control, &filter);
    page_write(&page, &answer->body);
    snapshot_deinit(&page.snapshot);
}

static void answer_stat(struct answer *answer, enum stat_form form)
{
    struct stat_wish wish = {
        .request = { .proxy_id = -1,
                     .types = -1,
                     .server_id = -1,
                     .shows_addresses = true },
        .filter = row_choice_read(answer->request),
        .form = form,
        .has_help = http_request_has(answer->request, "desc"),
    };

    stat_reply_write(answer->control, &wish, &answer->body);
}

static void answer_csv(struct answer *answer)
{
    answer_stat(answer, STAT_CSV);
}

static void answer_typed(struct answer *answer)
{
    answer_stat(answer, STAT_TYPED);
}

static void answer_json(struct answer *answer)
{
    answer->type = "application/json";
    answer_stat(answer, STAT_JSON);
}

static void answer_schema(struct answer *answer)
{
    answer->type = "application/json";
    figure_write_schema(&answer->body);
}

static void refuse(struct answer *answer, unsigned status)
{
    answer->status = status;
    buffer_clear(&answer->body);
    buffer_format(&answer->body, "%u %s\n", status, status_text(status));
}

static void answer_metrics(struct answer *answer)
{
    struct row_filter filter = {
        .no_maint = http_request_has(answer->request, "no-maint"),
    };
    struct metrics_filter wanted;
    struct snapshot snapshot;

    if (!metrics_filter_read(answer->request, &wanted)) {
        refuse(answer, 400);
        return;
    }
    answer->type = "text/plain; version=0.0.4; charset=utf-8";
    snapshot_take(&snapshot, answer->control, &filter);
    metrics_write(&snapshot, &wanted, &answer->body);
    snapshot_deinit(&snapshot);
}

static void answer_health(struct answer *answer)
{
    const char *name = answer->request->path + strlen("/healthz");

    answer->status = healthz_ask(answer->control, *name == '/' ? name + 1 : name,
                                 &answer->body);
}

static void add_parts(struct answer *answer, const char *type, const char *const *parts)
{
    answer->type = type;
    for (; *parts; parts++)
        buffer_add_text(&answer->body, *parts);
}

static void answer_style(struct answer *answer)
{
    add_parts(answer, "text/css; charset=utf-8", page_parts_style);
}

static void answer_script(struct answer *answer)
{
    add_parts(answer, "text/javascript; charset=utf-8", page_parts_script);
}

static void answer_icon(struct answer *answer)
{
    add_parts(answer, "image/svg+xml", page_parts_icon);
}

static const struct path {
    const char *text;
    bool has_more; /* whatever follows a slash belongs to it */
    void (*answer)(struct answer *answer);
} paths[] = {
    { "/", false, answer_page },
    { "/page.css", false, answer_style },
    { "/page.js", false, answer_script },
    { "/icon.svg", false, answer_icon },
    { "/metrics", false, answer_metrics },
    { "/healthz", true, answer_health },
    /* Where tools look for HAProxy's page. */
    { "/stats", false, answer_page },
    { "/haproxy", false, answer_page },
    { "/haproxy-status", false, answer_page },
    { "/haproxy_stats", false, answer_page },
};

static bool is_at(const struct path *path, const char *asked)
{
    size_t length = strlen(path->text);

    if (!strcmp(path->text, asked))
        return true;
    return path->has_more && !strncmp(path->text, asked, length) && asked[length] == '/';
}

/* Behind a `;`, at whatever path. */
static const struct option {
    const char *name;
    void (*answer)(struct answer *answer);
} options[] = {
    { "csv", answer_csv },
    { "json", answer_json },
    { "json-schema", answer_schema },
    { "typed", answer_typed },
};

static void answer_path(struct answer *answer)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (!http_request_has(answer->request, options[i].name))
            continue;
        options[i].answer(answer);
        return;
    }
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        if (!is_at(&paths[i], answer->request->path))
            continue;
        paths[i].answer(answer);
        return;
    }
    refuse(answer, 404);
}

/* What the page may load is what comes from here; it may be framed nowhere. */
static void write_head(const struct answer *answer, struct buffer *out)
{
    time_t now = time(NULL);
    struct tm parts;
    char date[40];

    (void)gmtime_r(&now, &parts);
    (void)strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    buffer_format(out,
                  "HTTP/1.1 %u %s\r\n"
                  "Date: %s\r\n"
                  "Content-Type: %s\r\n"
                  "Content-Length: %zu\r\n"
                  "%s"
                  "Cache-Control: no-cache\r\n"
                  "Content-Security-Policy: default-src 'none'; style-src 'self'; "
                  "script-src 'self'; connect-src 'self'; img-src 'self'; "
                  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n"
                  "X-Content-Type-Options: nosniff\r\n"
                  "Referrer-Policy: no-referrer\r\n"
                  "Connection: close\r\n\r\n",
                  answer->status, status_text(answer->status), date, answer->type,
                  answer->body.length,
                  answer->status == 405 ? "Allow: GET, HEAD\r\n" : "");
}

void http_answer(const struct control *control, const struct http_request *request,
                 struct buffer *out)
{
    struct answer answer = {
        .control = control, .request = request, .type = plain, .status = 200
    };

    if (request->status)
        refuse(&answer, request->status);
    else
        answer_path(&answer);
    write_head(&answer, out);
    if (!request->is_head)
        buffer_add(out, buffer_text(&answer.body), answer.body.length);
    buffer_deinit(&answer.body);
}
