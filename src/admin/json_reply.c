/* The shape of a table is seen from its lines, so that no command has to write twice. */
#include "admin/json_reply.h"

#include "admin/json_text.h"
#include "admin/reply.h"

#include <stdbool.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { COLUMNS_MOST = 64 };

/* A part of the text, not ended by NUL. */
struct piece {
    const char *text;
    size_t length;
};

struct columns {
    size_t count;
    struct piece names[COLUMNS_MOST];
};

static bool is_blank(char letter)
{
    return letter == ' ' || letter == '\t';
}

/* Cuts the next line off that is not empty; false at the end. */
static bool take_line(struct piece *rest, struct piece *line)
{
    while (rest->length && *rest->text == '\n')
        rest->text++, rest->length--;
    line->text = rest->text;
    line->length = 0;
    while (line->length < rest->length && line->text[line->length] != '\n')
        line->length++;
    rest->text += line->length;
    rest->length -= line->length;
    return line->length;
}

/* The same for words. */
static bool take_word(struct piece *rest, struct piece *word)
{
    while (rest->length && is_blank(*rest->text))
        rest->text++, rest->length--;
    word->text = rest->text;
    word->length = 0;
    while (word->length < rest->length && !is_blank(word->text[word->length]))
        word->length++;
    rest->text += word->length;
    rest->length -= word->length;
    return word->length;
}

static const char *find(const struct piece *piece, const char *text)
{
    return memmem(piece->text, piece->length, text, strlen(text));
}

static bool is(const struct piece *piece, const char *text)
{
    return strlen(text) == piece->length && !memcmp(piece->text, text, piece->length);
}

/* A name stays a text, even of digits only. */
static bool holds_names(const struct piece *column)
{
    static const char *const names[] = { "frontend", "backend", "server", "fe",   "be",
                                         "srv",      "id",      "value",  "line", "why" };

    for (size_t i = 0; i < COUNT(names); i++)
        if (is(column, names[i]))
            return true;
    return column->length >= 4 && !memcmp(column->text + column->length - 4, "name", 4);
}

static void write_member(const struct piece *name, const struct piece *value,
                         struct buffer *out)
{
    char last = out->length ? out->bytes[out->length - 1] : '{';

    buffer_add_text(out, last == '{' ? "" : ",");
    json_text_write(name->text, name->length, out);
    buffer_add_text(out, ":");
    if (holds_names(name))
        json_text_write(value->text, value->length, out);
    else
        json_text_write_value(value->text, value->length, out);
}

static bool is_heading(const struct piece *line)
{
    return line->length > 2 && !memcmp(line->text, "# ", 2);
}

static void read_heading(struct piece line, struct columns *columns)
{
    struct piece word;

    columns->count = 0;
    line.text += 2;
    line.length -= 2;
    while (columns->count < COLUMNS_MOST && take_word(&line, &word))
        columns->names[columns->count++] = word;
}

/* All that is left, without the blanks around it. */
static struct piece trimmed(struct piece rest)
{
    while (rest.length && is_blank(*rest.text))
        rest.text++, rest.length--;
    while (rest.length && is_blank(rest.text[rest.length - 1]))
        rest.length--;
    return rest;
}

/* The last column takes the rest, blanks and all. */
static void write_row(struct piece line, const struct columns *columns,
                      struct buffer *out)
{
    for (size_t i = 0; i < columns->count; i++) {
        struct piece word;

        if (i + 1 == columns->count)
            word = trimmed(line);
        else if (!take_word(&line, &word))
            return;
        write_member(&columns->names[i], &word, out);
    }
}

/* "0x12: proto=tcpv4 src=..." */
static bool is_list_of_facts(const struct piece *line)
{
    struct piece rest = *line, first, second;

    return take_word(&rest, &first) && first.text[first.length - 1] == ':' &&
           take_word(&rest, &second) && find(&second, "=");
}

static void write_fact(const struct piece *word, struct buffer *out)
{
    const char *sign = memchr(word->text, '=', word->length);
    size_t length = sign ? (size_t)(sign - word->text) : word->length;
    struct piece value = { word->text + length, word->length - length };

    value.text += value.length > 0;
    value.length -= value.length > 0;
    write_member(&(struct piece){ word->text, length }, &value, out);
}

static void write_list_of_facts(const struct piece *line, struct buffer *out)
{
    struct piece rest = *line, word;

    (void)take_word(&rest, &word);
    word.length--;
    write_member(&(struct piece){ "id", 2 }, &word, out);
    while (take_word(&rest, &word))
        write_fact(&word, out);
}

/* Where "Key: value" or "KEY=value" is parted; the length of the sign, 0 for neither. */
static size_t find_parting(const struct piece *line, size_t *at)
{
    const char *colon = find(line, ": "), *sign = find(line, "=");
    const char *blank = find(line, " ");

    if (sign && sign > line->text && (!blank || sign < blank)) {
        *at = (size_t)(sign - line->text);
        return 1;
    }
    if (!colon || colon == line->text || colon[-1] == ' ')
        return 0;
    *at = (size_t)(colon - line->text);
    return 2;
}

static bool is_named_value(const struct piece *line)
{
    size_t at;

    return find_parting(line, &at) != 0;
}

static void write_named_value(const struct piece *line, struct buffer *out)
{
    size_t at = 0, sign = find_parting(line, &at);
    struct piece name = trimmed((struct piece){ line->text, at });
    struct piece value = { line->text + at + sign, line->length - at - sign };

    value = trimmed(value);
    write_member(&(struct piece){ "name", 4 }, &name, out);
    write_member(&(struct piece){ "value", 5 }, &value, out);
}

/* What all lines of a table without a heading have in common. */
static const struct shape {
    bool (*fits)(const struct piece *line);
    void (*write)(const struct piece *line, struct buffer *out);
} shapes[] = {
    { is_list_of_facts, write_list_of_facts },
    { is_named_value, write_named_value },
};

static bool fits_all(const struct shape *shape, struct piece text)
{
    struct piece line;

    while (take_line(&text, &line))
        if (!shape->fits(&line))
            return false;
    return true;
}

static const struct shape *find_shape(struct piece text)
{
    for (size_t i = 0; i < COUNT(shapes); i++)
        if (fits_all(&shapes[i], text))
            return &shapes[i];
    return NULL;
}

static bool has_heading(struct piece text)
{
    struct piece line;

    while (take_line(&text, &line))
        if (is_heading(&line))
            return true;
    return false;
}

static void open_row(struct buffer *out)
{
    buffer_add_text(out, out->length == 1 ? "{" : ",{");
}

static void write_table(struct piece text, struct buffer *out)
{
    struct columns columns = { 0 };
    struct piece line;

    while (take_line(&text, &line)) {
        if (is_heading(&line)) {
            read_heading(line, &columns);
        } else if (columns.count) {
            open_row(out);
            write_row(line, &columns, out);
            buffer_add_text(out, "}");
        }
    }
}

static void write_lines(struct piece text, const struct shape *shape, struct buffer *out)
{
    struct piece line;

    while (take_line(&text, &line)) {
        open_row(out);
        shape->write(&line, out);
        buffer_add_text(out, "}");
    }
}

static void write_message(const struct reply *reply, struct buffer *out)
{
    size_t length = reply->text.length;

    while (length && reply->text.bytes[length - 1] == '\n')
        length--;
    buffer_format(out, "{\"severity\":\"%s\",\"message\":",
                  reply_severity_name(reply->severity));
    json_text_write(buffer_text(&reply->text), length, out);
    buffer_add_text(out, "}");
}

/* False: it is none. */
static bool write_as_table(struct piece text, struct buffer *out)
{
    bool has_columns = has_heading(text);
    const struct shape *shape = has_columns ? NULL : find_shape(text);

    if (!text.length || (!has_columns && !shape))
        return false;
    buffer_add_text(out, "[");
    if (has_columns)
        write_table(text, out);
    else
        write_lines(text, shape, out);
    buffer_add_text(out, "]");
    return true;
}

void json_reply_turn(struct reply *reply)
{
    struct piece text = { buffer_text(&reply->text), reply->text.length };
    struct buffer out = { 0 };

    if (reply->severity != SEVERITY_NONE || !write_as_table(text, &out))
        write_message(reply, &out);
    buffer_add_text(&out, "\n");
    buffer_deinit(&reply->text);
    reply->text = out;
    reply->severity = SEVERITY_NONE;
}
