/* Five thousand servers are hundreds of thousands of lines: what can be made once is. */
#include "web/metrics_text.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "web/metrics_filter.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *const metrics_text_server_states[] = { "DOWN",  "UP",   "MAINT",
                                                   "DRAIN", "NOLB", NULL };

/* Names have nothing in them that had to be escaped. */
const char *const *metrics_text_labels(const struct snapshot *snapshot)
{
    const char **labels = arena_new(snapshot->arena,
                                    (snapshot->count + 1) * sizeof *labels);

    for (size_t i = 0; i < snapshot->count; i++) {
        const struct stat_row *row = &snapshot->rows[i];

        if (row->kind == STAT_SERVER)
            labels[i] = arena_format(snapshot->arena, "{proxy=\"%s\",server=\"%s\"",
                                     row->proxy, row->name);
        else
            labels[i] = arena_format(snapshot->arena, "{proxy=\"%s\"", row->proxy);
    }
    return labels;
}

bool metrics_text_begin(const struct metrics_text *text, const struct metrics_name *name)
{
    if (text->filter && !metrics_filter_passes(text->filter, name->prefix, name->name))
        return false;
    buffer_format(text->out, "# HELP %s%s %s.\n# TYPE %s%s %s\n", name->prefix,
                  name->name, name->help, name->prefix, name->name, name->type);
    return true;
}

static void add_labels(const struct metrics_text *text, size_t index,
                       const struct metrics_value *value)
{
    const char *labels = index == SIZE_MAX ? NULL : text->labels[index];

    if (!labels && !value->label)
        return;
    buffer_add_text(text->out, labels ? labels : "{");
    if (value->label) {
        buffer_add_text(text->out, labels ? "," : "");
        buffer_add_text(text->out, value->label);
        buffer_add_text(text->out, "=\"");
        buffer_add_text(text->out, value->label_value);
        buffer_add_text(text->out, "\"");
    }
    buffer_add_text(text->out, "}");
}

static void add_number(const struct metrics_value *value, struct buffer *out)
{
    char digits[32];

    if (value->is_ms)
        (void)snprintf(digits, sizeof digits, " %" PRIu64 ".%03u\n", value->number / 1000,
                       (unsigned)(value->number % 1000));
    else
        (void)snprintf(digits, sizeof digits, " %" PRIu64 "\n", value->number);
    buffer_add_text(out, digits);
}

void metrics_text_sample(const struct metrics_text *text, const struct metrics_name *name,
                         size_t index, const struct metrics_value *value)
{
    buffer_add_text(text->out, name->prefix);
    buffer_add_text(text->out, name->name);
    buffer_add_text(text->out, value->suffix ? value->suffix : "");
    add_labels(text, index, value);
    add_number(value, text->out);
}

/* By how the status begins; what is not checked counts as up, a paused frontend as
 * down. */
const char *metrics_text_state(const struct stat_row *row)
{
    static const struct {
        const char *begins, *state;
    } states[] = {
        { "UP", "UP" },       { "OPEN", "UP" },     { "no check", "UP" },
        { "MAINT", "MAINT" }, { "DRAIN", "DRAIN" }, { "NOLB", "NOLB" },
    };

    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (!strncmp(row->status, states[i].begins, strlen(states[i].begins)))
            return states[i].state;
    return "DOWN";
}
