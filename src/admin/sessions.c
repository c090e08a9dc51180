#include "admin/sessions.h"

#include "admin/age.h"
#include "admin/command.h"
#include "admin/find.h"
#include "backend/backend.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "control/control.h"
#include "control/inquiry.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char no_id[] = "Session pointer expected (use 'show sess').";
static const char no_session[] = "No such session (use 'show sess').";

/* 0, which no session has, when the text is no id. */
static uint64_t read_id(const char *text)
{
    size_t digits;

    if (strncmp(text, "0x", 2))
        return 0;
    digits = strspn(text + 2, "0123456789abcdefABCDEF");
    if (!digits || digits > 16 || text[2 + digits])
        return 0;
    return strtoull(text + 2, NULL, 16);
}

static const char *protocol_of(const struct endpoint *client)
{
    static const uint8_t ip4_begins[12] = { [10] = 0xff, [11] = 0xff };

    if (client->local)
        return "unix_stream";
    return memcmp(client->ip, ip4_begins, sizeof ip4_begins) ? "tcpv6" : "tcpv4";
}

static void write_session(const struct session_view *view, struct buffer *out)
{
    buffer_format(out, "0x%" PRIx64 ": proto=%s src=%s fe=%s be=%s srv=%s", view->id,
                  protocol_of(&view->client), endpoint_text(&view->client).chars,
                  view->frontend, *view->backend ? view->backend : "<NONE>",
                  *view->server ? view->server : "<none>");
    buffer_format(out, " ts=00 age=%s calls=0 rq[] rp[] s0=[] scb=[]",
                  age_text(view->age_ms).chars);
    buffer_format(out, " exp=%s rc=0 in=%" PRIu64 " out=%" PRIu64 " state=%s\n",
                  age_text(view->expires_ms).chars, view->bytes_in, view->bytes_out,
                  view->stage);
}

/* The connection that asks is one as well. */
static struct session_view describe(const struct caller *caller)
{
    uint64_t now = clock_ms(), idle_ms = now - caller->active_at;
    struct session_view view = {
        .id = caller->id,
        .client = caller->peer,
        .stage = "admin",
        .age_ms = now - caller->begun_at,
        .idle_ms = idle_ms,
        .expires_ms = caller->timeout_ms > idle_ms ? caller->timeout_ms - idle_ms : 0,
        .bytes_in = caller->bytes_in,
        .bytes_out = caller->bytes_out,
    };

    (void)snprintf(view.frontend, sizeof view.frontend, "GLOBAL");
    return view;
}

/* Which sessions are asked for; read again when the workers have answered. */
struct session_filter {
    uint64_t id, least_age_ms;               /* 0: any */
    const char *frontend, *backend, *server; /* NULL: any */
};

static bool is_named(const char *wanted, const char *name)
{
    return !wanted || !strncmp(wanted, name, SESSION_NAME_SIZE - 1);
}

static bool is_wanted(const struct session_filter *filter,
                      const struct session_view *view)
{
    return (!filter->id || filter->id == view->id) &&
           filter->least_age_ms <= view->age_ms &&
           is_named(filter->frontend, view->frontend) &&
           is_named(filter->backend, view->backend) &&
           is_named(filter->server, view->server);
}

static bool read_age(struct call *call, const char *text, struct session_filter *filter)
{
    uint64_t seconds;

    if (!*text) {
        reply_refuse(call->reply, "Expects a minimum age (in seconds by default).");
        return false;
    }
    if (!text_read_number(text, &seconds) && seconds <= UINT32_MAX)
        filter->least_age_ms = seconds * 1000;
    else if (text_read_duration(text, &filter->least_age_ms))
        reply_refuse(call->reply, "Invalid age.");
    return !call->reply->text.length;
}

static bool read_server(struct call *call, const char *name,
                        struct session_filter *filter)
{
    const struct server *server = find_server(call->control, name, call->reply);

    if (!server)
        return false;
    filter->backend = server->backend->name;
    filter->server = server->name;
    return true;
}

static bool read_backend(struct call *call, const char *name,
                         struct session_filter *filter)
{
    const struct backend *backend = find_backend(call->control, name);

    if (!backend)
        reply_refuse(call->reply, "No such backend.");
    else
        filter->backend = backend->name;
    return backend;
}

static bool read_frontend(struct call *call, const char *name,
                          struct session_filter *filter)
{
    const struct settings *settings = control_settings(call->control);

    for (size_t i = 0; i < settings->frontend_count; i++)
        if (!strcmp(settings->frontends[i].name, name))
            filter->frontend = settings->frontends[i].name;
    if (!filter->frontend)
        reply_refuse(call->reply, "No such frontend.");
    return filter->frontend;
}

static const struct filter_word {
    const char *word;
    bool (*read)(struct call *call, const char *value, struct session_filter *filter);
} filter_words[] = {
    { "older", read_age },
    { "server", read_server },
    { "backend", read_backend },
    { "frontend", read_frontend },
};

static const struct filter_word *find_word(const char *word)
{
    for (size_t i = 0; i < sizeof filter_words / sizeof *filter_words; i++)
        if (!strcmp(filter_words[i].word, word))
            return &filter_words[i];
    return NULL;
}

/* "[all|id] [older age] [server b/s] ..."; false, and refused, when not understood. */
static bool read_filter(struct call *call, struct session_filter *filter)
{
    const char *word = command_argument(call, 0);
    const struct filter_word *found;
    size_t at = 0;

    *filter = (struct session_filter){ .id = read_id(word) };
    if (filter->id || !strcmp(word, "all"))
        at++;
    for (; *(word = command_argument(call, at)); at += 2) {
        found = find_word(word);
        if (!found) {
            reply_refuse(call->reply, "%s", no_id);
            return false;
        }
        if (!found->read(call, command_argument(call, at + 1), filter))
            return false;
    }
    return true;
}

static void on_listed(void *owner, const struct session_view *views, size_t count)
{
    struct call *call = owner;
    struct session_view own = describe(call->caller);
    struct session_filter filter;
    bool is_understood = read_filter(call, &filter); /* a reload may have come between */

    for (size_t i = 0; is_understood && i < count; i++)
        if (is_wanted(&filter, &views[i]))
            write_session(&views[i], &call->reply->text);
    if (is_understood && is_wanted(&filter, &own))
        write_session(&own, &call->reply->text);
    if (filter.id && !call->reply->text.length)
        reply_refuse(call->reply, "%s", no_session);
    command_end(call);
}

static void explain(struct call *call)
{
    reply_say(call->reply, SEVERITY_INFO,
              "show sess                : all sessions, one line each\n"
              "show sess <id>           : that session\n"
              "show sess older <age>    : sessions of at least this age\n"
              "show sess server <b>/<s> : sessions of a server\n"
              "show sess backend <b>    : sessions of a backend\n"
              "show sess frontend <f>   : sessions of a frontend\n");
}

void sessions_show(struct call *call)
{
    struct session_filter filter;

    if (!strcmp(command_argument(call, 0), "help")) {
        explain(call);
        return;
    }
    if (!read_filter(call, &filter))
        return;
    command_await(call);
    inquiry_list(call->control, on_listed, call);
}

static void on_one_ended(void *owner, size_t count)
{
    struct call *call = owner;

    if (count)
        log_notice("session ended by an administrator  session=0x%" PRIx64 " by=\"%s\"",
                   call->subject, call->caller->by);
    else
        reply_refuse(call->reply, "%s", no_session);
    command_end(call);
}

void sessions_shut_one(struct call *call)
{
    call->subject = read_id(command_argument(call, 0));
    if (!call->subject) {
        reply_refuse(call->reply, "%s", no_id);
        return;
    }
    command_await(call);
    inquiry_end_session(call->control, call->subject, on_one_ended, call);
}

static void on_all_ended(void *owner, size_t count)
{
    struct call *call = owner;

    log_notice("sessions of a server ended by an administrator  server=%s sessions=%zu"
               " by=\"%s\"",
               command_argument(call, 0), count, call->caller->by);
    command_end(call);
}

void sessions_shut_of_server(struct call *call)
{
    struct server *server = find_server(call->control, command_argument(call, 0),
                                        call->reply);

    if (!server)
        return;
    command_await(call);
    inquiry_end_sessions_of(call->control, server, on_all_ended, call);
}
