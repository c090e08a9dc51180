/* Why a session is over, in the two letters that users of HAProxy know: who ended it, and
 * what was going on. Private to the proxy folder. */
#pragma once

#include "proxy/ending.h"

struct parting {
    enum ending ending;
    unsigned stage;       /* enum stage_id, as it was */
    bool is_server_asked; /* the last bytes were the client's */
    bool has_client_ended;
    bool was_client_faulty;
};

struct termination {
    char who, phase;
};

struct termination termination_of(const struct parting *parting);
/* What HTTP would have said; `has_answered`: bytes of the server came. */
unsigned termination_status(struct termination why, bool has_answered);
