/* Any bytes as what servers answer to probes: each kind walks its dialogue over them, at
 * once and byte by byte, and comes to the same end. */
#include "base/memory.h"
#include "health/check_settings.h"
#include "health/probe_kind.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct probe_kind *const kinds[] = { &probe_http,     &probe_expect,
                                                  &probe_redis,    &probe_smtp,
                                                  &probe_mysql,    &probe_postgres,
                                                  &probe_zookeeper };
static regex_t regex;
static struct check_step steps[] = {
    { .kind = CHECK_STEP_SEND, .bytes = "a\0b", .length = 3, .text = "send a" },
    { .kind = CHECK_STEP_EXPECT, .bytes = "a\0", .length = 2, .text = "expect a" },
    { .kind = CHECK_STEP_MATCH, .regex = &regex, .text = "match b" },
    { .kind = CHECK_STEP_EXPECT, .bytes = "z", .length = 1, .text = "expect z" },
};
static struct check_settings settings = {
    .http = { .method = "GET", .path = "/", .body = "ok" },
    .steps = steps,
    .step_count = sizeof steps / sizeof *steps,
};

/* How far a dialogue came. */
struct walk {
    const struct probe_kind *kind;
    const uint8_t *data;
    size_t begin, end; /* of what was heard at this step */
    unsigned step;
};

/* A copy of its own, so that reading too far is noticed. */
static struct verdict judge(const struct walk *walk, bool has_ended)
{
    size_t length = walk->end - walk->begin;
    char *copy = memory_new(length + 1);
    struct answer answer = { .is_connected = true,
                             .step = walk->step,
                             .bytes = copy,
                             .length = length,
                             .has_ended = has_ended };
    struct verdict verdict;

    memcpy(copy, walk->data + walk->begin, length);
    verdict = walk->kind->judge(&settings, &answer);
    free(copy);
    ensure(memchr(verdict.why, 0, sizeof verdict.why));
    ensure(verdict.outcome != OUTCOME_NEXT || verdict.heard <= length);
    return verdict;
}

static void ask(const struct walk *walk)
{
    struct question question = { .step = walk->step, .host = "host", .port = 1 };
    char text[256];

    ensure(walk->kind->ask(&settings, &question, text, sizeof text) <= sizeof text);
}

static struct verdict go(struct walk *walk, size_t size, size_t piece)
{
    for (;;) {
        bool has_ended = walk->end == size;
        struct verdict verdict = judge(walk, false);

        if (verdict.outcome == OUTCOME_PENDING && has_ended)
            verdict = judge(walk, true);
        if (verdict.outcome == OUTCOME_NEXT) {
            walk->begin += verdict.heard;
            walk->step += 1 + verdict.skipped;
            ensure(walk->step < 16);
            ask(walk);
        } else if (verdict.outcome != OUTCOME_PENDING || has_ended)
            return verdict;
        else
            walk->end += size - walk->end < piece ? size - walk->end : piece;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool are_good[HTTP_STATUSES];

    if (!are_good[100]) {
        are_good[100] = true;
        settings.http.statuses.are_good = are_good;
        ensure(regcomp(&regex, "b+c$", REG_EXTENDED | REG_NEWLINE) == 0);
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct walk whole = { .kind = kinds[i], .data = data };
        struct walk bytewise = whole;
        struct verdict one = go(&whole, size, size), other = go(&bytewise, size, 1);

        ensure(one.outcome == other.outcome || kinds[i] == &probe_expect);
        ensure(one.result == other.result || kinds[i] == &probe_expect);
    }
    return 0;
}
