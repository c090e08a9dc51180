/* Tools wait for these few characters, so they are as HAProxy's. */
#include "admin/prompt.h"

#include "admin/age.h"
#include "admin/command.h"
#include "control/facts.h"

void prompt_write(const struct call *call, bool is_in_payload, struct buffer *out)
{
    if (call->caller->mode != CALLER_PROMPTED)
        return;
    if (is_in_payload)
        buffer_add_text(out, "+ ");
    else if (call->caller->shows_uptime)
        buffer_format(out, "[%s]> ",
                      age_clock(facts_read(call->control).uptime_ms).chars);
    else
        buffer_add_text(out, "> ");
}
