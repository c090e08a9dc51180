/* What the tests of kinds share: answers as tables, heard at once and cut at every byte,
 * which must come to the same. */
#pragma once

#include "health/check_settings.h"
#include "health/probe_kind.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* Parts of a case. What is heard may hold NUL. */
#define HEARD(text) .bytes = text, .length = sizeof text - 1
#define PENDING .outcome = OUTCOME_PENDING
#define NEXT(used) .outcome = OUTCOME_NEXT, .heard = used
#define PASSED(text) .outcome = OUTCOME_PASSED, .result = RESULT_ANSWERED, .why = text
#define BAD(text) .outcome = OUTCOME_FAILED, .result = RESULT_ANSWER_BAD, .why = text
#define WRONG(text) .outcome = OUTCOME_FAILED, .result = RESULT_ANSWER_WRONG, .why = text

struct heard_case {
    const char *bytes;
    size_t length;
    unsigned step;
    bool has_ended;
    enum outcome outcome;
    enum result result; /* of what is no PENDING and no NEXT */
    const char *why;
    size_t heard; /* of a NEXT */
};

/* A copy of its own, so that reading too far is noticed by sanitizers; as in a dialogue,
 * a NUL stands behind it. */
static inline struct verdict judge_copy(const struct probe_kind *kind,
                                        const struct check_settings *settings,
                                        const struct answer *heard)
{
    struct answer answer = *heard;
    char *copy = malloc(heard->length + 1);
    struct verdict verdict;

    cr_assert(copy);
    if (heard->length)
        memcpy(copy, heard->bytes, heard->length);
    copy[heard->length] = '\0';
    answer.bytes = copy;
    verdict = kind->judge(settings, &answer);
    free(copy);
    return verdict;
}

/* As a dialogue would hear it, in pieces of this size: until something is decided. */
static inline struct verdict judge_pieces(const struct probe_kind *kind,
                                          const struct check_settings *settings,
                                          const struct heard_case *wanted, size_t piece)
{
    struct answer answer = { .is_connected = true,
                             .step = wanted->step,
                             .bytes = wanted->bytes };
    struct verdict verdict = judge_copy(kind, settings, &answer);

    while (verdict.outcome == OUTCOME_PENDING && answer.length < wanted->length) {
        size_t left = wanted->length - answer.length;

        answer.length += left < piece ? left : piece;
        verdict = judge_copy(kind, settings, &answer);
    }
    answer.has_ended = wanted->has_ended;
    if (verdict.outcome == OUTCOME_PENDING && answer.has_ended)
        verdict = judge_copy(kind, settings, &answer);
    return verdict;
}

static inline void expect_case(const struct probe_kind *kind,
                               const struct check_settings *settings,
                               const struct heard_case *wanted, size_t piece)
{
    struct verdict verdict = judge_pieces(kind, settings, wanted, piece);
    const char *text = wanted->bytes;

    cr_expect_eq(verdict.outcome, wanted->outcome, "%s: %s in pieces of %zu: %d %s",
                 kind->name, text, piece, (int)verdict.outcome, verdict.why);
    if (wanted->outcome == OUTCOME_NEXT)
        cr_expect_eq(verdict.heard, wanted->heard, "%s: %s: heard %zu", kind->name, text,
                     verdict.heard);
    if (wanted->outcome != OUTCOME_PASSED && wanted->outcome != OUTCOME_FAILED)
        return;
    cr_expect_eq(verdict.result, wanted->result, "%s: %s: %s", kind->name, text,
                 result_code(verdict.result));
    cr_expect_str_eq(verdict.why, wanted->why, "%s: %s in pieces of %zu: \"%s\"",
                     kind->name, text, piece, verdict.why);
}

static inline void expect_cases_of(const struct probe_kind *kind,
                                   const struct check_settings *settings,
                                   const struct heard_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t piece = 1; piece <= cases[i].length + 1; piece++)
            expect_case(kind, settings, &cases[i], piece);
}

#define expect_cases(kind, settings, cases)                                              \
    expect_cases_of(kind, settings, cases, sizeof cases / sizeof *cases)

/* What a kind says at a step; `length` bytes of the text that is returned. */
static inline const char *said(const struct probe_kind *kind,
                               const struct check_settings *settings,
                               struct question question, size_t *length)
{
    static char text[PROBE_SAID_MOST + 1];

    *length = kind->ask(settings, &question, text, PROBE_SAID_MOST);
    cr_assert_leq(*length, PROBE_SAID_MOST);
    text[*length] = '\0';
    return text;
}

static inline void expect_said(const struct probe_kind *kind,
                               const struct check_settings *settings, unsigned step,
                               const char *wanted)
{
    size_t length;
    const char *text = said(kind, settings, (struct question){ step, "host", 1 },
                            &length);

    cr_expect_str_eq(text, wanted);
    cr_expect_eq(length, strlen(wanted));
}
