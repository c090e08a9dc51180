/* A word is looked up in the table, and its row says what to do with it. */
#include "base/option.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/roff.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_MOST = 80 };

static const struct option_row *find_row(const struct option_row *row, const char *word)
{
    for (; row->name; row++)
        if (!strcmp(row->name, word) || (row->alias && !strcmp(row->alias, word)))
            return row;
    return NULL;
}

static const char *take_argument(const struct option_line *line,
                                 const struct option_row *row, char *text)
{
    char *field = (char *)line->object + row->place, *copy;
    const char *trouble;

    if (!text)
        return "wants a value";
    if (!row->take) {
        memcpy(field, &text, sizeof text);
        return NULL;
    }
    copy = memory_copy_text(text);
    trouble = row->take(line->object, copy);
    free(copy);
    return trouble;
}

bool option_read(struct option_line *line)
{
    for (int i = 1; i < line->count && !line->trouble; i++) {
        const struct option_row *row = find_row(line->rows, line->words[i]);

        line->word = line->words[i];
        if (!row)
            line->trouble = "is no option";
        else if (row->argument)
            line->trouble = take_argument(line, row,
                                          ++i < line->count ? line->words[i] : NULL);
        else
            *(bool *)((char *)line->object + row->place) = true;
    }
    return !line->trouble;
}

/* "-h, --help" */
static void write_names(const struct option_row *row, struct buffer *out)
{
    if (row->alias)
        buffer_format(out, "%s, ", row->alias);
    buffer_add_text(out, row->name);
}

static size_t width_of(const struct option_row *row)
{
    return (row->alias ? strlen(row->alias) + 2 : 0) + strlen(row->name) +
           (row->argument ? strlen(row->argument) + 1 : 0);
}

static size_t widest(const struct option_row *row)
{
    size_t most = 0;

    for (; row->name; row++)
        most = width_of(row) > most ? width_of(row) : most;
    return most;
}

/* Wrapped, each line as far to the right as the first. */
static void write_help(const char *help, size_t column, struct buffer *out)
{
    size_t at = column;

    while (*help) {
        size_t length = strcspn(help, " ");

        if (at > column && at + 1 + length > LINE_MOST) {
            buffer_format(out, "\n%*s", (int)column, "");
            at = column;
        } else if (at > column) {
            buffer_add_text(out, " ");
            at++;
        }
        buffer_add(out, help, length);
        at += length;
        help += length + strspn(help + length, " ");
    }
    buffer_add_text(out, "\n");
}

/* "percent used; initially 80:95" */
static void describe(const struct option_row *row, struct buffer *out)
{
    buffer_add_text(out, row->help);
    if (row->initial)
        buffer_format(out, "; initially %s", row->initial);
}

void option_write_usage(const struct option_row *rows, struct buffer *out)
{
    size_t width = widest(rows);

    for (const struct option_row *row = rows; row->name; row++) {
        struct buffer text = { 0 };

        describe(row, &text);
        buffer_add_text(out, "  ");
        write_names(row, out);
        buffer_format(out, "%s%s%*s", row->argument ? " " : "",
                      row->argument ? row->argument : "",
                      (int)(width - width_of(row) + 2), "");
        write_help(buffer_text(&text), width + 4, out);
        buffer_deinit(&text);
    }
}

void option_write_manual(const struct option_row *row, struct buffer *out)
{
    for (; row->name; row++) {
        struct buffer names = { 0 }, text = { 0 };

        write_names(row, &names);
        describe(row, &text);
        roff_entry(out, buffer_text(&names), row->argument, buffer_text(&text));
        buffer_deinit(&names);
        buffer_deinit(&text);
    }
}
