/* The letters are HAProxy's, and so is the shape of its JSON: tools know both. */
#include "admin/figure.h"

#include "admin/json_text.h"
#include "base/buffer.h"

#include <string.h>

enum { ORIGIN, NATURE, SCOPE, TYPE = 4 }; /* where in the kind */

struct letter {
    char letter;
    const char *word;
};

static const struct letter origins[] = {
    { 'M', "Metric" }, { 'S', "Status" },  { 'K', "Key" },
    { 'C', "Config" }, { 'P', "Product" }, { '\0', "Unknown" },
};

static const struct letter natures[] = {
    { 'G', "Gauge" },   { 'L', "Limit" },    { 'M', "Max" },      { 'R', "Rate" },
    { 'C', "Counter" }, { 'D', "Duration" }, { 'A', "Age" },      { 'N', "Name" },
    { 'O', "Output" },  { 'a', "Avg" },      { '\0', "Unknown" },
};

static const struct letter scopes[] = {
    { 'P', "Process" },
    { 'S', "Service" },
    { '\0', "Unknown" },
};

static const char *word_of(const struct letter *letters, char letter)
{
    while (letters->letter && letters->letter != letter)
        letters++;
    return letters->word;
}

void figure_write_help(const struct figure *figure, struct buffer *out)
{
    buffer_add_text(out, ":\"");
    buffer_add_text(out, figure->help);
    buffer_add_text(out, "\"");
}

static void add_dotted(struct buffer *out, int64_t number)
{
    buffer_add_number(out, number);
    buffer_add(out, ".", 1);
}

void figure_write_typed(const struct figure *figure, const struct figure_object *object,
                        bool has_help, struct buffer *out)
{
    if (*object->type) {
        buffer_add(out, object->type, 1);
        buffer_add(out, ".", 1);
        add_dotted(out, object->proxy_id);
        add_dotted(out, object->id);
    }
    add_dotted(out, figure->position);
    buffer_add_text(out, figure->name);
    buffer_add_text(out, ".1:");
    buffer_add_text(out, figure->kind);
    buffer_add(out, ":", 1);
    if (figure->text)
        buffer_add_text(out, figure->text);
    else
        buffer_add_number(out, figure->number);
    if (has_help)
        figure_write_help(figure, out);
    buffer_add(out, "\n", 1);
}

static void add_member(struct buffer *out, const char *before, const char *value)
{
    buffer_add_text(out, before);
    buffer_add_text(out, value);
}

static void write_value(const struct figure *figure, struct buffer *out)
{
    const char *type = figure->kind + TYPE;

    add_member(out, "\"value\":{\"type\":\"", type);
    buffer_add_text(out, "\",\"value\":");
    if (!figure->text)
        buffer_add_number(out, figure->number);
    else if (!strcmp(type, "str"))
        json_text_write(figure->text, strlen(figure->text), out);
    else
        buffer_add_text(out, figure->text);
    buffer_add_text(out, "}}");
}

void figure_write_json(const struct figure *figure, const struct figure_object *object,
                       struct buffer *out)
{
    buffer_add_text(out, "{");
    if (*object->type) {
        add_member(out, "\"objType\":\"", object->type);
        buffer_add_text(out, "\",\"proxyId\":");
        buffer_add_number(out, object->proxy_id);
        buffer_add_text(out, ",\"id\":");
        buffer_add_number(out, object->id);
        buffer_add_text(out, ",");
    }
    buffer_add_text(out, "\"field\":{\"pos\":");
    buffer_add_number(out, figure->position);
    add_member(out, ",\"name\":\"", figure->name);
    add_member(out, "\"},\"processNum\":1,\"tags\":{\"origin\":\"",
               word_of(origins, figure->kind[ORIGIN]));
    add_member(out, "\",\"nature\":\"", word_of(natures, figure->kind[NATURE]));
    add_member(out, "\",\"scope\":\"", word_of(scopes, figure->kind[SCOPE]));
    buffer_add_text(out, "\"},");
    write_value(figure, out);
}

static void write_words(const struct letter *letters, struct buffer *out)
{
    buffer_add_text(out, "{\"type\":\"string\",\"enum\":[");
    for (size_t i = 0;; i++) {
        buffer_add_text(out, i ? "," : "");
        json_text_write(letters[i].word, strlen(letters[i].word), out);
        if (!letters[i].letter)
            break;
    }
    buffer_add_text(out, "]}");
}

static const char numbers[] = "{\"type\":\"integer\",\"minimum\":0}";

static void write_definitions(struct buffer *out)
{
    buffer_format(out,
                  "{\"field\":{\"type\":\"object\",\"properties\":{\"pos\":%s,"
                  "\"name\":{\"type\":\"string\"}},\"required\":[\"pos\",\"name\"]},"
                  "\"processNum\":{\"type\":\"integer\",\"minimum\":1},"
                  "\"tags\":{\"type\":\"object\",\"properties\":{\"origin\":",
                  numbers);
    write_words(origins, out);
    buffer_add_text(out, ",\"nature\":");
    write_words(natures, out);
    buffer_add_text(out, ",\"scope\":");
    write_words(scopes, out);
    buffer_add_text(out, "},\"required\":[\"origin\",\"nature\",\"scope\"]},"
                         "\"typedValue\":{\"type\":\"object\",\"oneOf\":["
                         "{\"properties\":{\"type\":{\"enum\":[\"s32\",\"s64\"]},"
                         "\"value\":{\"type\":\"integer\"}}},"
                         "{\"properties\":{\"type\":{\"enum\":[\"u32\",\"u64\"]},"
                         "\"value\":{\"type\":\"integer\",\"minimum\":0}}},"
                         "{\"properties\":{\"type\":{\"enum\":[\"str\"]},"
                         "\"value\":{\"type\":\"string\"}}}],"
                         "\"required\":[\"type\",\"value\"]}}");
}

void figure_write_schema(struct buffer *out)
{
    static const char common[] = "\"field\":{\"$ref\":\"#/definitions/field\"},"
                                 "\"processNum\":{\"$ref\":\"#/definitions/processNum\"},"
                                 "\"tags\":{\"$ref\":\"#/definitions/tags\"},"
                                 "\"value\":{\"$ref\":\"#/definitions/typedValue\"}";
    static const char required[] = "\"field\",\"processNum\",\"tags\",\"value\"";

    buffer_format(out,
                  "{\"$schema\":\"http://json-schema.org/draft-04/schema#\",\"oneOf\":["
                  "{\"title\":\"Info\",\"type\":\"array\",\"items\":{\"title\":"
                  "\"InfoItem\",\"type\":\"object\",\"properties\":{%s},"
                  "\"required\":[%s]}},",
                  common, required);
    buffer_format(out,
                  "{\"title\":\"Stat\",\"type\":\"array\",\"items\":{\"type\":\"array\","
                  "\"items\":{\"title\":\"StatItem\",\"type\":\"object\",\"properties\":{"
                  "\"objType\":{\"enum\":[\"Frontend\",\"Backend\",\"Server\"]},"
                  "\"proxyId\":%s,\"id\":%s,%s},"
                  "\"required\":[\"objType\",\"proxyId\",\"id\",%s]}}}],\"definitions\":",
                  numbers, numbers, common, required);
    write_definitions(out);
    buffer_add_text(out, "}\n");
}
