/* What clients' sessions tell of one server, beside its probes. Workers note it, main
 * judges it. */
#pragma once

#include "base/counter.h"

/* Errors in a row: the first session that goes well takes them back. */
struct evidence_row {
    struct gauge errors;
    struct counter began_at; /* monotonic ms of the first */
};

/* Two that write a time at once do so at about the same time: the last one will do. */
struct evidence {
    struct evidence_row unreached; /* connects, or TLS handshakes, that failed */
    struct evidence_row cut;       /* sessions that it reset at once, without a byte */

    /* With `observe = first-byte` only. */
    struct gauge unanswered;    /* sessions that main has not taken note of */
    struct counter answered_at; /* monotonic ms of the last first answer to a session */
};

/* Any thread. Returns how many there are in the row now. */
static inline uint32_t evidence_add(struct evidence_row *row, uint64_t now)
{
    uint32_t errors = gauge_take(&row->errors, 0);

    if (errors == 1)
        counter_set(&row->began_at, now);
    return errors;
}

/* Any thread. Costs a write only after errors. */
static inline void evidence_take_back(struct evidence_row *row)
{
    if (gauge_read(&row->errors))
        (void)gauge_drain(&row->errors);
}
