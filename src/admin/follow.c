/* Who follows is looked after now and then, until it says something, leaves, or does not
 * read what it is told. */
#include "admin/follow.h"

#include "admin/admin_sockets.h"
#include "admin/command.h"
#include "admin/events.h"

#include <inttypes.h>
#include <string.h>

static const char sink[] = "events";

struct follow_wish {
    bool waits, only_new, is_of_nothing;
};

static void list_sinks(struct call *call)
{
    reply_say(
        call->reply, SEVERITY_INFO,
        "Supported events sinks are listed below. Add -w(wait), -n(new). Any key to "
        "stop\n"
        "    %-10s : type=buffer, what usher decided lately\n",
        sink);
}

/* "[events] [-w] [-n]", the flags in one word or more. False for anything else. */
static bool read_wish(const struct call *call, struct follow_wish *wish)
{
    const char *word = command_argument(call, 0);
    size_t at = !strcmp(word, sink);

    wish->is_of_nothing = !*word;
    for (; *(word = command_argument(call, at)); at++) {
        if (*word != '-' || word[1 + strspn(word + 1, "wn")])
            return false;
        wish->waits |= strchr(word, 'w') != NULL;
        wish->only_new |= strchr(word, 'n') != NULL;
    }
    return true;
}

static void tell_news(struct call *call)
{
    const struct events *events = admin_events(call->admin);
    uint64_t oldest = events_oldest(events);

    if (call->subject < oldest)
        buffer_format(&call->reply->text, "%" PRIu64 " events are not kept any more\n",
                      oldest - call->subject);
    events_write(events, call->subject, &call->reply->text);
    call->subject = events_next(events);
}

static void on_look(struct call *call)
{
    if (call->is_behind)
        call->caller->has_quit = true;
    if (call->is_behind || call->is_interrupted) {
        command_end(call);
        return;
    }
    if (call->subject == events_next(admin_events(call->admin)))
        return;
    tell_news(call);
    command_progress(call);
}

static void begin_following(struct call *call)
{
    call->is_interruptible = true;
    command_watch(call, on_look);
    if (call->reply->text.length)
        command_progress(call);
}

void follow_show_events(struct call *call)
{
    const struct events *events = admin_events(call->admin);
    struct follow_wish wish = { false, false, false };

    if (!read_wish(call, &wish)) {
        reply_refuse(call->reply, "No such event sink");
        return;
    }
    if (wish.is_of_nothing) {
        list_sinks(call);
        return;
    }
    if (wish.waits && call->wants_json) {
        reply_refuse(call->reply, "What has no end cannot be JSON.");
        return;
    }
    call->subject = wish.only_new ? events_next(events) : events_oldest(events);
    tell_news(call);
    if (wish.waits)
        begin_following(call);
}
