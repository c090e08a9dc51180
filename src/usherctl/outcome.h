/* How usherctl ends: what scripts look at. */
#pragma once

#include <stddef.h>

enum outcome {
    OUTCOME_DONE,
    OUTCOME_REFUSED,
    OUTCOME_USAGE,
    OUTCOME_UNREACHABLE,
    OUTCOME_LATE,
    OUTCOME_UNPRINTED,
    OUTCOMES
};

/* In a few words. */
const char *outcome_text(enum outcome outcome);
/* Says on stderr what went wrong, "usherctl: ..." and a line end; returns the outcome. */
enum outcome outcome_tell(enum outcome outcome, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
