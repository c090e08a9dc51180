/* One table of options. What is none of them is a word of the command: its own words may
 * begin with a dash, as those of `show stat -1 4 -1` do. */
#include "usherctl/invocation.h"

#include "base/memory.h"
#include "base/text.h"
#include "usherctl/connection.h"

#include <stdlib.h>
#include <string.h>

enum { INTERVAL_MS = 1000, INTERVAL_LEAST_MS = 50, TIMEOUT_MOST_S = 7 * 24 * 60 * 60 };

static bool *wants_json(struct invocation *invocation)
{
    return &invocation->json;
}

static bool *wants_wait(struct invocation *invocation)
{
    return &invocation->wait;
}

static bool *wants_kill(struct invocation *invocation)
{
    return &invocation->kill;
}

static bool *wants_help(struct invocation *invocation)
{
    return &invocation->help;
}

static bool *wants_manual(struct invocation *invocation)
{
    return &invocation->manual;
}

static bool *wants_version(struct invocation *invocation)
{
    return &invocation->version;
}

static bool *wants_names(struct invocation *invocation)
{
    return &invocation->lists_names;
}

static const char *take_socket(struct invocation *invocation, const char *value)
{
    invocation->socket = value;
    return connection_read_address(value, &invocation->address);
}

static const char *take_timeout(struct invocation *invocation, const char *value)
{
    const char *trouble = text_read_duration(value, &invocation->timeout_ms);

    if (!trouble && (!invocation->timeout_ms ||
                     invocation->timeout_ms > (uint64_t)TIMEOUT_MOST_S * 1000))
        trouble = "is from 1ms to 7d";
    return trouble;
}

static const char *take_interval(struct invocation *invocation, const char *value)
{
    const char *trouble = text_read_duration(value, &invocation->interval_ms);

    if (!trouble && (invocation->interval_ms < INTERVAL_LEAST_MS ||
                     invocation->interval_ms > (uint64_t)TIMEOUT_MOST_S * 1000))
        trouble = "is from 50ms to 7d";
    return trouble;
}

static const char *take_order(struct invocation *invocation, const char *value)
{
    return arrange_read(value, &invocation->order);
}

static const char *take_filter(struct invocation *invocation, const char *value)
{
    invocation->filter = value;
    return NULL;
}

static const char *take_completion(struct invocation *invocation, const char *value)
{
    invocation->completion = value;
    return strcmp(value, "bash") != 0 && strcmp(value, "zsh") != 0 ? "is bash or zsh"
                                                                   : NULL;
}

static const struct invocation_option options[] = {
    { "-s", "--socket", "ADDRESS", "", "usher's admin socket: a path, or 127.0.0.1:9999",
      .take = take_socket },
    { NULL, "--timeout", "TIME", "",
      "how long to wait, such as 500ms or 2m: for answers; of drain, for sessions",
      .take = take_timeout },
    { NULL, "--json", NULL, "status drain ready maint reload history why COMMAND",
      "print JSON", .flag = wants_json },
    { NULL, "--wait", NULL, "drain", "wait until no session is left",
      .flag = wants_wait },
    { NULL, "--kill", NULL, "drain", "end the sessions that are left after --timeout",
      .flag = wants_kill },
    { NULL, "--filter", "TEXT", "status top",
      "only what has the text in its name, state or address", .take = take_filter },
    { NULL, "--sort", "KEY", "status top",
      "served (usher's order), or servers alone by another key", .take = take_order,
      .choices = "served name state sessions rate bytes change" },
    { NULL, "--interval", "TIME", "top", "how often to look (1s)",
      .take = take_interval },
    { NULL, "--completion", "SHELL", "", "print what completes usherctl in bash or zsh",
      .take = take_completion, .choices = "bash zsh" },
    { NULL, "--complete-names", NULL, "", "print the names of all servers",
      .flag = wants_names },
    { "-h", "--help", NULL, "", "print this", .flag = wants_help },
    { NULL, "--manual", NULL, "", "print the manual page, for man -l -",
      .flag = wants_manual },
    { "-V", "--version", NULL, "", "print the version", .flag = wants_version },
};

enum { OPTIONS = sizeof options / sizeof *options };

const struct invocation_option *invocation_option(size_t index)
{
    return index < OPTIONS ? &options[index] : NULL;
}

/* "--name=value" is "--name value"; `value` is NULL without "=". */
static bool is_named(const struct invocation_option *option, const char *word,
                     const char **value)
{
    size_t length = strlen(option->name);

    *value = NULL;
    if (option->letter && !strcmp(option->letter, word))
        return true;
    if (strncmp(option->name, word, length) != 0)
        return false;
    if (word[length] == '=')
        *value = word + length + 1;
    return !word[length] || *value;
}

static const struct invocation_option *find_option(const char *word, const char **value)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (is_named(&options[i], word, value))
            return &options[i];
    return NULL;
}

/* The words of the command line that are still to be read. */
struct reading {
    int count, at;
    char **words;
};

static const char *take_option(struct invocation *invocation,
                               const struct invocation_option *option, const char *value,
                               struct reading *reading)
{
    invocation->given |= 1U << (option - options);
    if (option->flag) {
        *option->flag(invocation) = true;
        return value ? "has no value" : NULL;
    }
    if (!value && reading->at < reading->count)
        value = reading->words[reading->at++];
    return value ? option->take(invocation, value) : "wants a value";
}

/* A line end would begin another command. */
static const char *take_word(struct invocation *invocation, const char *word)
{
    bool is_option = word[0] == '-' && word[1] &&
                     (word[1] == '-' || !invocation->word_count);

    if (is_option)
        return "is no option";
    if (strpbrk(word, "\r\n"))
        return "has a line end in it";
    invocation->words[invocation->word_count++] = word;
    return NULL;
}

static void read_word(struct invocation *invocation, struct reading *reading)
{
    const char *word = reading->words[reading->at++], *value;
    const struct invocation_option *option = find_option(word, &value);

    invocation->culprit = option ? option->name : word;
    if (option)
        invocation->trouble = take_option(invocation, option, value, reading);
    else
        invocation->trouble = take_word(invocation, word);
}

struct invocation invocation_read(int count, char **words, const char *variable)
{
    bool is_set = variable && *variable;
    struct invocation invocation = { .socket = is_set ? variable : INVOCATION_SOCKET,
                                     .interval_ms = INTERVAL_MS,
                                     .filter = "" };
    struct reading reading = { .count = count, .at = 1, .words = words };

    invocation.words = memory_new_array((size_t)count + 1, sizeof *invocation.words);
    while (reading.at < count && !invocation.trouble)
        read_word(&invocation, &reading);
    if (!invocation.trouble && !invocation.address.length) {
        invocation.culprit = INVOCATION_VARIABLE;
        invocation.trouble = take_socket(&invocation, invocation.socket);
    }
    return invocation;
}

void invocation_deinit(struct invocation *invocation)
{
    free(invocation->words);
}

static bool has_word(const char *words, const char *word)
{
    size_t length = strlen(word);

    for (; *words; words += strspn(words, " ")) {
        if (strcspn(words, " ") == length && !strncmp(words, word, length))
            return true;
        words += strcspn(words, " ");
    }
    return false;
}

bool invocation_has(const struct invocation_option *option, const char *command)
{
    return !*option->of || has_word(option->of, command);
}

void invocation_check(struct invocation *invocation, const char *command)
{
    for (size_t i = 0; i < OPTIONS && !invocation->trouble; i++) {
        if (!(invocation->given & 1U << i) || invocation_has(&options[i], command))
            continue;
        invocation->culprit = options[i].name;
        invocation->trouble = "is no option of this command";
    }
}
