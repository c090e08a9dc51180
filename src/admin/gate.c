#include "admin/gate.h"

#include "admin/command.h"
#include "admin/find.h"
#include "control/steer_frontend.h"
#include "proxy/entrance.h"

static struct entrance *entrance_of(struct call *call)
{
    return find_entrance(call->control, command_argument(call, 0), call->reply);
}

void gate_open(struct call *call)
{
    struct entrance *entrance = entrance_of(call);

    if (!entrance)
        return;
    if (entrance->is_shut)
        reply_refuse(call->reply, "Frontend was previously shut down, cannot enable.");
    else if (!entrance->is_paused)
        reply_say(call->reply, SEVERITY_NOTICE, "All sockets are already enabled.");
    else
        steer_frontend_pause(call->control, entrance, false, call->caller->by);
}

void gate_close(struct call *call)
{
    struct entrance *entrance = entrance_of(call);

    if (!entrance)
        return;
    if (entrance->is_shut)
        reply_say(call->reply, SEVERITY_NOTICE,
                  "Frontend was previously shut down, cannot disable.");
    else if (entrance->is_paused)
        reply_say(call->reply, SEVERITY_NOTICE, "All sockets are already disabled.");
    else
        steer_frontend_pause(call->control, entrance, true, call->caller->by);
}

void gate_shut(struct call *call)
{
    struct entrance *entrance = entrance_of(call);

    if (!entrance)
        return;
    if (entrance->is_shut)
        reply_say(call->reply, SEVERITY_NOTICE, "Frontend was already shut down.");
    else
        steer_frontend_shut(call->control, entrance, call->caller->by);
}
