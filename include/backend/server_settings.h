/* What the file says of one server. Texts are borrowed from the generation. */
#pragma once

#include "base/address.h"
#include "base/problem.h"

#include <stdbool.h>

enum { SERVER_WEIGHT_MOST = 256 };

struct server_settings {
    struct place place;
    const char *name;
    const char *text; /* the address as written */
    struct address_parts destination;
    unsigned weight;  /* 0 ... SERVER_WEIGHT_MOST */
    unsigned maxconn; /* 0: no limit */
    bool backup;
    unsigned priority;   /* of its tier; the lowest that can serves */
    unsigned check_port; /* 0: the backend's, or its own */
    unsigned agent_port; /* 0: the backend's */
    const char *track;   /* "BACKEND/SERVER" whose verdict is its own, too; NULL: none */
};
