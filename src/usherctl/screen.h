/* Paints on the terminal, and reads its keys. The only one that knows curses. */
#pragma once

#include "usherctl/grid.h"

#include <stdbool.h>
#include <stddef.h>

struct screen_picture {
    const char *head;
    const char *state; /* below it */
    enum tone state_tone;
    const struct grid *grid; /* NULL: the lines are shown instead */
    const char *const *lines;
    size_t line_count;
    size_t first, selected; /* rows of the grid */
    const char *bottom;
};

/* False: it is no terminal, or one that cannot be painted on. */
bool screen_open(bool has_colours);
void screen_close(void);

/* Rows of a table that fit. */
size_t screen_height(void);
/* A character, or one of enum top_key; 0: no key was pressed. Never waits. */
int screen_key(void);
void screen_paint(const struct screen_picture *picture);
