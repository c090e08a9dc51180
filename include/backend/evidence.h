/* What clients' sessions tell of one server, beside its probes. Workers note it, main
 * judges it. */
#pragma once

#include "base/counter.h"

/* Two that write a time at once do so at about the same time: the last one will do. */
struct evidence {
    /* In a row: connects and TLS handshakes that failed, sessions that it reset at once,
     * without a byte. The first session that goes well takes them back. */
    struct gauge errors;
    struct counter errors_since, erred_at; /* monotonic ms of the first and the last */

    /* With `observe = first-byte` only. */
    struct gauge unanswered;    /* sessions that main has not taken note of */
    struct counter answered_at; /* monotonic ms of the last first answer to a session */
};

/* Any thread. Returns how many there are in the row now. */
static inline uint32_t evidence_add_error(struct evidence *evidence, uint64_t now)
{
    uint32_t errors = gauge_take(&evidence->errors, 0);

    counter_set(&evidence->erred_at, now);
    if (errors == 1)
        counter_set(&evidence->errors_since, now);
    return errors;
}

/* Any thread. Costs a write only after errors. */
static inline void evidence_take_back(struct evidence *evidence)
{
    if (gauge_read(&evidence->errors))
        (void)gauge_drain(&evidence->errors);
}
