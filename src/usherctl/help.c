#include "usherctl/help.h"

#include "usherctl/verbs.h"

#include <stdio.h>

enum { LEFT = 26 };

static void write_line(const char *left, const char *right, struct buffer *out)
{
    buffer_format(out, "  %-*s  %s\n", LEFT, left, right);
}

static void write_verbs(struct buffer *out)
{
    const struct verb *verb;
    char left[64];

    for (size_t i = 0; (verb = verbs_at(i)); i++) {
        (void)snprintf(left, sizeof left, "%s %s", verb->name, verb->arguments);
        write_line(left, verb->help, out);
    }
}

static void write_options(struct buffer *out)
{
    const struct invocation_option *option;
    char left[64];

    for (size_t i = 0; (option = invocation_option(i)); i++) {
        (void)snprintf(left, sizeof left, "%s%s%s%s%s",
                       option->letter ? option->letter : "", option->letter ? ", " : "",
                       option->name, option->value ? " " : "",
                       option->value ? option->value : "");
        write_line(left, option->help, out);
        if (option->choices)
            buffer_format(out, "  %-*s  one of: %s\n", LEFT, "", option->choices);
        if (*option->of)
            buffer_format(out, "  %-*s  for: %s\n", LEFT, "", option->of);
    }
}

static void write_outcomes(struct buffer *out)
{
    char left[16];

    for (int i = 0; i < OUTCOMES; i++) {
        (void)snprintf(left, sizeof left, "%d", i);
        write_line(left, outcome_text((enum outcome)i), out);
    }
}

void help_write(struct buffer *out)
{
    buffer_add_text(out,
                    "usage: usherctl [OPTION...] COMMAND  operate a running usher\n");
    write_verbs(out);
    buffer_add_text(out, "options:\n");
    write_options(out);
    buffer_format(out,
                  "Without -s the socket is the one in the environment as %s, else\n"
                  "%s.\nexit status:\n",
                  INVOCATION_VARIABLE, INVOCATION_SOCKET);
    write_outcomes(out);
}
