/* Bytes on their way: a growing text for replies, reports and log lines.
 *
 * Zero is a valid start. Not for the data path, which has its own fixed pieces. */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
    char *bytes; /* owned; always ends in NUL unless NULL */
    size_t length;
    size_t room;
};

void buffer_deinit(struct buffer *buffer);
void buffer_clear(struct buffer *buffer);
void buffer_add(struct buffer *buffer, const void *bytes, size_t length);
void buffer_add_text(struct buffer *buffer, const char *text);
void buffer_add_number(struct buffer *buffer, int64_t number);
void buffer_format(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void buffer_vformat(struct buffer *buffer, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* Drops bytes from the front. */
void buffer_consume(struct buffer *buffer, size_t length);

/* The bytes as a text; "" when nothing was ever added. */
const char *buffer_text(const struct buffer *buffer);
