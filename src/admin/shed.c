/* Long sessions stay where they are; an operator moves a part of them elsewhere. */
#include "admin/shed.h"

#include "admin/command.h"
#include "admin/find.h"
#include "base/text.h"
#include "control/steer.h"

#include <string.h>

static const char usage[] = "usage: shed <backend>/<server> <percent>% over <duration>";

/* "25%", 1 to 100. */
static bool read_percent(const char *text, unsigned *percent)
{
    char digits[4] = "";
    size_t length = strcspn(text, "%");
    uint64_t number;

    if (length >= sizeof digits || strcmp(text + length, "%") != 0)
        return false;
    memcpy(digits, text, length);
    if (text_read_number(digits, &number) || !number || number > 100)
        return false;
    *percent = (unsigned)number;
    return true;
}

static bool read_shedding(const struct call *call, struct shedding *shedding)
{
    return read_percent(command_argument(call, 1), &shedding->percent) &&
           !strcmp(command_argument(call, 2), "over") &&
           !text_read_duration(command_argument(call, 3), &shedding->over_ms);
}

void shed_sessions(struct call *call)
{
    struct shedding shedding;
    struct server *server;
    uint64_t count;

    if (!read_shedding(call, &shedding)) {
        reply_refuse(call->reply, "%s", usage);
        return;
    }
    server = find_server(call->control, command_argument(call, 0), call->reply);
    if (!server)
        return;
    count = steer_shed(call->control, server, &shedding, call->caller->by);
    if (count)
        reply_say(call->reply, SEVERITY_INFO, "%llu sessions are to end\n",
                  (unsigned long long)count);
    else
        reply_refuse(call->reply, "No sessions to shed, or shedding already.");
}
