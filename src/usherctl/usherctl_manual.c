/* The tables of commands, options and outcomes, and what is around them in words. */
#include "usherctl/usherctl_manual.h"

#include "base/buffer.h"
#include "base/roff.h"
#include "usherctl/verbs.h"

static const char *const others[] = { "usher(8)", "usher.ini(5)", NULL };

static void write_verbs(struct buffer *out)
{
    const struct verb *verb;

    roff_section(out, "COMMANDS");
    for (size_t i = 0; (verb = verbs_at(i)); i++)
        roff_entry(out, verb->name, verb->arguments, verb->help);
}

static void write_option(const struct invocation_option *option, struct buffer *out)
{
    struct buffer names = { 0 }, text = { 0 };

    buffer_format(&names, "%s%s%s", option->letter ? option->letter : "",
                  option->letter ? ", " : "", option->name);
    buffer_add_text(&text, option->help);
    if (option->choices)
        buffer_format(&text, "; one of: %s", option->choices);
    if (*option->of)
        buffer_format(&text, "; for: %s", option->of);
    roff_entry(out, buffer_text(&names), option->value, buffer_text(&text));
    buffer_deinit(&names);
    buffer_deinit(&text);
}

static void write_options(struct buffer *out)
{
    const struct invocation_option *option;

    roff_section(out, "OPTIONS");
    for (size_t i = 0; (option = invocation_option(i)); i++)
        write_option(option, out);
}

static void write_outcomes(struct buffer *out)
{
    roff_section(out, "EXIT STATUS");
    for (int i = 0; i < OUTCOMES; i++) {
        struct buffer number = { 0 };

        buffer_format(&number, "%d", i);
        roff_entry(out, buffer_text(&number), NULL, outcome_text((enum outcome)i));
        buffer_deinit(&number);
    }
}

void usherctl_manual_write(struct buffer *out)
{
    roff_begin(out, &(struct roff_page){ "usherctl", 1, "operate a running usher" });
    roff_section(out, "SYNOPSIS");
    roff_synopsis(out, "usherctl", "[OPTION ...] COMMAND");
    roff_section(out, "DESCRIPTION");
    roff_paragraph(out, "usherctl asks a running usher(8) at its admin socket, and says "
                        "what came of it in words, as JSON, and by its exit status.");
    write_verbs(out);
    write_options(out);
    roff_section(out, "ENVIRONMENT");
    roff_entry(out, INVOCATION_VARIABLE, NULL,
               "the admin socket, when no option says it");
    write_outcomes(out);
    roff_section(out, "FILES");
    roff_entry(out, INVOCATION_SOCKET, NULL, "the admin socket, when nothing says it");
    roff_section(out, "EXAMPLES");
    roff_paragraph(out, "How it is; take a server out and wait until its last session "
                        "is over, for an hour at most; any command of the admin socket:");
    roff_example(out, "usherctl status\n"
                      "usherctl drain app/a --wait --timeout 1h\n"
                      "usherctl show info\n");
    roff_see(out, others);
}
