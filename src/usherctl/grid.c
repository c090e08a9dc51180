#include "usherctl/grid.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

struct grid {
    struct grid_column *columns;
    size_t column_count, cell_count, room;
    struct cell {
        char *text; /* owned */
        enum tone tone;
    } * cells;
};

struct grid *grid_create(void)
{
    return memory_new(sizeof(struct grid));
}

void grid_destroy(struct grid *grid)
{
    if (!grid)
        return;
    for (size_t i = 0; i < grid->cell_count; i++)
        free(grid->cells[i].text);
    free(grid->cells);
    free(grid->columns);
    free(grid);
}

void grid_add_column(struct grid *grid, const char *title, bool is_right, bool is_kept)
{
    size_t count = grid->column_count + 1;

    grid->columns = memory_resize(grid->columns, count * sizeof *grid->columns);
    grid->columns[count - 1] = (struct grid_column){ title, is_right,
                                                     is_kept ? strlen(title) : 0 };
    grid->column_count = count;
}

/* A column has its title's width once there is something in it. */
static void widen(struct grid_column *column, size_t length)
{
    size_t title = strlen(column->title);

    if (!length)
        return;
    length = length > title ? length : title;
    column->width = length > column->width ? length : column->width;
}

void grid_add(struct grid *grid, enum tone tone, const char *text)
{
    if (grid->cell_count == grid->room) {
        grid->room = grid->room ? grid->room * 2 : 64;
        grid->cells = memory_resize(grid->cells, grid->room * sizeof *grid->cells);
    }
    widen(&grid->columns[grid->cell_count % grid->column_count], strlen(text));
    grid->cells[grid->cell_count++] = (struct cell){ memory_copy_text(text), tone };
}

size_t grid_rows(const struct grid *grid)
{
    return grid->cell_count / grid->column_count;
}

size_t grid_columns(const struct grid *grid)
{
    return grid->column_count;
}

struct grid_cell grid_at(const struct grid *grid, size_t row, size_t column)
{
    const struct cell *cell = &grid->cells[row * grid->column_count + column];

    return (struct grid_cell){ cell->text, cell->tone };
}

const struct grid_column *grid_column(const struct grid *grid, size_t column)
{
    return &grid->columns[column];
}

/* A line as it is written: blanks that end it are never. */
struct line {
    const struct grid *grid;
    const struct grid_style *style;
    struct buffer *out;
    size_t position, blanks; /* blanks that are owed */
};

static void add_cell(struct line *line, const struct grid_column *column,
                     struct grid_cell cell)
{
    static const char *const colours[TONES] = { [TONE_FAINT] = "\033[2m",
                                                [TONE_GOOD] = "\033[32m",
                                                [TONE_WARNING] = "\033[33m",
                                                [TONE_BAD] = "\033[1;31m" };
    const char *colour = line->style->has_colours ? colours[cell.tone] : NULL;
    size_t length = strlen(cell.text), most = line->style->width_most;
    size_t padding = column->width - length;

    line->blanks += column->is_right ? padding : 0;
    if (most && line->position + line->blanks >= most)
        length = 0;
    else if (most && line->position + line->blanks + length > most)
        length = most - line->position - line->blanks;
    if (length) {
        buffer_format(line->out, "%*s%s%.*s%s", (int)line->blanks, "",
                      colour ? colour : "", (int)length, cell.text,
                      colour ? "\033[0m" : "");
        line->position += line->blanks + length;
        line->blanks = 0;
    }
    line->blanks += column->is_right ? 0 : padding;
    line->blanks += GRID_GAP;
}

static void add_titles(struct line line)
{
    const struct grid *grid = line.grid;

    for (size_t i = 0; i < grid->column_count; i++)
        if (grid->columns[i].width)
            add_cell(&line, &grid->columns[i],
                     (struct grid_cell){ grid->columns[i].title, TONE_FAINT });
    buffer_add_text(line.out, "\n");
}

static void add_row(struct line line, size_t row)
{
    const struct grid *grid = line.grid;

    for (size_t i = 0; i < grid->column_count; i++)
        if (grid->columns[i].width)
            add_cell(&line, &grid->columns[i], grid_at(grid, row, i));
    buffer_add_text(line.out, "\n");
}

void grid_write(const struct grid *grid, const struct grid_style *style,
                struct buffer *out)
{
    struct line line = { .grid = grid, .style = style, .out = out };

    add_titles(line);
    for (size_t row = 0; row < grid_rows(grid); row++)
        add_row(line, row);
}
