/* Replies are ASCII, so nothing has to be known of encodings. */
#include "admin/json_text.h"

#include "base/buffer.h"

#include <ctype.h>
#include <stdbool.h>

enum { DIGITS_MOST = 15 }; /* 2^53 has sixteen */

static void write_byte(unsigned char byte, struct buffer *out)
{
    if (byte == '"' || byte == '\\')
        buffer_format(out, "\\%c", byte);
    else if (byte == '\n')
        buffer_add_text(out, "\\n");
    else if (byte == '\t')
        buffer_add_text(out, "\\t");
    else if (byte < ' ' || byte > '~')
        buffer_format(out, "\\\\x%02X", byte);
    else
        buffer_format(out, "%c", byte);
}

void json_text_write(const char *text, size_t length, struct buffer *out)
{
    buffer_add_text(out, "\"");
    for (size_t i = 0; i < length; i++)
        write_byte((unsigned char)text[i], out);
    buffer_add_text(out, "\"");
}

static bool is_number(const char *text, size_t length)
{
    size_t at = length && *text == '-';
    size_t digits = length - at;

    if (!digits || digits > DIGITS_MOST || (text[at] == '0' && length > 1))
        return false;
    while (at < length && isdigit((unsigned char)text[at]))
        at++;
    return at == length;
}

void json_text_write_value(const char *text, size_t length, struct buffer *out)
{
    if (is_number(text, length))
        buffer_add(out, text, length);
    else
        json_text_write(text, length, out);
}
