/* What is begun here goes on without its client, who only looks at what becomes of it. */
#include "admin/emptying.h"

#include "admin/command.h"
#include "admin/find.h"
#include "backend/backend.h"
#include "base/clock.h"
#include "base/text.h"
#include "control/steer.h"

#include <inttypes.h>
#include <string.h>

enum {
    TELL_MS = 1000,
    SLACK_MS = 2000, /* for the last sessions to end once they are told to */
};

static const char usage[] =
    "usage: drain <backend>[/<server>] [timeout <duration>] [then kill] [wait]";
static const char end_usage[] = "usage: ready <backend>[/<server>]";

struct wish {
    bool has_timeout, kills, waits;
    uint64_t timeout_ms;
};

/* Returns how many words it took; 0: they make no sense. */
static size_t read_option(const struct call *call, size_t at, struct wish *wish)
{
    const char *word = command_argument(call, at), *next = command_argument(call, at + 1);

    if (!strcmp(word, "wait")) {
        wish->waits = true;
        return 1;
    }
    if (!strcmp(word, "then") && !strcmp(next, "kill")) {
        wish->kills = true;
        return 2;
    }
    if (strcmp(word, "timeout") != 0 || text_read_duration(next, &wish->timeout_ms))
        return 0;
    wish->has_timeout = true;
    return 2;
}

static bool read_wish(const struct call *call, struct wish *wish)
{
    size_t at = 1;

    *wish = (struct wish){ 0 };
    while (*command_argument(call, at)) {
        size_t taken = read_option(call, at, wish);

        if (!taken)
            return false;
        at += taken;
    }
    return *command_argument(call, 0);
}

/* What the first argument names. */
struct subject {
    const char *name;
    size_t count;
    struct server **servers; /* borrowed, with the only server in the place below */
    struct server *only;
};

static bool find_whole(struct call *call, struct subject *subject)
{
    struct backend *backend = find_backend(call->control, subject->name);

    if (!backend) {
        reply_refuse(call->reply, "No such backend.");
        return false;
    }
    subject->servers = backend->servers;
    subject->count = backend->server_count;
    return true;
}

/* False, and refused, when there is none. Looked for each time: a reload may have taken
 * it away. */
static bool find_subject(struct call *call, struct subject *subject)
{
    *subject = (struct subject){ .name = command_argument(call, 0) };
    if (!strchr(subject->name, '/'))
        return find_whole(call, subject);
    subject->only = find_server(call->control, subject->name, call->reply);
    subject->servers = &subject->only;
    subject->count = 1;
    return subject->only;
}

static uint64_t count_sessions(const struct subject *subject)
{
    uint64_t count = 0;

    for (size_t i = 0; i < subject->count; i++)
        if (!subject->servers[i]->is_leaving)
            count += gauge_read(&subject->servers[i]->sessions);
    return count;
}

static bool is_wanted(const struct subject *subject)
{
    for (size_t i = 0; i < subject->count; i++)
        if (subject->servers[i]->will)
            return true;
    return false;
}

static void say_left(struct call *call, const struct subject *subject,
                     enum severity severity, const char *why)
{
    uint64_t left = count_sessions(subject);

    if (left || *why)
        reply_say(call->reply, severity, "%s: %s%" PRIu64 " session%s left",
                  subject->name, why, left, left == 1 ? "" : "s");
    else
        reply_say(call->reply, SEVERITY_INFO, "%s: drained", subject->name);
}

/* NULL: it goes on. */
static const char *reason_to_end(const struct call *call, const struct subject *subject)
{
    if (!is_wanted(subject))
        return "ready again, ";
    if (!count_sessions(subject))
        return "";
    return clock_ms() >= call->until_ms ? "time is over, " : NULL;
}

static void look(struct call *call)
{
    struct subject subject;
    const char *why;

    if (!find_subject(call, &subject)) {
        command_end(call);
        return;
    }
    why = reason_to_end(call, &subject);
    if (why) {
        say_left(call, &subject, SEVERITY_WARNING, why);
        command_end(call);
    } else if (clock_ms() >= call->told_at_ms + TELL_MS) {
        call->told_at_ms += TELL_MS;
        say_left(call, &subject, SEVERITY_INFO, "");
        command_progress(call);
    }
}

static void drain(struct call *call, const struct subject *subject,
                  const struct wish *wish)
{
    struct draining draining = { wish->kills, wish->timeout_ms };

    for (size_t i = 0; i < subject->count; i++)
        if (!subject->servers[i]->is_leaving)
            steer_drain(call->control, subject->servers[i], &draining, call->caller->by);
}

static void await_end(struct call *call, const struct wish *wish)
{
    uint64_t now = clock_ms(), most_ms = wish->timeout_ms;

    if (wish->kills)
        most_ms += SLACK_MS;
    else if (!wish->has_timeout)
        most_ms = UINT64_MAX - now;
    call->until_ms = now + most_ms;
    call->told_at_ms = now;
    command_progress(call);
    command_watch(call, look);
}

void emptying_begin(struct call *call)
{
    struct subject subject;
    struct wish wish;

    if (!read_wish(call, &wish)) {
        reply_refuse(call->reply, "%s", usage);
        return;
    }
    if (!find_subject(call, &subject))
        return;
    drain(call, &subject, &wish);
    say_left(call, &subject, SEVERITY_INFO, "");
    if (wish.waits && count_sessions(&subject))
        await_end(call, &wish);
}

void emptying_end(struct call *call)
{
    struct subject subject;

    if (!*command_argument(call, 0) || *command_argument(call, 1)) {
        reply_refuse(call->reply, "%s", end_usage);
        return;
    }
    if (!find_subject(call, &subject))
        return;
    for (size_t i = 0; i < subject.count; i++)
        if (!subject.servers[i]->is_leaving)
            steer_will(call->control, subject.servers[i], 0, call->caller->by);
}
