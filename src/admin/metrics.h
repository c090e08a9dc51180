/* The figures as Prometheus reads them, under the names of HAProxy's exporter; usher's
 * own begin with usher_. Main only, but for what is marked pure. */
#pragma once

struct buffer;
struct http_request;
struct snapshot;

enum metrics_scope {
    METRICS_FRONTEND = 1, /* as enum stat_kind */
    METRICS_BACKEND = 2,
    METRICS_SERVER = 4,
    METRICS_GLOBAL = 8,
    METRICS_ALL = 15,
};

/* "scope=server", as often as wanted; an empty one forgets those before it. Pure. */
unsigned metrics_scopes(const struct http_request *request);
void metrics_write(const struct snapshot *snapshot, unsigned scopes, struct buffer *out);
