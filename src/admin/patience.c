/* For scripts that take a server out: drain it, wait, delete it. */
#include "admin/patience.h"

#include "admin/command.h"
#include "admin/find.h"
#include "base/clock.h"
#include "base/text.h"
#include "control/enlist.h"

#include <string.h>

enum { CONDITION = 1, OF_WHAT };

static const char usage[] =
    "Usage: wait {-h|<delay>} [condition [args...]]\n"
    "  - '-h' displays this help\n"
    "  - <delay> is the maximum wait time: 500ms, 2s, 1m; without a unit milliseconds\n"
    "  - <condition> indicates what to wait for, no longer than the delay:\n"
    "    - <none> : by default, just wait for the specified delay.\n"
    "    - srv-removable <backend>/<server> : wait for this server to become removable.";

/* The refusal is the answer to the command. */
static struct server *named_server(struct call *call)
{
    return find_server(call->control, command_argument(call, OF_WHAT), call->reply);
}

/* NULL: it only has to lose its sessions, which is worth waiting for. */
static const char *look_at(const struct server *server)
{
    enum enlist_hindrance hindrance = enlist_hindrance(server);

    return hindrance == ENLIST_BUSY ? NULL : enlist_hindrance_text(hindrance);
}

static void look_for_server(struct call *call)
{
    const struct server *server = named_server(call);
    const char *end = server ? look_at(server) : NULL;

    if (server && !end && clock_ms() < call->until_ms)
        return;
    if (end && *end)
        reply_refuse(call->reply, "%s", end);
    else if (end)
        reply_say(call->reply, SEVERITY_INFO, "Done.");
    else if (server)
        reply_refuse(call->reply, "Wait delay expired.");
    command_end(call);
}

static void look_at_clock(struct call *call)
{
    if (clock_ms() < call->until_ms)
        return;
    reply_say(call->reply, SEVERITY_INFO, "Done.");
    command_end(call);
}

/* NULL: all is understood. */
static const char *complain(const struct call *call, uint64_t *delay_ms)
{
    const char *delay = command_argument(call, 0);
    const char *condition = command_argument(call, CONDITION);

    if (!*delay)
        return "Expects a duration in milliseconds.";
    if ((text_read_number(delay, delay_ms) && text_read_duration(delay, delay_ms)) ||
        !*delay_ms)
        return "Invalid duration.";
    if (*condition && strcmp(condition, "srv-removable") != 0)
        return "Unsupported condition, only 'srv-removable' is.";
    return *condition && !*command_argument(call, OF_WHAT)
               ? "Missing server name (<backend>/<server>)."
               : NULL;
}

void patience_wait(struct call *call)
{
    uint64_t delay_ms;
    const char *wrong = complain(call, &delay_ms);
    bool has_condition = *command_argument(call, CONDITION);

    if (!strcmp(command_argument(call, 0), "-h")) {
        reply_say(call->reply, SEVERITY_INFO, "%s", usage);
    } else if (wrong) {
        reply_refuse(call->reply, "%s", wrong);
    } else if (!has_condition || named_server(call)) {
        call->until_ms = clock_ms() + delay_ms;
        command_watch(call, has_condition ? look_for_server : look_at_clock);
    }
}
