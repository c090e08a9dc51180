/* Reads the table that `show stat` is: columns are found by name. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct csv {
    size_t width, height; /* the rows without the names */
    char *text;           /* owned: what the cells are cut from */
    const char **cells;   /* owned: the names, then row after row */
};

/* Up to the first empty line. Without a line of names there are no columns. */
struct csv csv_read(const char *text);
void csv_deinit(struct csv *csv);

/* "" where there is none. */
const char *csv_cell(const struct csv *csv, size_t row, const char *name);
/* -1 where there is none, or no number that is positive or 0. */
int64_t csv_number(const struct csv *csv, size_t row, const char *name);
