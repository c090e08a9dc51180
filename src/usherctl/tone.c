#include "usherctl/tone.h"

#include <stddef.h>
#include <string.h>

enum tone tone_of_status(const char *status)
{
    static const struct {
        const char *beginning;
        enum tone tone;
    } known[] = {
        { "UP ", TONE_WARNING },    { "UP", TONE_GOOD },        { "OPEN", TONE_GOOD },
        { "DOWN", TONE_BAD },       { "DRAIN", TONE_WARNING },  { "MAINT", TONE_WARNING },
        { "NOLB", TONE_WARNING },   { "PAUSED", TONE_WARNING }, { "STOP", TONE_WARNING },
        { "no check", TONE_FAINT },
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strncmp(status, known[i].beginning, strlen(known[i].beginning)))
            return known[i].tone;
    return TONE_PLAIN;
}
