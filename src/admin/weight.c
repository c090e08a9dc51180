#include "admin/weight.h"

#include "backend/server.h"

#include <stdlib.h>
#include <string.h>

/* More than that is cut off anyway, and cannot overflow. */
enum { PERCENT_MOST = 100 * SERVER_WEIGHT_MOST };

static const char *read_percent(long percent, unsigned initial, unsigned *weight)
{
    unsigned long share;

    if (percent < 0)
        return "Relative weight must be positive.";
    if (percent > PERCENT_MOST)
        percent = PERCENT_MOST;
    share = initial * (unsigned long)percent / 100;
    /* A small share of a small weight is not nothing. */
    if (!share && percent && initial)
        share = 1;
    *weight = share < SERVER_WEIGHT_MOST ? (unsigned)share : SERVER_WEIGHT_MOST;
    return NULL;
}

const char *weight_read(const char *text, unsigned initial, unsigned *weight)
{
    char *end;
    long number;

    if (!*text)
        return "Require <weight> or <weight%>.";
    number = strtol(text, &end, 10);
    if (end == text)
        return "Empty weight string empty or preceded by garbage";
    if (!strcmp(end, "%"))
        return read_percent(number, initial, weight);
    if (number < 0 || number > SERVER_WEIGHT_MOST)
        return "Absolute weight can only be between 0 and 256 inclusive.";
    if (*end)
        return "Trailing garbage in weight string";
    *weight = (unsigned)number;
    return NULL;
}
