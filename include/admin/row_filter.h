/* Which rows somebody wants to see: HAProxy's options of its statistics. Pure. */
#pragma once

#include <stdbool.h>

struct stat_row;

struct row_filter {
    bool only_up, no_maint; /* of servers */
    char scope[256];        /* a part of the proxy's name; "": any */
};

bool row_filter_passes(const struct row_filter *filter, const struct stat_row *row);
