/* Replies and reports are put together here before they go out in one piece. */
#include "base/buffer.h"

#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALLEST_ROOM = 128 };

void buffer_deinit(struct buffer *buffer)
{
    free(buffer->bytes);
    *buffer = (struct buffer){ 0 };
}

void buffer_clear(struct buffer *buffer)
{
    buffer->length = 0;
    if (buffer->bytes)
        buffer->bytes[0] = '\0';
}

/* Makes room for that many bytes more and the NUL behind them. */
static void make_room(struct buffer *buffer, size_t more)
{
    size_t room = buffer->room ? buffer->room : SMALLEST_ROOM;

    ensure(more < SIZE_MAX / 4 && buffer->length < SIZE_MAX / 4);
    while (room - buffer->length <= more)
        room *= 2;
    if (room == buffer->room)
        return;
    buffer->bytes = memory_resize(buffer->bytes, room);
    buffer->room = room;
}

void buffer_add(struct buffer *buffer, const void *bytes, size_t length)
{
    if (buffer->room - buffer->length <= length)
        make_room(buffer, length);
    if (length)
        memcpy(buffer->bytes + buffer->length, bytes, length);
    buffer->length += length;
    buffer->bytes[buffer->length] = '\0';
}

void buffer_add_text(struct buffer *buffer, const char *text)
{
    buffer_add(buffer, text, strlen(text));
}

/* Tables of thousands of figures are written by it. */
void buffer_add_number(struct buffer *buffer, int64_t number)
{
    char digits[24], *digit = digits + sizeof digits;
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;

    do
        *--digit = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        *--digit = '-';
    buffer_add(buffer, digit, (size_t)(digits + sizeof digits - digit));
}

void buffer_format(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    buffer_vformat(buffer, format, arguments);
    va_end(arguments);
}

/* Most texts fit where there is room already. */
void buffer_vformat(struct buffer *buffer, const char *format, va_list arguments)
{
    va_list again;
    int length;

    make_room(buffer, 0);
    va_copy(again, arguments);
    length = vsnprintf(buffer->bytes + buffer->length, buffer->room - buffer->length,
                       format, arguments);
    ensure(length >= 0);
    if ((size_t)length >= buffer->room - buffer->length) {
        make_room(buffer, (size_t)length);
        (void)vsnprintf(buffer->bytes + buffer->length, (size_t)length + 1, format,
                        again);
    }
    va_end(again);
    buffer->length += (size_t)length;
}

void buffer_consume(struct buffer *buffer, size_t length)
{
    ensure(length <= buffer->length);
    if (!length)
        return;
    buffer->length -= length;
    memmove(buffer->bytes, buffer->bytes + length, buffer->length + 1);
}

const char *buffer_text(const struct buffer *buffer)
{
    return buffer->bytes ? buffer->bytes : "";
}
