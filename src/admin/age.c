#include "admin/age.h"

#include <inttypes.h>
#include <stdio.h>

struct parts {
    uint64_t days;
    unsigned hours, minutes, seconds;
};

static struct parts part(uint64_t ms)
{
    uint64_t seconds = ms / 1000;

    return (struct parts){ .days = seconds / 86400,
                           .hours = (unsigned)(seconds / 3600 % 24),
                           .minutes = (unsigned)(seconds / 60 % 60),
                           .seconds = (unsigned)(seconds % 60) };
}

struct age_text age_text(uint64_t ms)
{
    struct parts parts = part(ms);
    struct age_text text;
    char *out = text.chars;

    if (parts.days)
        (void)snprintf(out, sizeof text, "%" PRIu64 "d%uh", parts.days, parts.hours);
    else if (parts.hours)
        (void)snprintf(out, sizeof text, "%uh%um", parts.hours, parts.minutes);
    else if (parts.minutes)
        (void)snprintf(out, sizeof text, "%um%us", parts.minutes, parts.seconds);
    else
        (void)snprintf(out, sizeof text, "%us", parts.seconds);
    return text;
}

struct age_text age_uptime(uint64_t ms)
{
    struct parts parts = part(ms);
    struct age_text text;

    (void)snprintf(text.chars, sizeof text, "%" PRIu64 "d %uh%02um%02us", parts.days,
                   parts.hours, parts.minutes, parts.seconds);
    return text;
}

struct age_text age_clock(uint64_t ms)
{
    struct parts parts = part(ms);
    struct age_text text;

    (void)snprintf(text.chars, sizeof text, "%" PRIu64 ":%02u:%02u:%02u", parts.days,
                   parts.hours, parts.minutes, parts.seconds);
    return text;
}
