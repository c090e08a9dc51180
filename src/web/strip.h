/* A server's last hour as a strip of colours. Pure. */
#pragma once

#include <stdint.h>

struct buffer;
struct history;

struct strip {
    uint64_t begin_ms, end_ms; /* Unix */
    const char *now;           /* the state's class, where nothing else is known */
};

/* An SVG; each piece of it says when, what and why. NULL is a history without changes. */
void strip_write(const struct strip *strip, const struct history *history,
                 struct buffer *out);
/* The class of a state: "up", "down", "maint", "drain", "ejected", "unknown"; NULL for
 * what is no state, such as a new weight. */
const char *strip_class(const char *state);
