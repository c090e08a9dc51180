/* What a server's agent says of it; nothing of that overrides a failed probe. */
#pragma once

#include <stdbool.h>

struct agent_report {
    unsigned percent; /* of its weight that it can take, 1 ... 100 */
    unsigned will;    /* bits of enum server_will, its own wish */
    bool is_down;     /* it says that it is */
    unsigned maxconn; /* 0: says nothing of it */
};
