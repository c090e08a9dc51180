/* Everything that is said goes through here, so nothing can make a line two. */
#include "base/log_line.h"

#include <stdio.h>
#include <string.h>

static const char cut[] = "...";

enum { CUT_LENGTH = sizeof cut - 1, DIGITS_MOST = 20 };

void log_line_begin(struct log_line *line, size_t most)
{
    line->length = 0;
    line->most = most;
    line->was_cut = false;
}

/* The line is full: its last bytes make room for the sign of it. */
static void cut_off(struct log_line *line)
{
    line->length = line->most;
    line->was_cut = true;
    memcpy(line->chars + line->length - CUT_LENGTH, cut, CUT_LENGTH);
}

void log_line_add_bytes(struct log_line *line, const char *bytes, size_t length)
{
    size_t room = line->most - line->length;

    memcpy(line->chars + line->length, bytes, length < room ? length : room);
    if (length > room)
        cut_off(line);
    else
        line->length += length;
}

void log_line_add(struct log_line *line, const char *text)
{
    log_line_add_bytes(line, text, strlen(text));
}

void log_line_add_number(struct log_line *line, uint64_t number)
{
    char digits[DIGITS_MOST];
    size_t at = sizeof digits;

    do
        digits[--at] = (char)('0' + number % 10);
    while (number /= 10);
    log_line_add_bytes(line, digits + at, sizeof digits - at);
}

void log_line_vformat(struct log_line *line, const char *format, va_list arguments)
{
    size_t room = line->most - line->length;
    int wanted = vsnprintf(line->chars + line->length, room + 1, format, arguments);

    if (wanted < 0)
        return;
    if ((size_t)wanted > room)
        cut_off(line);
    else
        line->length += (size_t)wanted;
}

void log_line_format(struct log_line *line, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    log_line_vformat(line, format, arguments);
    va_end(arguments);
}

void log_line_end(struct log_line *line, size_t start)
{
    for (size_t i = start; i < line->length; i++)
        if (line->chars[i] == '\n')
            line->chars[i] = ' ';
    line->chars[line->length++] = '\n';
}
