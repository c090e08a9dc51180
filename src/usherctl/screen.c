#include "usherctl/screen.h"

#include "usherctl/top.h"

#include <curses.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { HEAD_LINES = 3, BOTTOM_LINES = 1, ESCAPE_MS = 25, ESCAPE = 27 };

static SCREEN *terminal;

static void begin_colours(void)
{
    static const short colours[TONES] = { [TONE_PLAIN] = -1,
                                          [TONE_FAINT] = -1,
                                          [TONE_GOOD] = COLOR_GREEN,
                                          [TONE_WARNING] = COLOR_YELLOW,
                                          [TONE_BAD] = COLOR_RED };

    if (!has_colors() || start_color() == ERR || use_default_colors() == ERR)
        return;
    for (int tone = TONE_GOOD; tone < TONES; tone++)
        (void)init_pair((short)tone, colours[tone], -1);
}

bool screen_open(bool has_colours)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return false;
    terminal = newterm(NULL, stdout, stdin);
    if (!terminal)
        return false;
    (void)cbreak();
    (void)noecho();
    (void)nodelay(stdscr, TRUE);
    (void)keypad(stdscr, TRUE);
    (void)set_escdelay(ESCAPE_MS);
    (void)curs_set(0);
    if (has_colours)
        begin_colours();
    return true;
}

void screen_close(void)
{
    (void)endwin();
    delscreen(terminal);
}

size_t screen_height(void)
{
    return LINES > HEAD_LINES + BOTTOM_LINES ? (size_t)(LINES - HEAD_LINES - BOTTOM_LINES)
                                             : 1;
}

static const struct {
    int curses, key;
} keys[] = {
    { KEY_UP, TOP_UP },         { KEY_DOWN, TOP_DOWN },
    { KEY_PPAGE, TOP_PAGE_UP }, { KEY_NPAGE, TOP_PAGE_DOWN },
    { KEY_HOME, TOP_HOME },     { KEY_END, TOP_END },
    { KEY_ENTER, TOP_ENTER },   { '\r', TOP_ENTER },
    { '\n', TOP_ENTER },        { KEY_BACKSPACE, TOP_BACKSPACE },
    { ESCAPE, TOP_ESCAPE },
};

int screen_key(void)
{
    int key = getch();

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].curses == key)
            return keys[i].key;
    return key == ERR ? 0 : key;
}

static attr_t attributes_of(enum tone tone)
{
    static const attr_t looks[TONES] = { [TONE_FAINT] = A_DIM, [TONE_BAD] = A_BOLD };
    unsigned pair = tone >= TONE_GOOD ? tone : TONE_PLAIN;

    return looks[tone] | (attr_t)COLOR_PAIR((int)pair);
}

/* Up to the right edge. */
static void paint_text(int line, int column, const char *text)
{
    if (line < LINES && column < COLS)
        (void)mvaddnstr(line, column, text, COLS - column);
}

static void paint_cell(int line, int column, const struct grid_column *of,
                       struct grid_cell cell)
{
    int padding = of->is_right ? (int)(of->width - strlen(cell.text)) : 0;

    attron(attributes_of(cell.tone));
    paint_text(line, column + padding, cell.text);
    attroff(attributes_of(cell.tone));
}

/* Row -1 are the titles. */
static void paint_row(int line, const struct grid *grid, int row)
{
    int column = 0;

    for (size_t i = 0; i < grid_columns(grid); i++) {
        const struct grid_column *of = grid_column(grid, i);

        if (!of->width)
            continue;
        if (row < 0)
            paint_cell(line, column, of, (struct grid_cell){ of->title, TONE_FAINT });
        else
            paint_cell(line, column, of, grid_at(grid, (size_t)row, i));
        column += (int)of->width + GRID_GAP;
    }
}

/* Colours stay as they are in it. */
static void paint_selected(int line, const struct grid *grid, size_t row)
{
    attron(A_REVERSE);
    (void)mvhline(line, 0, ' ', COLS);
    paint_row(line, grid, (int)row);
    attroff(A_REVERSE);
}

static void paint_grid(const struct screen_picture *picture)
{
    size_t end = picture->first + screen_height();

    paint_row(HEAD_LINES - 1, picture->grid, -1);
    for (size_t row = picture->first; row < end && row < grid_rows(picture->grid);
         row++) {
        int line = HEAD_LINES + (int)(row - picture->first);

        if (row == picture->selected)
            paint_selected(line, picture->grid, row);
        else
            paint_row(line, picture->grid, (int)row);
    }
}

void screen_paint(const struct screen_picture *picture)
{
    (void)erase();
    attron(A_BOLD);
    paint_text(0, 0, picture->head);
    attroff(A_BOLD);
    attron(attributes_of(picture->state_tone));
    paint_text(1, 0, picture->state);
    attroff(attributes_of(picture->state_tone));
    if (picture->grid)
        paint_grid(picture);
    for (size_t i = 0; i < picture->line_count && i < screen_height(); i++)
        paint_text(HEAD_LINES + (int)i, 0, picture->lines[i]);
    paint_text(LINES - 1, 0, picture->bottom);
    (void)refresh();
}
