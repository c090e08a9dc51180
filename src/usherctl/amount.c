#include "usherctl/amount.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

static const char steps[] = { '\0', 'k', 'M', 'G', 'T', 'P', 'E' };

/* Three digits are enough to compare by eye. */
static double scale(int64_t amount, char *step)
{
    double scaled = (double)amount;
    unsigned i = 0;

    for (; scaled >= 999.5 && i + 1 < sizeof steps; i++)
        scaled /= 1000;
    *step = steps[i];
    return scaled;
}

static int decimals(double scaled)
{
    return scaled < 9.95 ? 1 : 0;
}

struct amount_text amount_count(int64_t count)
{
    struct amount_text text = { "" };
    double scaled;
    char step;

    if (count < 0)
        return text;
    if (count < 10000) {
        (void)snprintf(text.chars, sizeof text, "%" PRId64, count);
        return text;
    }
    scaled = scale(count, &step);
    (void)snprintf(text.chars, sizeof text, "%.1f%c", scaled, step);
    return text;
}

struct amount_text amount_bytes(int64_t bytes)
{
    struct amount_text text = { "" };
    double scaled;
    char step;

    if (bytes < 0)
        return text;
    scaled = scale(bytes, &step);
    if (step)
        (void)snprintf(text.chars, sizeof text, "%.*f %cB", decimals(scaled), scaled,
                       step);
    else
        (void)snprintf(text.chars, sizeof text, "%.0f B", scaled);
    return text;
}

struct amount_text amount_span(int64_t seconds)
{
    static const struct {
        int64_t seconds, part;
        const char *format;
    } units[] = {
        { 86400, 3600, "%" PRId64 "d%" PRId64 "h" },
        { 3600, 60, "%" PRId64 "h%" PRId64 "m" },
        { 60, 1, "%" PRId64 "m%" PRId64 "s" },
    };
    struct amount_text text = { "" };

    if (seconds < 0)
        return text;
    (void)snprintf(text.chars, sizeof text, "%" PRId64 "s", seconds);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (seconds < units[i].seconds)
            continue;
        (void)snprintf(text.chars, sizeof text, units[i].format,
                       seconds / units[i].seconds,
                       seconds % units[i].seconds / units[i].part);
        break;
    }
    return text;
}
