/* Room is asked for before anything is written, so that no member is ever left open. */
#include "base/log_json.h"

#include "base/log_line.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
    ESCAPE_MOST = 6,  /* \u0000 */
    VALUE_LEAST = 24, /* the room without which a member is not begun */
};

static size_t room_of(const struct log_line *line)
{
    return line->most - line->length;
}

void log_json_open(struct log_line *line)
{
    line->most -= LOG_JSON_CLOSING;
    log_line_add(line, "{");
}

void log_json_close(struct log_line *line)
{
    line->most += LOG_JSON_CLOSING;
    log_line_add(line, "}");
}

/* How many bytes of UTF-8 stand here; 0 when it is none. */
static size_t measure_letter(const unsigned char *text, size_t length)
{
    static const struct {
        unsigned char first, last, from, to; /* of the first byte; of the second */
        size_t bytes;
    } forms[] = {
        { 0x00, 0x7f, 0x00, 0xff, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 },
        { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
        { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
        { 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
        { 0xf4, 0xf4, 0x80, 0x8f, 4 },
    };
    size_t form = 0, bytes;

    while (form < 9 && (*text < forms[form].first || *text > forms[form].last))
        form++;
    bytes = form < 9 ? forms[form].bytes : 0;
    if (!bytes || bytes > length)
        return 0;
    if (bytes > 1 && (text[1] < forms[form].from || text[1] > forms[form].to))
        return 0;
    for (size_t i = 2; i < bytes; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    return bytes;
}

/* Takes one letter, as it is to be written; returns how many bytes it was. */
static size_t add_letter(struct log_line *line, const char *text, size_t length)
{
    const void *bytes = text;
    size_t letter = measure_letter(bytes, length);

    if (!letter)
        log_line_add(line, "\\ufffd");
    else if (*text == '"' || *text == '\\')
        log_line_format(line, "\\%c", *text);
    else if ((unsigned char)*text < ' ' || *text == 0x7f)
        log_line_format(line, "\\u%04x", (unsigned)*text);
    else
        log_line_add_bytes(line, text, letter);
    return letter ? letter : 1;
}

static void add_string(struct log_line *line, const char *text, size_t length)
{
    size_t at = 0;

    log_line_add(line, "\"");
    while (at < length && room_of(line) > ESCAPE_MOST)
        at += add_letter(line, text + at, length - at);
    log_line_add(line, "\"");
}

/* False when there is no room for it. */
static bool begin_member(struct log_line *line, const char *key, size_t length)
{
    if (room_of(line) < length * ESCAPE_MOST + VALUE_LEAST + ESCAPE_MOST)
        return false;
    if (line->chars[line->length - 1] != '{')
        log_line_add(line, ",");
    add_string(line, key, length);
    log_line_add(line, ":");
    return true;
}

void log_json_text_of(struct log_line *line, const char *key, const char *text,
                      size_t length)
{
    if (begin_member(line, key, strlen(key)))
        add_string(line, text, length);
}

void log_json_text(struct log_line *line, const char *key, const char *text)
{
    log_json_text_of(line, key, text, strlen(text));
}

void log_json_number(struct log_line *line, const char *key, uint64_t number)
{
    if (begin_member(line, key, strlen(key)))
        log_line_add_number(line, number);
}

void log_json_null(struct log_line *line, const char *key)
{
    if (begin_member(line, key, strlen(key)))
        log_line_add(line, "null");
}

/* The length of the key of a `key=`; 0 when there is none. */
static size_t measure_key(const char *text)
{
    size_t length = 0;

    while (islower((unsigned char)text[length]) || text[length] == '-')
        length++;
    return text[length] == '=' ? length : 0;
}

/* A value goes on up to the next key; one in quotation marks up to the second. */
static size_t measure_value(const char *value)
{
    const char *mark = *value == '"' ? strchr(value + 1, '"') : NULL;
    const char *at = mark ? mark + 1 : value;

    while (*at && !(*at == ' ' && measure_key(at + 1)))
        at++;
    return (size_t)(at - value);
}

/* What log.c says of every line is nobody else's to say. */
static bool is_taken(const char *key, size_t length)
{
    static const char *const ours[] = { "time", "severity", "message" };

    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (strlen(ours[i]) == length && !strncmp(key, ours[i], length))
            return true;
    return false;
}

static void add_value(struct log_line *line, const char *pair, size_t key)
{
    const char *value = pair + key + 1;
    size_t length = measure_value(value);
    bool is_quoted = length > 1 && *value == '"' && value[length - 1] == '"';

    if (is_taken(pair, key) || !begin_member(line, pair, key))
        return;
    if (is_quoted)
        add_string(line, value + 1, length - 2);
    else
        add_string(line, value, length);
}

void log_json_event(struct log_line *line, const char *event)
{
    const char *at = strstr(event, "  ");

    while (at && !measure_key(at + 2))
        at = strstr(at + 1, "  ");
    log_json_text_of(line, "message", event, at ? (size_t)(at - event) : strlen(event));
    for (at = at ? at + 2 : ""; *at; at += *at == ' ') {
        size_t key = measure_key(at);

        add_value(line, at, key);
        at += key + 1 + measure_value(at + key + 1);
    }
}
