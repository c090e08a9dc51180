/* Unlike its model, usher takes no word for a 0. */
#include "admin/limit.h"

#include "admin/command.h"
#include "admin/find.h"
#include "base/text.h"
#include "control/limits.h"
#include "control/steer.h"
#include "control/steer_frontend.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 10000000 }; /* as in the file */

static const char no_integer[] = "Expects an integer value.";
static const char out_of_range[] = "Value out of range.";

/* What the dialect says of a text that is no number. NULL: it is one, though maybe below
 * zero. */
static const char *complain(const char *text)
{
    char *end;

    if (!*text)
        return "Require <maxconn>.";
    (void)strtoll(text, &end, 10);
    if (end == text)
        return "maxconn string empty or preceded by garbage";
    return *end ? "Trailing garbage in maxconn string" : NULL;
}

/* NULL, or what is wrong; `no_number` is said of a text that is none. */
static const char *read_number(const char *text, uint64_t *number, const char *no_number)
{
    const char *digits = text + (*text == '-');

    if (!*digits || digits[strspn(digits, "0123456789")])
        return no_number;
    if (text_read_number(text, number) || *number > MOST)
        return out_of_range;
    return NULL;
}

void limit_server(struct call *call)
{
    struct server *server = find_server(call->control, command_argument(call, 0),
                                        call->reply);
    const char *text = command_argument(call, 1), *wrong = complain(text);
    uint64_t maxconn;

    if (!server)
        return;
    if (!wrong && (text_read_number(text, &maxconn) || maxconn > MOST))
        wrong = out_of_range;
    if (wrong)
        reply_refuse(call->reply, "%s", wrong);
    else
        steer_maxconn(call->control, server, (unsigned)maxconn, call->caller->by);
}

void limit_frontend(struct call *call)
{
    struct entrance *entrance = find_entrance(call->control, command_argument(call, 0),
                                              call->reply);
    const char *wrong;
    uint64_t maxconn;

    if (!entrance)
        return;
    wrong = read_number(command_argument(call, 1), &maxconn, "Integer value expected.");
    if (wrong)
        reply_refuse(call->reply, "%s", wrong);
    else
        steer_frontend_maxconn(call->control, entrance, (uint32_t)maxconn,
                               call->caller->by);
}

void limit_program(struct call *call)
{
    uint64_t maxconn;
    const char *wrong = read_number(command_argument(call, 0), &maxconn, no_integer);

    if (!wrong &&
        !limits_set_sessions(call->control, (unsigned)maxconn, call->caller->by))
        wrong = out_of_range;
    if (wrong)
        reply_refuse(call->reply, "%s", wrong);
}

/* THROTTLE_KINDS for none. */
static enum throttle_kind read_kind(const struct call *call)
{
    static const char *const words[THROTTLE_KINDS] = { "connections", "sessions",
                                                       "ssl-sessions" };
    enum throttle_kind kind = THROTTLE_CONNECTIONS;

    if (strcmp(command_argument(call, 1), "global") != 0)
        return THROTTLE_KINDS;
    while (kind < THROTTLE_KINDS && strcmp(words[kind], command_argument(call, 0)) != 0)
        kind++;
    return kind;
}

void limit_rate(struct call *call)
{
    enum throttle_kind kind = read_kind(call);
    const char *wrong;
    uint64_t most;

    if (kind == THROTTLE_KINDS) {
        reply_refuse(
            call->reply,
            "'set rate-limit' only supports :\n"
            "   - 'connections global' to set the per-process maximum connection rate\n"
            "   - 'sessions global' to set the per-process maximum session rate\n"
            "   - 'ssl-sessions global' to set the per-process maximum SSL session rate");
        return;
    }
    wrong = read_number(command_argument(call, 2), &most, no_integer);
    if (wrong)
        reply_refuse(call->reply, "%s", wrong);
    else
        limits_set_rate(call->control, kind, (unsigned)most, call->caller->by);
}
