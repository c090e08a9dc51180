/* One look after the other at what usher serves: what to ask, and what was answered.
 * Pure. */
#pragma once

#include "usherctl/answer.h"
#include "usherctl/reasons.h"

#include <stdbool.h>

struct look {
    struct survey *survey; /* the latest; NULL until the first was complete */
    struct reasons *reasons;
    struct buffer info, stat; /* answers of the present look */
    bool is_at_reasons;
};

void look_init(struct look *look);
void look_deinit(struct look *look);

/* Begins a look: writes the line to be said. */
void look_begin(struct look *look, struct buffer *request);
/* The same for reasons that are not known yet; false: they all are. */
bool look_begin_reasons(struct look *look, struct buffer *request);
/* What is answered; the look is the owner. */
void look_hear(struct answer *answer, const char *line);
/* All was answered. False: there is no table in it, and the last survey is still the
 * latest. */
bool look_end(struct look *look, uint64_t now_ms);
