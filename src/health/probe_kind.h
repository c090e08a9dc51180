/* What one kind of probe makes of what it saw. */
#pragma once

#include "health/result.h"

#include <stdbool.h>

/* What came of a probe's connection. */
struct answer {
    int error;           /* 0: connected */
    bool is_late;        /* nothing came in time; `error` is 0 */
    bool is_connected;   /* it was the TLS handshake that took too long */
    bool is_secured;     /* the TLS handshake was done, too */
    const char *trouble; /* what was wrong with it; NULL: nothing */
};

struct probe_kind {
    const char *name; /* as in `check = name` */
    /* Pure, so that tests need no socket. */
    struct verdict (*judge)(const struct answer *answer);
};

extern const struct probe_kind probe_connect;
