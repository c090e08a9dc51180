/* Names of servers come from the usher that runs. */
#include "usherctl/completion.h"

#include "usherctl/verbs.h"

#include <string.h>

/* The verb that stands for usher's own commands has none behind it. */
static bool is_own_command(size_t index)
{
    return !verbs_at(index + 1);
}

static bool is_socket(const struct invocation_option *option)
{
    return !strcmp(option->name, "--socket");
}

/* "-s|--socket", as `case` has it. */
static void write_pattern(const struct invocation_option *option, struct buffer *out)
{
    buffer_format(out, "%s%s%s", option->letter ? option->letter : "",
                  option->letter ? "|" : "", option->name);
}

/* "drain|ready|maint" */
static void write_server_verbs(struct buffer *out)
{
    const struct verb *verb;
    const char *gap = "";

    for (size_t i = 0; (verb = verbs_at(i)); i++) {
        if (!verb->wants_server)
            continue;
        buffer_format(out, "%s%s", gap, verb->name);
        gap = "|";
    }
}

/* Values are skipped on the way to the command, and the socket is remembered. */
static void write_bash_scan(struct buffer *out)
{
    const struct invocation_option *option;

    buffer_add_text(out, "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                         "        case ${COMP_WORDS[i]} in\n");
    for (size_t i = 0; (option = invocation_option(i)); i++) {
        if (!option->value)
            continue;
        buffer_add_text(out, "        ");
        write_pattern(option, out);
        buffer_add_text(out, is_socket(option)
                                 ? ") socket=(-s \"${COMP_WORDS[++i]}\") ;;\n"
                                 : ") ((++i)) ;;\n");
    }
    buffer_add_text(out, "        -*) ;;\n"
                         "        *) words+=(\"${COMP_WORDS[i]}\") ;;\n"
                         "        esac\n"
                         "    done\n");
}

static void write_bash_values(struct buffer *out)
{
    const struct invocation_option *option;

    buffer_add_text(out, "    case ${COMP_WORDS[COMP_CWORD - 1]} in\n");
    for (size_t i = 0; (option = invocation_option(i)); i++) {
        if (!option->value)
            continue;
        buffer_add_text(out, "    ");
        write_pattern(option, out);
        if (is_socket(option))
            buffer_add_text(out, ") COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n");
        else if (option->choices)
            buffer_format(out,
                          ") COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n",
                          option->choices);
        else
            buffer_add_text(out, ") return ;;\n");
    }
    buffer_add_text(out, "    esac\n");
}

static void write_bash_options(size_t index, struct buffer *out)
{
    const struct invocation_option *option;
    const char *name = verbs_at(index)->name, *gap = "";

    buffer_format(out, "        %s) choices='", is_own_command(index) ? "*" : name);
    for (size_t i = 0; (option = invocation_option(i)); i++) {
        if (!invocation_has(option, name))
            continue;
        buffer_format(out, "%s%s", gap, option->name);
        gap = " ";
    }
    buffer_add_text(out, "' ;;\n");
}

static void write_bash_choices(struct buffer *out)
{
    buffer_add_text(out, "    if [[ $word == -* ]]; then\n"
                         "        case ${words[0]-} in\n");
    for (size_t i = 0; verbs_at(i); i++)
        write_bash_options(i, out);
    buffer_add_text(out, "        esac\n"
                         "    elif ((${#words[@]} == 0)); then\n"
                         "        choices='");
    for (size_t i = 0; !is_own_command(i); i++)
        buffer_format(out, "%s%s", i ? " " : "", verbs_at(i)->name);
    buffer_add_text(out, "'\n"
                         "    elif ((${#words[@]} == 1)); then\n"
                         "        case ${words[0]} in\n"
                         "        ");
    write_server_verbs(out);
    buffer_add_text(out, ")\n"
                         "            choices=$(\"${COMP_WORDS[0]}\" \"${socket[@]}\" "
                         "--complete-names 2>/dev/null) ;;\n"
                         "        esac\n"
                         "    fi\n");
}

static void write_bash(struct buffer *out)
{
    buffer_add_text(out,
                    "# Completes usherctl; printed by `usherctl --completion bash`.\n"
                    "_usherctl()\n"
                    "{\n"
                    "    local word=${COMP_WORDS[COMP_CWORD]} choices= i\n"
                    "    local socket=() words=()\n\n");
    write_bash_scan(out);
    write_bash_values(out);
    write_bash_choices(out);
    buffer_add_text(out, "    COMPREPLY=($(compgen -W \"$choices\" -- \"$word\"))\n"
                         "}\n"
                         "complete -F _usherctl usherctl\n");
}

/* Between single quotes; what parts a specification is marked. */
static void write_zsh_text(const char *text, struct buffer *out)
{
    for (; *text; text++) {
        if (*text == '\'')
            buffer_add_text(out, "'\\''");
        else
            buffer_format(out, strchr("[]:\\", *text) ? "\\%c" : "%c", *text);
    }
}

static void write_zsh_value(const struct invocation_option *option, struct buffer *out)
{
    if (!option->value)
        return;
    buffer_format(out, ":%s:", option->value);
    if (is_socket(option))
        buffer_add_text(out, "_files");
    else if (option->choices)
        buffer_format(out, "(%s)", option->choices);
}

/* '(-s --socket)'{-s,--socket}'[help]:ADDRESS:_files' */
static void write_zsh_option(const struct invocation_option *option, struct buffer *out)
{
    buffer_add_text(out, "        ");
    if (option->letter)
        buffer_format(out, "'(%s %s)'{%s,%s}'[", option->letter, option->name,
                      option->letter, option->name);
    else
        buffer_format(out, "'%s[", option->name);
    write_zsh_text(option->help, out);
    buffer_add_text(out, "]");
    write_zsh_value(option, out);
    buffer_add_text(out, "' \\\n");
}

static void write_zsh_verbs(struct buffer *out)
{
    buffer_add_text(out, "    commands=(\n");
    for (size_t i = 0; !is_own_command(i); i++) {
        buffer_format(out, "        '%s:", verbs_at(i)->name);
        write_zsh_text(verbs_at(i)->help, out);
        buffer_add_text(out, "'\n");
    }
    buffer_add_text(out, "    )\n");
}

static void write_zsh(struct buffer *out)
{
    const struct invocation_option *option;

    buffer_add_text(out, "#compdef usherctl\n"
                         "# Completes usherctl; printed by `usherctl --completion zsh`.\n"
                         "_usherctl()\n"
                         "{\n"
                         "    local state line socket\n"
                         "    local -a commands names\n"
                         "    typeset -A opt_args\n\n");
    write_zsh_verbs(out);
    buffer_add_text(out, "    _arguments -C \\\n");
    for (size_t i = 0; (option = invocation_option(i)); i++)
        write_zsh_option(option, out);
    buffer_add_text(out,
                    "        '1:command:->command' '*:argument:->argument' && return\n"
                    "    if [[ $state == command ]]; then\n"
                    "        _describe command commands\n"
                    "    elif [[ $line[1] == (");
    write_server_verbs(out);
    buffer_add_text(out, ") ]] && (($#line == 2)); then\n"
                         "        socket=${opt_args[-s]:-${opt_args[--socket]}}\n"
                         "        names=(${(f)\"$($words[1] ${socket:+-s} $socket "
                         "--complete-names 2>/dev/null)\"})\n"
                         "        compadd -a names\n"
                         "    fi\n"
                         "}\n"
                         "_usherctl \"$@\"\n");
}

void completion_write(const char *shell, struct buffer *out)
{
    if (!strcmp(shell, "zsh"))
        write_zsh(out);
    else
        write_bash(out);
}
