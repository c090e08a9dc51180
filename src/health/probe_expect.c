/* A dialogue as the file writes it. */
#include "health/check_settings.h"
#include "health/probe_kind.h"
#include "health/verdict.h"

#include <string.h>

/* NULL behind the last: a reload may have made the dialogue shorter meanwhile. */
static const struct check_step *find_step(const struct check_settings *settings,
                                          unsigned step)
{
    return step < settings->step_count ? &settings->steps[step] : NULL;
}

static size_t say_step(const struct check_settings *settings,
                       const struct question *question, char *text, size_t size)
{
    const struct check_step *step = find_step(settings, question->step);

    if (!step || step->kind != CHECK_STEP_SEND || step->length > size)
        return 0;
    memcpy(text, step->bytes, step->length);
    return step->length;
}

/* NULL, or behind the first place where it is. */
static const char *find_bytes(const struct check_step *step, const struct answer *answer)
{
    const char *found = memmem(answer->bytes, answer->length, step->bytes, step->length);

    return found ? found + step->length : NULL;
}

static const char *find_match(const struct check_step *step, const struct answer *answer)
{
    regmatch_t match = { .rm_so = 0, .rm_eo = (regoff_t)answer->length };

    if (regexec(step->regex, answer->bytes, 1, &match, REG_STARTEND) != 0)
        return NULL;
    return answer->bytes + match.rm_eo;
}

static const char *find_end(const struct check_step *step, const struct answer *answer)
{
    static const char *(*const finds[])(const struct check_step *step,
                                        const struct answer *answer) = {
        [CHECK_STEP_EXPECT] = find_bytes,
        [CHECK_STEP_MATCH] = find_match,
    };

    return step->kind == CHECK_STEP_SEND ? answer->bytes
                                         : finds[step->kind](step, answer);
}

static struct verdict judge_step(const struct check_settings *settings,
                                 const struct answer *answer)
{
    const struct check_step *step = find_step(settings, answer->step);
    const char *end = step ? find_end(step, answer) : NULL;

    if (!step || (end && answer->step + 1 == settings->step_count))
        return verdict_passed("");
    if (end)
        return verdict_next((size_t)(end - answer->bytes));
    if (answer->is_full || (answer->has_ended && answer->length))
        return verdict_failed(RESULT_ANSWER_WRONG, "did not answer as in step %u: %s",
                              answer->step + 1, step->text);
    return verdict_pending();
}

const struct probe_kind probe_expect = {
    .name = "expect",
    .ask = say_step,
    .judge = judge_step,
};
