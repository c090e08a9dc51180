/* Greeting, EHLO, and a polite QUIT. */
#include "health/probe_kind.h"
#include "health/verdict.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { CODE_LENGTH = 3, LAST_STEP = 2 };

static size_t say_line(const struct check_settings *settings,
                       const struct question *question, char *text, size_t size)
{
    static const char *const lines[] = { "", "EHLO localhost\r\n", "QUIT\r\n" };

    (void)settings;
    if (question->step > LAST_STEP)
        return 0;
    return (size_t)snprintf(text, size, "%s", lines[question->step]);
}

/* Where a line could be one of SMTP as far as it goes: "250", "250 text", "250-more". */
static bool is_reply(const char *line, size_t length)
{
    for (size_t i = 0; i < length && i < CODE_LENGTH; i++)
        if (!isdigit((unsigned char)line[i]))
            return false;
    return length <= CODE_LENGTH ||
           (line[CODE_LENGTH] && strchr(" -\r\n", line[CODE_LENGTH]));
}

static struct verdict judge_line(const struct answer *answer, const char *line,
                                 const char *end)
{
    static const unsigned wanted[] = { 220, 250 };
    unsigned code = (unsigned)((line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2]) -
                    '0';
    struct verdict verdict = verdict_next((size_t)(end + 1 - answer->bytes));

    if (code != wanted[answer->step])
        verdict = verdict_failed(RESULT_ANSWER_BAD, "%.*s",
                                 (int)(end - line - (end[-1] == '\r')), line);
    verdict.status = code;
    return verdict;
}

/* Line by line up to the last, which has no dash behind its code. */
static struct verdict judge_reply(const struct check_settings *settings,
                                  const struct answer *answer)
{
    const char *line = answer->bytes, *end, *stop = answer->bytes + answer->length;

    (void)settings;
    if (answer->step >= LAST_STEP)
        return verdict_passed("");
    for (; is_reply(line, (size_t)(stop - line)); line = end + 1) {
        end = memchr(line, '\n', (size_t)(stop - line));
        if (!end)
            return verdict_pending();
        if (line[CODE_LENGTH] != '-')
            return judge_line(answer, line, end);
    }
    return verdict_failed(RESULT_ANSWER_WRONG, "not an answer of SMTP");
}

const struct probe_kind probe_smtp = {
    .name = "smtp",
    .ask = say_line,
    .judge = judge_reply,
};
