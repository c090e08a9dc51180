/* What usher says goes to stdout, what it refuses to stderr. */
#include "usherctl/act.h"

#include "usherctl/exchange.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 64 * 1024 };

/* Ends a payload that comes from stdin: nothing in it does. */
static const char payload_mark[] = "%usherctl-payload-end%";

/* The empty reply to ANSWER_MARKED is nobody's; an empty line parts the others. */
static void print_line(struct answer *answer, const char *line)
{
    size_t *printed = answer->owner; /* the reply that was printed of last */
    bool is_message = answer->grade == ANSWER_REFUSAL && *line != '{';

    if (is_message) {
        (void)fprintf(stderr, "%s%s\n", answer->lines ? "" : "usherctl: ", line);
        return;
    }
    (void)printf("%s%s\n", *printed && *printed != answer->replies ? "\n" : "", line);
    (void)fflush(stdout);
    *printed = answer->replies;
}

static enum outcome say(const struct exchange *exchange, struct buffer *text)
{
    size_t printed = 0;
    struct answer answer = { .on_line = print_line, .owner = &printed };
    enum outcome outcome = exchange_hold(exchange, buffer_text(text), &answer);

    buffer_deinit(text);
    return outcome;
}

/* "<beginning> B/S<end>", as JSON when that is wished. */
static enum outcome say_of_server(const struct invocation *invocation,
                                  const char *beginning, const char *end)
{
    struct exchange exchange = exchange_of(invocation);
    struct buffer text = { 0 };

    exchange.replies = 2;
    buffer_format(&text, ANSWER_MARKED "%s ", beginning);
    answer_add_word(invocation->words[1], &text);
    buffer_format(&text, "%s%s\n", end, invocation->json ? " json" : "");
    return say(&exchange, &text);
}

/* A whole backend can be ready again, too. */
enum outcome act_ready(const struct invocation *invocation)
{
    if (strchr(invocation->words[1], '/'))
        return say_of_server(invocation, "set server", " state ready");
    return say_of_server(invocation, "ready", "");
}

enum outcome act_maint(const struct invocation *invocation)
{
    return say_of_server(invocation, "set server", " state maint");
}

enum outcome act_history(const struct invocation *invocation)
{
    return say_of_server(invocation, "show history", "");
}

enum outcome act_why(const struct invocation *invocation)
{
    return say_of_server(invocation, "show why", "");
}

static const char *last_word(const struct invocation *invocation)
{
    const char *word = invocation->words[invocation->word_count - 1];
    const char *blank = strrchr(word, ' ');

    return blank ? blank + 1 : word;
}

/* These go on for as long as they want, or nobody knows how long. */
static bool may_be_silent(const struct invocation *invocation)
{
    bool is_waiting = !strcmp(last_word(invocation), "wait") ||
                      !strcmp(last_word(invocation), "-w");

    return is_waiting || !strncmp(invocation->words[0], "wait", 4);
}

static void add_payload(struct buffer *text)
{
    char piece[PIECE];
    size_t got;

    buffer_add_text(text, payload_mark);
    buffer_add_text(text, "\n");
    while ((got = fread(piece, 1, sizeof piece, stdin)))
        buffer_add(text, piece, got);
    if (text->bytes[text->length - 1] != '\n')
        buffer_add_text(text, "\n");
    buffer_add_text(text, payload_mark);
}

static bool has_payload(const struct invocation *invocation)
{
    return !strcmp(last_word(invocation), "<<");
}

/* One word may be the whole command, with blanks and semicolons that mean something. */
static void add_command(const struct invocation *invocation, struct buffer *text)
{
    if (invocation->word_count == 1)
        buffer_add_text(text, invocation->words[0]);
    for (size_t i = 0; invocation->word_count > 1 && i < invocation->word_count; i++) {
        buffer_add_text(text, i ? " " : "");
        answer_add_word(invocation->words[i], text);
    }
    if (invocation->json)
        buffer_add_text(text, " json");
    if (has_payload(invocation))
        add_payload(text);
    buffer_add_text(text, "\n");
}

enum outcome act_command(const struct invocation *invocation)
{
    struct exchange exchange = exchange_of(invocation);
    struct buffer text = { 0 };

    if (invocation->json && has_payload(invocation))
        return outcome_tell(OUTCOME_USAGE, "--json cannot be had with a payload");
    exchange.replies = 2;
    if (!invocation->timeout_ms && may_be_silent(invocation))
        exchange.silence_ms = 0;
    buffer_add_text(&text, ANSWER_MARKED);
    add_command(invocation, &text);
    return say(&exchange, &text);
}

enum outcome act_reload(const struct invocation *invocation)
{
    return act_command(invocation);
}
