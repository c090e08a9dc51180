/* What the figures mean for the server's weight, as a line of the agent protocol and as
 * JSON. Pure. */
#pragma once

#include "agent/figures.h"
#include "agent/options.h"

struct buffer;

enum { REPORT_PERCENT_LEAST = 10 };

struct report {
    unsigned percent;  /* of the weight, REPORT_PERCENT_LEAST ... 100 */
    const char *cause; /* "cpu", "memory", "load" or a path; NULL: nothing lowers it */
    int cause_percent; /* of it */
    const char *full_disk; /* that takes the host down; NULL: none */
    int full_percent;
};

/* 100 up to `from`, REPORT_PERCENT_LEAST from `to` on, straight between. */
unsigned report_curve(const struct threshold *threshold, int used);

struct report report_of(const struct figures *figures, const struct options *options);
/* "up 75%\n" */
void report_write_line(const struct report *report, struct buffer *out);
/* One object on one line. */
void report_write_json(const struct figures *figures, const struct options *options,
                       struct buffer *out);
