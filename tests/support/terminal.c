/* Only those sequences are understood that curses writes for TERM=xterm. */
#include "support/terminal.h"

#include "support/kept.h"
#include "support/patience.h"
#include "support/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROWS_MOST = 60, COLUMNS_MOST = 200, WORDS_MOST = 32, NUMBERS_MOST = 8 };
enum { WRITTEN_MOST = 4 * 1024 * 1024, END_MS = 10000, CANNOT_RUN = 127 };

struct terminal {
    pid_t pid;
    int fd;
    unsigned rows, columns;
    unsigned row, column; /* of the cursor, from 0 */
    char cells[ROWS_MOST][COLUMNS_MOST];
    char last; /* character, which can be repeated */
    size_t length, read;
    char written[WRITTEN_MOST];
};

static void become(char *line)
{
    char *words[WORDS_MOST] = { NULL };
    size_t count = 0;

    (void)setenv("TERM", "xterm", 1);
    (void)unsetenv("NO_COLOR");
    for (char *word = strtok(line, " "); word; word = strtok(NULL, " ")) {
        if (!count && strchr(word, '='))
            (void)putenv(word);
        else if (count + 1 < WORDS_MOST)
            words[count++] = word;
    }
    (void)execvp(words[0], words);
    _exit(CANNOT_RUN);
}

static void clear(struct terminal *terminal)
{
    memset(terminal->cells, ' ', sizeof terminal->cells);
}

struct terminal *terminal_start(unsigned rows, unsigned columns, const char *format, ...)
{
    struct terminal *terminal = calloc(1, sizeof *terminal);
    struct winsize size = { .ws_row = (unsigned short)rows,
                            .ws_col = (unsigned short)columns };
    pid_t parent = getpid();
    char *line = NULL;
    va_list arguments;

    va_start(arguments, format);
    cr_assert(terminal && vasprintf(&line, format, arguments) != -1, "no memory");
    va_end(arguments);
    (void)kept_text(line);
    clear(terminal);
    terminal->rows = rows;
    terminal->columns = columns;
    terminal->pid = forkpty(&terminal->fd, NULL, NULL, &size);
    cr_assert_neq(terminal->pid, -1, "there is no terminal");
    if (terminal->pid == 0) {
        spawn_follow(parent);
        become(line);
    }
    (void)fcntl(terminal->fd, F_SETFL, O_NONBLOCK);
    return terminal;
}

void terminal_end(struct terminal *terminal)
{
    if (terminal->pid)
        spawn_kill(terminal->pid);
    (void)close(terminal->fd);
    free(terminal);
}

static void put(struct terminal *terminal, char letter)
{
    if (terminal->row < ROWS_MOST && terminal->column < COLUMNS_MOST)
        terminal->cells[terminal->row][terminal->column] = letter;
    terminal->column++;
    terminal->last = letter;
}

/* Moves what is behind the cursor by so many cells, to the right or to the left. */
static void shift(struct terminal *terminal, unsigned count, bool is_right)
{
    char *line = terminal->cells[terminal->row], *at = line + terminal->column;
    size_t rest;

    if (terminal->column + count >= COLUMNS_MOST)
        return;
    rest = COLUMNS_MOST - terminal->column - count;
    memmove(is_right ? at + count : at, is_right ? at : at + count, rest);
    memset(is_right ? at : line + COLUMNS_MOST - count, ' ', count);
}

static void erase_cells(struct terminal *terminal, unsigned from, unsigned to)
{
    char *line = terminal->cells[terminal->row];

    if (from < to && to <= COLUMNS_MOST)
        memset(line + from, ' ', to - from);
}

static void erase_below(struct terminal *terminal)
{
    erase_cells(terminal, terminal->column, COLUMNS_MOST);
    for (unsigned row = terminal->row + 1; row < ROWS_MOST; row++)
        memset(terminal->cells[row], ' ', COLUMNS_MOST);
}

/* What a sequence does whose numbers are these; `one` is the first, at least 1. */
static void obey(struct terminal *terminal, char command, const unsigned *numbers)
{
    unsigned one = numbers[0] ? numbers[0] : 1, two = numbers[1] ? numbers[1] : 1;
    bool is_left = command == 'K' && numbers[0] == 1;

    if (command == 'H')
        terminal->row = one - 1, terminal->column = two - 1;
    else if (command == 'd')
        terminal->row = one - 1;
    else if (command == 'G')
        terminal->column = one - 1;
    else if (command == 'A')
        terminal->row -= one;
    else if (command == 'B')
        terminal->row += one;
    else if (command == 'C')
        terminal->column += one;
    else if (command == 'D')
        terminal->column -= one;
    else if (command == 'J' && numbers[0] == 2)
        clear(terminal);
    else if (command == 'J')
        erase_below(terminal);
    else if (command == 'K')
        erase_cells(terminal, is_left ? 0 : terminal->column,
                    is_left ? terminal->column + 1 : COLUMNS_MOST);
    else if (command == 'X')
        erase_cells(terminal, terminal->column, terminal->column + one);
    else if (command == '@' || command == 'P')
        shift(terminal, one, command == '@');
    for (unsigned i = 0; command == 'b' && i < one; i++)
        put(terminal, terminal->last);
    if (terminal->row >= ROWS_MOST)
        terminal->row = ROWS_MOST - 1;
    if (terminal->column >= COLUMNS_MOST)
        terminal->column = COLUMNS_MOST - 1;
}

/* "[12;40H" and the like; returns how many bytes it is, 0 when it is not all there. */
static size_t read_sequence(struct terminal *terminal, const char *text)
{
    unsigned numbers[NUMBERS_MOST] = { 0 };
    size_t count = 0, length = 1;
    bool is_private = text[1] == '?';

    if (*text == '(' || *text == ')')
        return text[1] ? 2 : 0;
    if (*text != '[')
        return *text ? 1 : 0;
    for (length += is_private; strchr("0123456789;", text[length]); length++) {
        if (!text[length])
            return 0;
        if (text[length] == ';')
            count += count + 1 < NUMBERS_MOST;
        else
            numbers[count] = numbers[count] * 10 + (unsigned)(text[length] - '0');
    }
    if (!is_private)
        obey(terminal, text[length], numbers);
    return length + 1;
}

static size_t read_character(struct terminal *terminal, const char *text)
{
    if (*text == '\033') {
        size_t length = read_sequence(terminal, text + 1);

        return length ? length + 1 : 0;
    }
    if (*text == '\r')
        terminal->column = 0;
    else if (*text == '\n')
        terminal->row += terminal->row + 1 < ROWS_MOST;
    else if (*text == '\b')
        terminal->column -= terminal->column > 0;
    else if (*text >= ' ')
        put(terminal, *text);
    return 1;
}

static void hear(struct terminal *terminal)
{
    char *end = terminal->written + terminal->length;
    ssize_t got;
    size_t length;

    while (terminal->length + 1 < WRITTEN_MOST &&
           (got = read(terminal->fd, end, WRITTEN_MOST - terminal->length - 1)) > 0) {
        terminal->length += (size_t)got;
        end += got;
    }
    while (terminal->read < terminal->length &&
           (length = read_character(terminal, terminal->written + terminal->read)))
        terminal->read += length;
}

int terminal_wait(struct terminal *terminal)
{
    uint64_t until = patience_now_ms() + patience_ms(END_MS);
    int status = -1;

    while (status == -1 && patience_now_ms() < until) {
        hear(terminal);
        status = spawn_wait(terminal->pid, 0);
        patience_pause();
    }
    hear(terminal);
    if (status != -1)
        terminal->pid = 0;
    return status;
}

void terminal_type(struct terminal *terminal, const char *keys)
{
    cr_assert_eq(write(terminal->fd, keys, strlen(keys)), (ssize_t)strlen(keys));
}

void terminal_resize(struct terminal *terminal, unsigned rows, unsigned columns)
{
    struct winsize size = { .ws_row = (unsigned short)rows,
                            .ws_col = (unsigned short)columns };

    terminal->rows = rows;
    terminal->columns = columns;
    clear(terminal);
    cr_assert_neq(ioctl(terminal->fd, TIOCSWINSZ, &size), -1);
}

struct screen_text {
    char chars[ROWS_MOST * (COLUMNS_MOST + 1) + 1];
};

static void write_screen(struct terminal *terminal, struct screen_text *text)
{
    char *end = text->chars;

    hear(terminal);
    for (unsigned row = 0; row < terminal->rows && row < ROWS_MOST; row++) {
        unsigned length = terminal->columns;

        while (length && terminal->cells[row][length - 1] == ' ')
            length--;
        memcpy(end, terminal->cells[row], length);
        end += length;
        *end++ = '\n';
    }
    *end = '\0';
}

const char *terminal_screen(struct terminal *terminal)
{
    struct screen_text text;

    write_screen(terminal, &text);
    return kept_format("%s", text.chars);
}

bool terminal_shows(struct terminal *terminal, const char *text)
{
    struct screen_text screen;

    write_screen(terminal, &screen);
    return strstr(screen.chars, text);
}

const char *terminal_written(struct terminal *terminal)
{
    hear(terminal);
    return kept_format("%s", terminal->written);
}
