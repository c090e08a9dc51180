/* Verdicts of dialogues, with reasons that may be shown to anybody. */
#include "health/verdict.h"

#include <stdarg.h>
#include <stdio.h>

struct verdict verdict_pending(void)
{
    return (struct verdict){ .outcome = OUTCOME_PENDING };
}

struct verdict verdict_next(size_t heard)
{
    return (struct verdict){ .outcome = OUTCOME_NEXT, .heard = heard };
}

static void make_printable(char *text)
{
    for (; *text; text++)
        if (*text < ' ' || *text > '~')
            *text = '?';
}

struct verdict verdict_passed(const char *why)
{
    struct verdict verdict = { .outcome = OUTCOME_PASSED, .result = RESULT_ANSWERED };

    (void)snprintf(verdict.why, sizeof verdict.why, "%s", why);
    make_printable(verdict.why);
    return verdict;
}

struct verdict verdict_failed(enum result result, const char *format, ...)
{
    struct verdict verdict = { .outcome = OUTCOME_FAILED, .result = result };
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(verdict.why, sizeof verdict.why, format, arguments);
    va_end(arguments);
    make_printable(verdict.why);
    return verdict;
}

void verdict_make_plain(struct verdict *verdict)
{
    for (char *at = verdict->why; *at; at++)
        if (*at < ' ' || *at > '~')
            *at = '?';
}
