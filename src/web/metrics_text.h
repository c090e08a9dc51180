/* How samples are written; states in the words of HAProxy's exporter. Pure. */
#pragma once

#include "admin/snapshot.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;
struct metrics_filter;

struct metrics_text {
    const struct snapshot *snapshot;
    const char *const *labels;           /* of each row: {proxy="app",server="a" */
    const struct metrics_filter *filter; /* NULL: all pass */
    struct buffer *out;
};

struct metrics_name {
    const char *prefix, *name, *help, *type;
};

struct metrics_value {
    uint64_t number;
    bool is_ms;                      /* it is written in seconds */
    const char *label, *label_value; /* one more label; NULL: none */
    const char *suffix;              /* of a histogram's name; NULL: none */
};

/* Of what can be one thing at a time. */
struct metrics_choice {
    const char *const *states; /* ended by NULL */
    const char *state;
};

enum { METRICS_TEXT_STATES = 5 };

extern const char *const metrics_text_server_states[METRICS_TEXT_STATES + 1];

/* In the snapshot's arena. */
const char *const *metrics_text_labels(const struct snapshot *snapshot);
/* # HELP and # TYPE. False: nobody wants it, and nothing was written. */
bool metrics_text_begin(const struct metrics_text *text, const struct metrics_name *name);
/* `index` is the row's; SIZE_MAX for what belongs to no row. */
void metrics_text_sample(const struct metrics_text *text, const struct metrics_name *name,
                         size_t index, const struct metrics_value *value);
/* "UP", "DOWN", "MAINT", "DRAIN" or "NOLB" */
const char *metrics_text_state(const struct stat_row *row);
