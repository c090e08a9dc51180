/* One asking of an agent: connects, says its line if there is one, hears a line. Main
 * only. */
#pragma once

#include "base/address.h"
#include "health/agent_word.h"
#include "health/result.h"

#include <stdint.h>

struct agent_call;
struct ev_loop;

struct agent_answer {
    enum result result; /* RESULT_ANSWERED: there is a line */
    char why[80];       /* else: "Connection refused" */
    char line[AGENT_LINE_MOST + 1];
    size_t length; /* of the line, without its end; it may hold NUL */
    uint64_t took_ms;
};

/* Called once, never before agent_call_begin has returned; the call is gone by then. */
typedef void agent_call_ended(void *owner, const struct agent_answer *answer);

struct agent_call_request {
    struct address address;
    const struct address *source; /* NULL: the system chooses */
    const char *send;             /* without its LF; NULL: nothing; borrowed */
    uint64_t timeout_ms;
    agent_call_ended *on_end;
    void *owner;
};

struct agent_call *agent_call_begin(struct ev_loop *loop,
                                    const struct agent_call_request *request);
/* NULL is fine. */
void agent_call_cancel(struct agent_call *call);
