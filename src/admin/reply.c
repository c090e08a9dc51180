/* Readers of the socket count empty lines and split at them, so every reply goes through
 * one place that keeps the promise of exactly one, at the end. */
#include "admin/reply.h"

#include <stdbool.h>

void reply_deinit(struct reply *reply)
{
    buffer_deinit(&reply->text);
}

static void say(struct reply *reply, enum severity severity, const char *format,
                va_list arguments)
{
    buffer_clear(&reply->text);
    reply->severity = severity;
    buffer_vformat(&reply->text, format, arguments);
}

void reply_say(struct reply *reply, enum severity severity, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(reply, severity, format, arguments);
    va_end(arguments);
}

void reply_refuse(struct reply *reply, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(reply, SEVERITY_ERROR, format, arguments);
    va_end(arguments);
}

const char *reply_severity_name(enum severity severity)
{
    static const char *const words[] = {
        [SEVERITY_NONE] = "info",       [SEVERITY_ERROR] = "err",
        [SEVERITY_WARNING] = "warning", [SEVERITY_NOTICE] = "notice",
        [SEVERITY_INFO] = "info",
    };

    return words[severity];
}

static void add_prefix(const struct reply *reply, enum severity_style style,
                       struct buffer *out)
{
    if (style == SEVERITY_HIDDEN || reply->severity == SEVERITY_NONE)
        return;
    if (style == SEVERITY_AS_NUMBER)
        buffer_format(out, "[%d]: ", (int)reply->severity);
    else
        buffer_format(out, "[%s]: ", reply_severity_name(reply->severity));
}

static bool is_printable(char letter)
{
    return letter >= ' ' && letter <= '~';
}

/* A piece of one line, as it is or, when not printable, spelt. */
static size_t add_piece(const char *text, size_t length, struct buffer *out)
{
    size_t printable = 0;

    while (printable < length && is_printable(text[printable]))
        printable++;
    if (printable) {
        buffer_add(out, text, printable);
        return printable;
    }
    buffer_format(out, "\\x%02X", (unsigned)(unsigned char)*text);
    return 1;
}

static size_t add_line_end(const char *text, size_t length, struct buffer *out)
{
    size_t line_ends = 0;

    while (line_ends < length && text[line_ends] == '\n')
        line_ends++;
    if (line_ends)
        buffer_add_text(out, "\n");
    return line_ends;
}

static void add_lines(const char *text, size_t length, struct buffer *out)
{
    while (length && text[length - 1] == '\n')
        length--;
    for (size_t at = 0; at < length;) {
        size_t line_ends = add_line_end(text + at, length - at, out);

        at += line_ends ? line_ends : add_piece(text + at, length - at, out);
    }
    if (length)
        buffer_add_text(out, "\n");
}

enum { KEPT_MOST = 64 * 1024 };

/* A long reply's memory is not kept for the next one. */
static void forget_text(struct reply *reply)
{
    if (reply->text.room > KEPT_MOST)
        buffer_deinit(&reply->text);
    else
        buffer_clear(&reply->text);
}

void reply_frame_part(struct reply *reply, enum severity_style style, struct buffer *out)
{
    if (reply->text.length)
        add_prefix(reply, style, out);
    add_lines(buffer_text(&reply->text), reply->text.length, out);
    forget_text(reply);
    reply->severity = SEVERITY_NONE;
}

void reply_frame(struct reply *reply, enum severity_style style, struct buffer *out)
{
    reply_frame_part(reply, style, out);
    buffer_add_text(out, "\n");
}
