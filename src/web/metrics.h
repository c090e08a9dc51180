/* The figures as Prometheus reads them, under the names of HAProxy's exporter; usher's
 * own begin with usher_. Main only. */
#pragma once

struct buffer;
struct metrics_filter;
struct snapshot;

void metrics_write(const struct snapshot *snapshot, const struct metrics_filter *filter,
                   struct buffer *out);
