/* A program on a terminal of its own, an xterm as far as programs here need one: what is
 * on its screen can be looked at, and keys be typed. */
#pragma once

#include <stdbool.h>

struct terminal;

/* The words of a command line, by blanks, one of them may be NAME=VALUE before it. */
struct terminal *terminal_start(unsigned rows, unsigned columns, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Kills what still runs. */
void terminal_end(struct terminal *terminal);
/* The exit status, once it has ended by itself. */
int terminal_wait(struct terminal *terminal);

void terminal_type(struct terminal *terminal, const char *keys);
void terminal_resize(struct terminal *terminal, unsigned rows, unsigned columns);

/* What is on the screen now, a line each without the blanks behind it; kept. */
const char *terminal_screen(struct terminal *terminal);
bool terminal_shows(struct terminal *terminal, const char *text);
/* Everything that was written, escape sequences and all; kept. */
const char *terminal_written(struct terminal *terminal);
