/* Each line has a comma behind its last field, too. A field with commas is quoted, with
 * quotes doubled in it. Cells are cut in place. */
#include "usherctl/csv.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static size_t count_lines(const char *text)
{
    size_t count = 0;

    while (*text && *text != '\n') {
        text += strcspn(text, "\n");
        text += *text == '\n';
        count++;
    }
    return count;
}

/* Ends the quoted field that begins here, without its quotes; returns what follows it. */
static char *unquote(char *field)
{
    char *to = field, *from = field + 1;

    while (*from && *from != '\n') {
        if (*from == '"' && from[1] != '"')
            break;
        from += *from == '"';
        *to++ = *from++;
    }
    from += *from == '"';
    *to = '\0';
    return from;
}

/* Cuts the field that begins at `*at`, and goes on to the next; the last one of a line
 * has nothing behind it. */
static const char *take_field(char **at)
{
    char *field = *at;
    char *end = *field == '"' ? unquote(field) : field + strcspn(field, ",\n");

    if (*end != ',')
        end += strcspn(end, ",\n");
    *at = end + (*end == ',');
    if (*end == ',')
        *end = '\0';
    return field;
}

static bool is_at_end(const char *at)
{
    return !*at || *at == '\n';
}

/* Goes on to the next line; what is left over is nobody's. */
static void take_row(char **at, const char **cells, size_t width)
{
    size_t column = 0;

    while (column < width && !is_at_end(*at))
        cells[column++] = take_field(at);
    while (column < width)
        cells[column++] = "";
    *at += strcspn(*at, "\n");
    if (**at)
        *(*at)++ = '\0';
}

static size_t count_names(const char *line)
{
    size_t count = 0;

    while (!is_at_end(line)) {
        line += strcspn(line, ",\n");
        line += *line == ',';
        count++;
    }
    return count;
}

struct csv csv_read(const char *text)
{
    struct csv csv = { .width = 0 };
    size_t lines = count_lines(text);
    char *at;

    if (strncmp(text, "# ", 2) != 0)
        return csv;
    csv.text = at = memory_copy_text(text + 2);
    csv.width = count_names(at);
    csv.height = lines - 1;
    csv.cells = memory_new_array(lines * csv.width + 1, sizeof *csv.cells);
    for (size_t line = 0; line < lines; line++)
        take_row(&at, csv.cells + line * csv.width, csv.width);
    return csv;
}

void csv_deinit(struct csv *csv)
{
    free(csv->text);
    free(csv->cells);
}

const char *csv_cell(const struct csv *csv, size_t row, const char *name)
{
    for (size_t column = 0; column < csv->width; column++)
        if (!strcmp(csv->cells[column], name))
            return csv->cells[(row + 1) * csv->width + column];
    return "";
}

int64_t csv_number(const struct csv *csv, size_t row, const char *name)
{
    const char *cell = csv_cell(csv, row, name);
    char *end;
    int64_t number;

    if (!isdigit((unsigned char)*cell))
        return -1;
    number = strtoll(cell, &end, 10);
    return *end ? -1 : number;
}
