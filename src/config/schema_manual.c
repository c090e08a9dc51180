/* The rows of the schema as a manual page; the language around them in words. */
#include "config/schema_manual.h"

#include "base/buffer.h"
#include "base/roff.h"
#include "config/item.h"
#include "config/rows.h"
#include "config/sample.h"

static const char *const others[] = { "usher(8)", "usherctl(1)", "usher-agent(8)", NULL };

static const char *const language[] = {
    "A line is `key = value`, in a section that begins with `[NAME]`. A comment begins "
    "with ; or # at the start of a line or after a blank, so no value can hold a blank "
    "before one of them. A key that is a list has a line for each item.",
    "Durations carry a unit: 500ms, 2s, 1m, 1h, 1d. `${NAME}` in a value is an "
    "environment variable, `$${` stands for ${ itself.",
    "`include = PATH` reads another file, or all *.ini files of a folder, at that point. "
    "A relative path starts at the folder of the file that includes, and every file "
    "begins outside of any section.",
    "Unknown or repeated keys and sections, empty sections, values out of range and "
    "names that nobody defined are problems. All problems are told, each with its file "
    "and line, and a file with a problem is not used. `usher -t -c FILE` only looks for "
    "them; `usher --keys` prints a file with every key.",
    "SIGHUP, and the command `reload` of the admin socket, have the file read again. "
    "What is said to be fixed takes a restart.",
};

static void write_option(const struct key *option, struct buffer *out)
{
    struct buffer text = { 0 };

    buffer_format(&text, "%s (", option->help);
    sample_describe_option(option, &text);
    buffer_add_text(&text, ")");
    roff_entry(out, option->name, NULL, buffer_text(&text));
    buffer_deinit(&text);
}

static void write_options(const struct item *item, struct buffer *out)
{
    if (!item || !item->options->name)
        return;
    roff_indent(out);
    for (const struct key *option = item->options; option->name; option++)
        write_option(option, out);
    roff_outdent(out);
}

static void write_facts(const struct key *key, struct buffer *out)
{
    struct buffer facts = { 0 };

    buffer_add_text(&facts, "Type: ");
    sample_describe(key, &facts);
    buffer_add_text(&facts, ".");
    if (*key->samples)
        buffer_format(&facts, " For example: `%s = %s`", key->name, *key->samples);
    roff_more(out, buffer_text(&facts));
    buffer_deinit(&facts);
}

static void write_key(const struct key *key, struct buffer *out)
{
    struct buffer value = { 0 };

    if (key->item) {
        buffer_add_text(&value, "= ");
        item_describe(key->item, &value);
    }
    roff_entry(out, key->name, buffer_text(&value), key->help);
    write_facts(key, out);
    write_options(key->item, out);
    buffer_deinit(&value);
}

/* Keys that another section tells of. */
static void write_names(const struct key *keys, struct buffer *out)
{
    struct buffer text = { 0 };

    for (const struct key *key = keys; key->name; key = key_next(key))
        buffer_format(&text, "%s`%s`",
                      key == keys ? "Keys, told of in [backend NAME]: " : ", ",
                      key->name);
    buffer_add_text(&text, ".");
    roff_paragraph(out, buffer_text(&text));
    buffer_deinit(&text);
}

static void write_keys(const struct key *keys, struct buffer *out)
{
    for (const struct key *key = keys; key->name; key = key_next(key))
        write_key(key, out);
}

static void write_section(const struct section_row *row, struct buffer *out)
{
    struct buffer title = { 0 };

    buffer_format(&title, "[%s%s]", row->kind, row->sample_name ? " NAME" : "");
    roff_subsection(out, buffer_text(&title));
    roff_paragraph(out, row->help);
    if (row->keys && row->sample)
        write_names(row->keys, out);
    else if (row->keys)
        write_keys(row->keys, out);
    buffer_deinit(&title);
}

static void write_examples(struct buffer *out)
{
    roff_section(out, "EXAMPLES");
    roff_paragraph(out, "Clients of port 8080 are served by a and b in turn:");
    roff_example(out, "[frontend web]\nbind = :8080\nbackend = app\n\n[backend app]\n"
                      "server = a 127.0.0.1:9001\nserver = b 127.0.0.1:9002\n");
    roff_paragraph(out, "The same over TLS, with servers that are asked whether they "
                        "are well, and an admin socket:");
    roff_example(out, "[admin]\nsocket = /run/usher/admin.sock\n\n[frontend web]\n"
                      "bind = :8443\ntls-cert = /etc/usher/certs\nbackend = app\n\n"
                      "[backend app]\ncheck = http\nhttp-path = /healthz\n"
                      "server = a 127.0.0.1:9001\n"
                      "server = b 127.0.0.1:9002 weight=2\n"
                      "server = c 127.0.0.1:9003 backup\n");
}

void schema_manual_write(struct buffer *out)
{
    roff_begin(out,
               &(struct roff_page){ "usher.ini", 5, "the configuration of usher(8)" });
    roff_section(out, "DESCRIPTION");
    for (size_t i = 0; i < sizeof language / sizeof *language; i++)
        roff_paragraph(out, language[i]);
    roff_section(out, "SECTIONS");
    for (unsigned id = 0; id < SECTIONS; id++)
        write_section(schema_section((enum section_id)id), out);
    write_examples(out);
    roff_section(out, "FILES");
    roff_entry(out, "/etc/usher/usher.ini", NULL,
               "where the systemd unit expects the configuration");
    roff_see(out, others);
}
