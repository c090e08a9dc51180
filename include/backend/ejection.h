/* How long a server that clients' sessions speak against is out, and how many may be.
 * Main only; pure. */
#pragma once

#include "backend/recovery_settings.h"

#include <stdbool.h>
#include <stdint.h>

enum { EJECTION_STEPS = 30 }; /* it grows to at most so many times the first */

/* Of one server. Zero is a valid start. Times are monotonic milliseconds. */
struct ejection {
    uint64_t ends_at;   /* 0: it is not ejected */
    uint64_t ended_at;  /* the last one */
    uint64_t length_ms; /* of the last one */
    uint64_t times;     /* in all */
    unsigned in_row;

    unsigned unanswered; /* sessions in a row, while others were answered */
    uint64_t unanswered_since, unanswered_at; /* the first and the last of them */
};

/* Each time in a row is longer. The row is over when the server was without errors for
 * as long as it was last ejected: `errors_since` is the first of those that eject it. */
void ejection_begin(struct ejection *ejection, uint64_t first_ms, uint64_t errors_since,
                    uint64_t now);
void ejection_end(struct ejection *ejection, uint64_t now);

/* Sessions that a server took bytes of and gave no answer to for so long. */
struct ejection_silence {
    unsigned sessions;
    uint64_t limit_ms;
    uint64_t answered_at;        /* when it last answered one, */
    uint64_t others_answered_at; /* and when another server did */
};

/* False when no other server answered meanwhile either: then it does not count. */
bool ejection_note_silence(struct ejection *ejection,
                           const struct ejection_silence *silence, uint64_t now);

/* How a backend stands when one of its fit servers is to be ejected. */
struct ejection_crowd {
    unsigned servers, ejected;
    unsigned fit, needed; /* needed: with fewer, nobody or anybody would serve */
};

/* Never the last one that is needed. A share above nothing is at least one server. */
bool ejection_is_allowed(const struct ejection_crowd *crowd, const struct share *most);
