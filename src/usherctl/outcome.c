#include "usherctl/outcome.h"

#include <stdarg.h>
#include <stdio.h>

const char *outcome_text(enum outcome outcome)
{
    static const char *const texts[OUTCOMES] = {
        [OUTCOME_DONE] = "done",
        [OUTCOME_REFUSED] = "usher refused",
        [OUTCOME_USAGE] = "the command line was not understood",
        [OUTCOME_UNREACHABLE] = "no connection to usher, or it was lost",
        [OUTCOME_LATE] = "not done in time",
        [OUTCOME_UNPRINTED] = "the output could not be written",
    };

    return texts[outcome];
}

enum outcome outcome_tell(enum outcome outcome, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)fputs("usherctl: ", stderr);
    (void)vfprintf(stderr, format, arguments);
    (void)fputc('\n', stderr);
    va_end(arguments);
    return outcome;
}
