/* A table of texts: cells in columns as wide as their widest. Pure. */
#pragma once

#include "base/buffer.h"
#include "usherctl/tone.h"

#include <stdbool.h>
#include <stddef.h>

struct grid;

struct grid_column {
    const char *title; /* borrowed */
    bool is_right;     /* flush, as figures are */
    size_t width; /* of the widest cell or the title; 0: it is empty, and not shown */
};

struct grid_cell {
    const char *text;
    enum tone tone;
};

struct grid_style {
    bool has_colours;
    size_t width_most; /* lines are cut there; 0: they are not */
};

enum { GRID_GAP = 2 }; /* blanks between columns */

struct grid *grid_create(void);
/* NULL is fine. */
void grid_destroy(struct grid *grid);

/* All columns come before the first cell. One that is kept is shown when it is empty,
 * too. */
void grid_add_column(struct grid *grid, const char *title, bool is_right, bool is_kept);
/* Adds a cell, from left to right, row after row. The text is copied. */
void grid_add(struct grid *grid, enum tone tone, const char *text);

size_t grid_rows(const struct grid *grid);
size_t grid_columns(const struct grid *grid);
struct grid_cell grid_at(const struct grid *grid, size_t row, size_t column);
const struct grid_column *grid_column(const struct grid *grid, size_t column);

/* The titles and all rows, a line each. */
void grid_write(const struct grid *grid, const struct grid_style *style,
                struct buffer *out);
