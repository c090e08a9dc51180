/* Talks with usher from beginning to end, and says on stderr why it could not. */
#pragma once

#include "usherctl/answer.h"
#include "usherctl/invocation.h"
#include "usherctl/outcome.h"

enum { EXCHANGE_MS = 10000 }; /* how long to wait for an answer when nobody says */

struct exchange {
    const struct address *where;
    const char *socket;  /* the same, as it was written */
    uint64_t silence_ms; /* that is borne; 0: any */
    size_t replies;      /* that there must be at least */
};

/* Of this invocation; one reply. */
struct exchange exchange_of(const struct invocation *invocation);
/* The text is a whole line, or more. REFUSED when the gravest line was a refusal, LATE
 * when usher was silent for too long. */
enum outcome exchange_hold(const struct exchange *exchange, const char *text,
                           struct answer *answer);
