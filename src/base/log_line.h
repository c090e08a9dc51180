/* A line on its way to the log, on the stack of who says it; what is too long is cut. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LOG_LINE_ROOM = 4096, /* what a pipe takes whole */
    LOG_LINE_MOST = 2048, /* of a line for people */
};

struct log_line {
    size_t length;
    size_t most;  /* beyond it everything is left out */
    bool was_cut; /* then it ends in "..." */
    char chars[LOG_LINE_ROOM];
};

void log_line_begin(struct log_line *line, size_t most);
void log_line_add_bytes(struct log_line *line, const char *bytes, size_t length);
void log_line_add(struct log_line *line, const char *text);
void log_line_add_number(struct log_line *line, uint64_t number);
void log_line_vformat(struct log_line *line, const char *format, va_list arguments);
void log_line_format(struct log_line *line, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* One event is one line, whatever was put into it from `start` on. */
void log_line_end(struct log_line *line, size_t start);
