/* Which metrics somebody wants to scrape: HAProxy's options of its exporter. Pure. */
#pragma once

#include "web/http_request.h"

#include <stdbool.h>

enum metrics_scope {
    METRICS_FRONTEND = 1, /* as enum stat_kind */
    METRICS_BACKEND = 2,
    METRICS_SERVER = 4,
    METRICS_GLOBAL = 8,
    METRICS_ALL = 15,
};

struct metrics_filter {
    unsigned scopes; /* bits of enum metrics_scope */
    bool names_some; /* only what is named; else all but what has a "-" before it */
    char names[HTTP_LINE_MOST + 2]; /* ",haproxy_process_jobs,-usher_build_info" */
};

/* "scope=server", as often as wanted, an empty one forgets those before it;
 * "metrics=A,-B" with whole names. False: no such scope. */
bool metrics_filter_read(const struct http_request *request,
                         struct metrics_filter *filter);
/* The name is PREFIX followed by NAME. */
bool metrics_filter_passes(const struct metrics_filter *filter, const char *prefix,
                           const char *name);
