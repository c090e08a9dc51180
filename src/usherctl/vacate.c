/* usher has a word for it, and keeps the time by itself. One that does not know it is
 * told in the words that every usher knows, and looked at until no session is left. */
#include "usherctl/vacate.h"

#include "base/clock.h"
#include "base/text.h"
#include "usherctl/csv.h"
#include "usherctl/exchange.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { KILLED_MS = 10000, DURATION = 32 };

static const struct timespec pause_between_looks = { .tv_nsec = 100000000 };

/* What is heard of one exchange. */
struct hearing {
    bool is_unknown, is_quiet;
    struct buffer text;
};

static void hear(struct answer *answer, const char *line)
{
    struct hearing *hearing = answer->owner;
    bool is_refusal = answer->grade == ANSWER_REFUSAL && *line != '{';

    hearing->is_unknown |= strstr(line, "Unknown command") && answer->grade;
    if (hearing->is_unknown)
        return;
    buffer_format(&hearing->text, "%s\n", line);
    if (is_refusal)
        (void)outcome_tell(OUTCOME_REFUSED, "%s", line);
    else if (!hearing->is_quiet)
        (void)printf("%s\n", line);
    (void)fflush(stdout);
}

static void write_words(const struct invocation *invocation, struct buffer *out)
{
    char duration[DURATION];

    buffer_add_text(out, ANSWER_MARKED "drain ");
    answer_add_word(invocation->words[1], out);
    if (invocation->timeout_ms)
        buffer_format(out, " timeout %s",
                      text_of_duration(invocation->timeout_ms, duration, DURATION));
    buffer_format(out, "%s%s%s\n", invocation->kill ? " then kill" : "",
                  invocation->wait ? " wait" : "", invocation->json ? " json" : "");
}

/* With time on top for the answer itself; without a timeout sessions take any time. */
static uint64_t silence_ms(const struct invocation *invocation)
{
    if (!invocation->wait)
        return EXCHANGE_MS;
    return invocation->timeout_ms ? invocation->timeout_ms + EXCHANGE_MS : 0;
}

static enum outcome tell_usher(const struct invocation *invocation,
                               struct hearing *hearing)
{
    struct answer answer = { .on_line = hear, .owner = hearing };
    struct exchange exchange = exchange_of(invocation);
    struct buffer text = { 0 };
    enum outcome outcome;

    exchange.replies = 2;
    exchange.silence_ms = silence_ms(invocation);
    write_words(invocation, &text);
    outcome = exchange_hold(&exchange, buffer_text(&text), &answer);
    buffer_deinit(&text);
    if (outcome == OUTCOME_DONE && answer.gravest == ANSWER_WARNING && invocation->wait)
        outcome = OUTCOME_LATE;
    return outcome;
}

/* "<beginning> B/S<end>", as every usher knows it. */
static enum outcome say(const struct invocation *invocation, const char *beginning,
                        const char *end)
{
    struct hearing hearing = { 0 };
    struct answer answer = { .on_line = hear, .owner = &hearing };
    struct exchange exchange = exchange_of(invocation);
    struct buffer text = { 0 };
    enum outcome outcome;

    exchange.replies = 2;
    exchange.silence_ms = EXCHANGE_MS;
    buffer_format(&text, ANSWER_MARKED "%s ", beginning);
    answer_add_word(invocation->words[1], &text);
    buffer_format(&text, "%s\n", end);
    outcome = exchange_hold(&exchange, buffer_text(&text), &answer);
    buffer_deinit(&text);
    buffer_deinit(&hearing.text);
    return outcome;
}

/* None when there is no such server any more. */
static int64_t sessions_in(const char *stat, const char *key)
{
    struct csv csv = csv_read(stat);
    int64_t sessions = 0;

    for (size_t row = 0; row < csv.height; row++) {
        const char *proxy = csv_cell(&csv, row, "pxname");
        size_t length = strlen(proxy);

        if (!strncmp(key, proxy, length) && key[length] == '/' &&
            !strcmp(key + length + 1, csv_cell(&csv, row, "svname")))
            sessions = csv_number(&csv, row, "scur");
    }
    csv_deinit(&csv);
    return sessions;
}

static enum outcome count_sessions(const struct invocation *invocation, int64_t *count)
{
    struct hearing hearing = { .is_quiet = true };
    struct answer answer = { .on_line = hear, .owner = &hearing };
    struct exchange exchange = exchange_of(invocation);
    enum outcome outcome;

    exchange.replies = 2;
    exchange.silence_ms = EXCHANGE_MS;
    outcome = exchange_hold(&exchange, ANSWER_MARKED "show stat -1 4 -1\n", &answer);
    *count = sessions_in(buffer_text(&hearing.text), invocation->words[1]);
    buffer_deinit(&hearing.text);
    return outcome;
}

/* Until none is left, or until this instant. */
static enum outcome await_sessions(const struct invocation *invocation, uint64_t until_ms)
{
    int64_t count, told = -1;

    for (;;) {
        enum outcome outcome = count_sessions(invocation, &count);

        if (outcome != OUTCOME_DONE || !count)
            return outcome;
        if (clock_ms() >= until_ms)
            return OUTCOME_LATE;
        if (count != told)
            (void)fprintf(stderr, "%s: %" PRId64 " session%s left\n",
                          invocation->words[1], count, count == 1 ? "" : "s");
        told = count;
        (void)nanosleep(&pause_between_looks, NULL);
    }
}

static enum outcome wait_here(const struct invocation *invocation)
{
    uint64_t timeout_ms = invocation->timeout_ms;
    bool is_endless = !timeout_ms && !invocation->kill;
    uint64_t until_ms = is_endless ? UINT64_MAX : clock_ms() + timeout_ms;
    enum outcome outcome = await_sessions(invocation, until_ms);

    if (outcome == OUTCOME_LATE && invocation->kill) {
        outcome = say(invocation, "shutdown sessions server", "");
        if (outcome == OUTCOME_DONE)
            outcome = await_sessions(invocation, clock_ms() + KILLED_MS);
    }
    if (outcome == OUTCOME_LATE)
        (void)outcome_tell(outcome, "%s: time is over, sessions are left",
                           invocation->words[1]);
    return outcome;
}

static enum outcome do_without(const struct invocation *invocation)
{
    enum outcome outcome;

    if (!invocation->wait && (invocation->timeout_ms || invocation->kill))
        return outcome_tell(OUTCOME_REFUSED,
                            "this usher keeps no time for drain; say --wait");
    outcome = say(invocation, "set server", " state drain");
    if (outcome == OUTCOME_DONE && invocation->wait)
        outcome = wait_here(invocation);
    return outcome;
}

enum outcome vacate_run(const struct invocation *invocation)
{
    struct hearing hearing = { 0 };
    enum outcome outcome = tell_usher(invocation, &hearing);

    if (hearing.is_unknown)
        outcome = do_without(invocation);
    buffer_deinit(&hearing.text);
    return outcome;
}
