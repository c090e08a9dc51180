/* Why a session is over: the table of reasons. */
#pragma once

#include "base/log.h"

#include <stdbool.h>

enum ending {
    ENDING_NONE, /* it is not */
    ENDING_CLIENT_CLOSED,
    ENDING_SERVER_CLOSED,
    ENDING_CLIENT_RESET,
    ENDING_SERVER_RESET,
    ENDING_CLIENT_FAULT,
    ENDING_SERVER_FAULT,
    ENDING_IDLE,
    ENDING_HALF_CLOSED,
    ENDING_GREET_TIMEOUT,
    ENDING_PROXY_HEADER,
    ENDING_NOT_ALLOWED,
    ENDING_CLIENT_TLS,
    ENDING_GREETING,
    ENDING_NO_SERVER,
    ENDING_UNREACHABLE,
    ENDING_CONNECT_TIMEOUT,
    ENDING_QUEUE_FULL,
    ENDING_QUEUE_TIMEOUT,
    ENDING_HOLD_TIMEOUT,
    ENDING_CLIENT_LEFT,
    ENDING_OWN_SHORTAGE,
    ENDING_ADMIN,
    ENDING_DRAIN,
    ENDING_SERVER_DOWN,
    ENDING_MOVED,
    ENDING_EXIT,
    ENDINGS,
};

/* Whose doing it was. */
enum blame {
    BLAME_NOBODY,
    BLAME_GREETING,
    BLAME_CLIENT,
    BLAME_SERVER,
    BLAME_BACKEND,
    BLAME_OURSELVES
};

struct ending_facts {
    const char *name; /* for machines: ending=NAME */
    const char *text; /* for people */
    enum blame blame;
    bool by_reset; /* both ends see a reset, not an end */
};

const struct ending_facts *ending_facts(enum ending ending);
