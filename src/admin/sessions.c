#include "admin/sessions.h"

#include "admin/age.h"
#include "admin/command.h"
#include "admin/find.h"
#include "base/clock.h"
#include "base/log.h"
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
        .client = { .local = true },
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

static void write_wanted(struct call *call, const struct session_view *view)
{
    if (!call->subject || call->subject == view->id)
        write_session(view, &call->reply->text);
}

static void on_listed(void *owner, const struct session_view *views, size_t count)
{
    struct call *call = owner;
    struct session_view own = describe(call->caller);

    for (size_t i = 0; i < count; i++)
        write_wanted(call, &views[i]);
    write_wanted(call, &own);
    if (!call->reply->text.length)
        reply_refuse(call->reply, "%s", no_session);
    command_end(call);
}

void sessions_show(struct call *call)
{
    const char *which = command_argument(call, 0);

    call->subject = read_id(which);
    if (*which && strcmp(which, "all") && !call->subject) {
        reply_refuse(call->reply, "%s", no_id);
        return;
    }
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
