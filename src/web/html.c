/* Every figure that a person reads has its unit. */
#include "web/html.h"

#include "admin/age.h"
#include "base/buffer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *entity_of(char letter)
{
    static const struct {
        char letter;
        const char *entity;
    } entities[] = {
        { '&', "&amp;" },  { '<', "&lt;" },   { '>', "&gt;" },
        { '"', "&quot;" }, { '\'', "&#39;" },
    };

    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (entities[i].letter == letter)
            return entities[i].entity;
    return NULL;
}

void html_text(const char *text, struct buffer *out)
{
    for (; *text; text++) {
        const char *entity = entity_of(*text);

        if (entity)
            buffer_add_text(out, entity);
        else if (*text < ' ' || *text > '~')
            buffer_format(out, "\\x%02X", (unsigned)(unsigned char)*text);
        else
            buffer_add(out, text, 1);
    }
}

void html_count(uint64_t count, struct buffer *out)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, count);

    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0)
            buffer_add_text(out, ",");
        buffer_add(out, &digits[i], 1);
    }
}

void html_bytes(uint64_t bytes, struct buffer *out)
{
    static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB", "EB" };
    double value = (double)bytes;
    size_t unit = 0;

    while (value >= 999.5 && unit + 1 < sizeof units / sizeof *units) {
        value /= 1000;
        unit++;
    }
    buffer_format(out, "%.*f %s", unit && value < 99.95 ? 1 : 0, value, units[unit]);
}

void html_span(uint64_t ms, struct buffer *out)
{
    if (ms < 1000)
        buffer_format(out, "%u ms", (unsigned)ms);
    else if (ms < 60000)
        buffer_format(out, "%.3g s", (double)ms / 1000.);
    else
        buffer_add_text(out, age_text(ms).chars);
}
