/* What the rows of the schema say, as comments; what they start as, as lines. */
#include "config/sample.h"

#include "base/buffer.h"
#include "config/rows.h"

#include <string.h>

enum { LINE_MOST = 84 };

static const char introduction[] =
    "; Every key of usher, and what each starts as. `usher --keys` writes this file.\n"
    ";\n"
    "; A line is `key = value` in a [section]. A comment begins with ; or # at the\n"
    "; start of a line or after a blank, so no value can hold a blank before one of\n"
    "; them.\n"
    "; Durations carry a unit: 500ms, 2s, 1m, 1h, 1d. A list has a line for each item.\n"
    "; ${NAME} in a value is an environment variable, $${ stands for ${ itself.\n"
    "; `include = PATH` reads another file, or all *.ini files of a folder, at that\n"
    "; point. A relative path starts at the folder of the file that includes, and every\n"
    "; file begins outside of any section.\n";

void sample_write_introduction(struct buffer *out)
{
    buffer_add_text(out, introduction);
}

/* As comments of a width that is good to read. */
static void write_wrapped(const char *text, struct buffer *out)
{
    size_t column = LINE_MOST;

    while (*text) {
        size_t length = strcspn(text, " ");

        if (column + 1 + length > LINE_MOST) {
            buffer_add_text(out, "\n;");
            column = 1;
        }
        buffer_add_text(out, " ");
        buffer_add(out, text, length);
        column += 1 + length;
        text += length + strspn(text + length, " ");
    }
    buffer_add_text(out, "\n");
}

void sample_describe_option(const struct key *option, struct buffer *out)
{
    key_describe(option, out);
    if (option->initial)
        buffer_format(out, "; initially %s", option->initial);
}

static void write_options(const struct key *options, struct buffer *out)
{
    for (const struct key *option = options; option->name; option++) {
        buffer_format(out, ";     %s (", option->name);
        sample_describe_option(option, out);
        buffer_format(out, "): %s\n", option->help);
    }
}

static bool has_needs(const struct key *key)
{
    return *key->needs || key->of_check || key->of_server_tls;
}

static void write_needs(const struct key *key, struct buffer *out)
{
    const size_t most = sizeof key->needs / sizeof *key->needs;

    if (key->of_check)
        buffer_format(out, "; for check = %s", key->of_check);
    if (key->of_server_tls)
        buffer_add_text(out, "; needs server-tls or check-tls");

    for (size_t i = 0; i < most && key->needs[i]; i++)
        buffer_format(out, "%s%s", i ? " and " : "; needs ", key->needs[i]);
}

void sample_describe(const struct key *key, struct buffer *out)
{
    key_describe(key, out);
    if (key->initial)
        buffer_format(out, "; initially %s", key->initial);
    else if (!key->required)
        buffer_add_text(out, "; initially not set");
    if (key->required)
        buffer_add_text(out, "; required");
    if (key->fixed)
        buffer_add_text(out, "; fixed: a change takes a restart");
    write_needs(key, out);
}

static void write_facts(const struct key *key, struct buffer *out)
{
    write_wrapped(key->help, out);
    buffer_add_text(out, ";   ");
    sample_describe(key, out);
    buffer_add_text(out, "\n");
    if (!key->item)
        return;
    buffer_format(out, ";   %s = ", key->name);
    item_describe(key->item, out);
    buffer_add_text(out, "\n");
    write_options(key->item->options, out);
}

static void write_lines(const struct key *key, struct buffer *out)
{
    size_t most = sizeof key->samples / sizeof *key->samples;

    if (key->initial)
        buffer_format(out, "%s%s = %s\n", has_needs(key) ? "; " : "", key->name,
                      key->initial);
    for (size_t i = 0; !key->initial && i < most && key->samples[i]; i++)
        buffer_format(out, "%s%s = %s\n", key->required ? "" : "; ", key->name,
                      key->samples[i]);
}

void sample_write_section(const struct section_row *row, struct buffer *out)
{
    write_wrapped(row->help, out);
    if (row->sample_name)
        buffer_format(out, "[%s %s]\n", row->kind, row->sample_name);
    else
        buffer_format(out, "[%s]\n", row->kind);
    if (row->sample)
        buffer_add_text(out, row->sample);
    for (const struct key *key = row->sample ? NULL : row->keys; key && key->name;
         key = key_next(key)) {
        write_facts(key, out);
        write_lines(key, out);
    }
}
