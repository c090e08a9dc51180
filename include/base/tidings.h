/* Limits how often one state is said that comes and goes: the same line not twice within
 * a second. What was not said then is said later, as where it came to. One thread. Zero
 * is a valid start. */
#pragma once

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>

enum { TIDINGS_LINES = 4, TIDINGS_PAUSE_MS = 1000 };

struct tidings {
    unsigned untold; /* changes */
    struct {
        unsigned line;
        uint64_t at; /* 0: never */
    } told[TIDINGS_LINES];
};

/* The line's place; that of the one told longest ago when it has none. */
static inline size_t tidings_place(const struct tidings *tidings, unsigned line)
{
    size_t oldest = 0;

    for (size_t i = 0; i < TIDINGS_LINES; i++) {
        if (tidings->told[i].at && tidings->told[i].line == line)
            return i;
        if (tidings->told[i].at < tidings->told[oldest].at)
            oldest = i;
    }
    return oldest;
}

/* Notes that it is told, unless it was just now. */
static inline bool tidings_take(struct tidings *tidings, unsigned line)
{
    size_t place = tidings_place(tidings, line);
    uint64_t now = clock_ms(), at = tidings->told[place].at;

    if (at && now - at < TIDINGS_PAUSE_MS)
        return false;
    tidings->told[place].line = line;
    tidings->told[place].at = now;
    return true;
}

/* There was a change, to what the line says: is it to be said now? */
static inline bool tidings_change(struct tidings *tidings, unsigned line)
{
    bool is_now = !tidings->untold && tidings_take(tidings, line);

    tidings->untold += !is_now;
    return is_now;
}

/* How many changes to tell of now, in the line that says where it came to; 0: none. To be
 * asked about once a second. */
static inline unsigned tidings_due(struct tidings *tidings, unsigned line)
{
    unsigned changes = tidings->untold;

    if (!changes || !tidings_take(tidings, line))
        return 0;
    tidings->untold = 0;
    return changes;
}
