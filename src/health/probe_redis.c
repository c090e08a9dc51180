/* PING and what redis makes of it. */
#include "health/probe_kind.h"
#include "health/verdict.h"

#include <stdio.h>
#include <string.h>

static size_t say_ping(const struct check_settings *settings,
                       const struct question *question, char *text, size_t size)
{
    (void)settings, (void)question;
    return (size_t)snprintf(text, size, "PING\r\n");
}

/* Errors of one who answers, but not to us: it is well. */
static bool is_only_shy(const char *error)
{
    static const char *const words[] = { "NOAUTH ", "NOPERM " };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strncmp(error, words[i], strlen(words[i])))
            return true;
    return false;
}

/* Others, such as LOADING, MASTERDOWN, MISCONF and BUSY, say that it does not serve. */
static struct verdict judge_error(const char *error, size_t length)
{
    char text[80];

    (void)snprintf(text, sizeof text, "%.*s", (int)length, error);
    return is_only_shy(text) ? verdict_passed(text)
                             : verdict_failed(RESULT_ANSWER_BAD, "%s", text);
}

static struct verdict judge_pong(const struct check_settings *settings,
                                 const struct answer *answer)
{
    static const char pong[] = "+PONG\r\n";
    size_t least = answer->length < strlen(pong) ? answer->length : strlen(pong);
    const char *end = memchr(answer->bytes, '\r', answer->length);

    (void)settings;
    if (answer->length && *answer->bytes == '-')
        return end ? judge_error(answer->bytes + 1, (size_t)(end - answer->bytes - 1))
                   : verdict_pending();
    if (memcmp(answer->bytes, pong, least) != 0)
        return verdict_failed(RESULT_ANSWER_WRONG, "not an answer of redis");
    return least == strlen(pong) ? verdict_passed("") : verdict_pending();
}

const struct probe_kind probe_redis = {
    .name = "redis",
    .ask = say_ping,
    .judge = judge_pong,
};
