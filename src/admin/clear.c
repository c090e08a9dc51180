#include "admin/clear.h"

#include "admin/command.h"
#include "control/clearing.h"

static void on_done(void *owner)
{
    command_end(owner);
}

static void begin(struct call *call, bool everything)
{
    struct clearing_request request = {
        .everything = everything,
        .by = call->caller->by,
        .on_done = on_done,
        .owner = call,
    };

    command_await(call);
    clearing_begin(call->control, &request);
}

void clear_peaks(struct call *call)
{
    begin(call, false);
}

void clear_all(struct call *call)
{
    begin(call, true);
}
