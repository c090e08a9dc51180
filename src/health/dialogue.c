/* Walks the steps of a kind: asks what to say, says it all, hears piece by piece, and has
 * every piece judged. What is wrong with any dialogue is judged here. */
#include "health/dialogue.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "health/verdict.h"
#include "net/conn.h"

#include <stdlib.h>

enum { PIECE_BYTES = 4096, KILOBYTE = 1024 };

/* How the hearing came to its end, if it did. */
enum hearing { HEARING_OPEN, HEARING_ENDED, HEARING_BROKEN };

struct dialogue {
    const struct probe_kind *kind;
    const struct check_settings *settings; /* borrowed; a reload changes them */
    struct question question;              /* its host is borrowed */
    bool has_asked;                        /* at this step */
    enum hearing hearing;
    struct buffer said; /* what is left to be written */
    struct buffer heard;
};

struct dialogue *dialogue_create(const struct probe_kind *kind,
                                 const struct check_settings *settings,
                                 const struct question *question)
{
    struct dialogue *dialogue = memory_new(sizeof *dialogue);

    dialogue->kind = kind;
    dialogue->settings = settings;
    dialogue->question = *question;
    return dialogue;
}

void dialogue_destroy(struct dialogue *dialogue)
{
    if (!dialogue)
        return;
    buffer_deinit(&dialogue->said);
    buffer_deinit(&dialogue->heard);
    free(dialogue);
}

static void ask(struct dialogue *dialogue)
{
    char text[PROBE_SAID_MOST];
    size_t length = 0;

    if (dialogue->has_asked)
        return;
    dialogue->has_asked = true;
    if (dialogue->kind->ask)
        length = dialogue->kind->ask(dialogue->settings, &dialogue->question, text,
                                     sizeof text);
    buffer_add(&dialogue->said, text, length);
}

/* True when all is said. A server that will not listen may have spoken before. */
static bool say(struct dialogue *dialogue, struct conn *conn)
{
    struct buffer *said = &dialogue->said;

    while (said->length) {
        size_t put;
        enum io io = conn_write(conn, said->bytes, said->length, &put);

        if (io == IO_AGAIN)
            return false;
        buffer_consume(said, io == IO_DONE ? put : said->length);
    }
    return true;
}

/* True when there is something new to judge. One byte more than is kept shows that there
 * was more. */
static bool hear(struct dialogue *dialogue, struct conn *conn)
{
    size_t room = PROBE_HEARD_MOST + 1 - dialogue->heard.length, got;
    char piece[PIECE_BYTES];
    enum io io = conn_read(conn, piece, room < sizeof piece ? room : sizeof piece, &got);

    if (io == IO_ENDED || io == IO_FAILED)
        dialogue->hearing = io == IO_ENDED ? HEARING_ENDED : HEARING_BROKEN;
    buffer_add(&dialogue->heard, piece, got);
    return io != IO_AGAIN;
}

/* What any kind waits for in vain. */
static struct verdict judge_end(const struct dialogue *dialogue,
                                const struct answer *answer)
{
    const char *what = answer->length ? "in the middle of an answer"
                                      : "without an answer";

    if (dialogue->hearing == HEARING_BROKEN)
        return verdict_failed(RESULT_ANSWER_WRONG, "connection reset %s", what);
    if (answer->has_ended)
        return verdict_failed(RESULT_ANSWER_WRONG, "closed %s", what);
    if (answer->is_full)
        return verdict_failed(RESULT_ANSWER_WRONG, "answer longer than %d kB",
                              PROBE_HEARD_MOST / KILOBYTE);
    return verdict_pending();
}

static struct verdict judge(const struct dialogue *dialogue)
{
    struct answer answer = {
        .is_connected = true,
        .step = dialogue->question.step,
        .bytes = buffer_text(&dialogue->heard),
        .length = dialogue->heard.length,
        .has_ended = dialogue->hearing != HEARING_OPEN,
    };
    struct verdict verdict;

    answer.is_full = answer.length > PROBE_HEARD_MOST;
    if (answer.is_full)
        answer.length = PROBE_HEARD_MOST;
    verdict = dialogue->kind->judge(dialogue->settings, &answer);
    ensure(verdict.outcome != OUTCOME_NEXT || verdict.heard <= answer.length);
    return verdict.outcome == OUTCOME_PENDING ? judge_end(dialogue, &answer) : verdict;
}

static void begin_next_step(struct dialogue *dialogue, const struct verdict *verdict)
{
    buffer_consume(&dialogue->heard, verdict->heard);
    dialogue->question.step += 1 + verdict->skipped;
    dialogue->has_asked = false;
}

/* Each turn but the last ends a step or hears more, and both are bounded. */
struct verdict dialogue_go_on(struct dialogue *dialogue, struct conn *conn)
{
    for (;;) {
        struct verdict verdict;

        ask(dialogue);
        if (!say(dialogue, conn))
            return verdict_pending();
        verdict = judge(dialogue);
        if (verdict.outcome == OUTCOME_NEXT)
            begin_next_step(dialogue, &verdict);
        else if (verdict.outcome != OUTCOME_PENDING || !hear(dialogue, conn))
            return verdict;
    }
}

int dialogue_events(const struct dialogue *dialogue)
{
    return dialogue->said.length ? EV_WRITE : EV_READ;
}

struct verdict dialogue_end_late(const struct dialogue *dialogue)
{
    unsigned step = dialogue->question.step + 1;

    return step == 1
               ? verdict_failed(RESULT_ANSWER_TIMEOUT, "L7 timeout")
               : verdict_failed(RESULT_ANSWER_TIMEOUT, "L7 timeout in step %u", step);
}
