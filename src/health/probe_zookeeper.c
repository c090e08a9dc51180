/* Asks a member of a ZooKeeper ensemble for its role. `srvr` is the word to ask with: a
 * stock server answers no other one, and `ruok` gets its imok without a quorum, too. */
#include "health/check_settings.h"
#include "health/probe_kind.h"
#include "health/verdict.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_SIZE = 32, EXCERPT_LENGTH = 40 };

static const char word[] = { 's', 'r', 'v', 'r' };
static const char not_serving[] = "is not currently serving requests";
static const char not_allowed[] = "is not executed because it is not in the whitelist";

enum mode_id { LEADER, FOLLOWER, OBSERVER, STANDALONE, READ_ONLY, MODE_COUNT };

/* What may stand behind "Mode: ". */
static const struct mode {
    const char *name;
    enum member_role role;    /* UNKNOWN: of no ensemble that has a quorum */
    enum zookeeper_wish wish; /* besides ANY */
    const char *objection;    /* to one that is not wanted */
} modes[] = {
    [LEADER] = { "leader", MEMBER_LEADER, ZOOKEEPER_LEADER, "is the leader" },
    [FOLLOWER] = { "follower", MEMBER_FOLLOWER, ZOOKEEPER_FOLLOWER, "is a follower" },
    [OBSERVER] = { "observer", MEMBER_OBSERVER, ZOOKEEPER_OBSERVER, "is an observer" },
    [STANDALONE] = { .name = "standalone",
                     .objection = "standalone, not in an ensemble" },
    [READ_ONLY] = { .name = "read-only", .objection = "read-only: no quorum" },
};

/* A part of the answer. */
struct span {
    const char *text;
    size_t length;
};

/* Four bytes and no more: what follows would be taken for the length of a packet. */
static size_t ask(const struct check_settings *settings, const struct question *question,
                  char *text, size_t size)
{
    (void)settings, (void)question;
    if (size < sizeof word)
        return 0;
    memcpy(text, word, sizeof word);
    return sizeof word;
}

static bool says(const struct answer *answer, const char *phrase)
{
    return memmem(answer->bytes, answer->length, phrase, strlen(phrase)) != NULL;
}

/* The rest of the line that begins with `name`; a NULL text until it is there whole. */
static struct span find_value(const struct answer *answer, const char *name)
{
    size_t length = strlen(name), left = answer->length;
    const char *line = answer->bytes, *end;

    while (left && (end = memchr(line, '\n', left))) {
        size_t size = (size_t)(end - line);

        if (size >= length && !memcmp(line, name, length))
            return (struct span){ line + length, size - length };
        left -= size + 1;
        line = end + 1;
    }
    return (struct span){ NULL, 0 };
}

/* 0 for none. */
static uint64_t find_number(const struct answer *answer, const char *name, int base)
{
    struct span value = find_value(answer, name);
    char text[NUMBER_SIZE] = "";

    if (value.length < sizeof text && value.length)
        memcpy(text, value.text, value.length);
    return strtoull(text, NULL, base);
}

static struct member read_member(const struct answer *answer, const struct mode *mode)
{
    return (struct member){
        .role = mode->role,
        .zxid = find_number(answer, "Zxid: ", 16),
        .outstanding = find_number(answer, "Outstanding: ", 10),
        .connections = find_number(answer, "Connections: ", 10),
    };
}

static bool is_wanted(const struct mode *mode, const struct zookeeper_settings *wanted)
{
    if (mode == &modes[STANDALONE])
        return wanted->standalone_is_good;
    if (mode == &modes[READ_ONLY])
        return wanted->read_only_is_good;
    return wanted->role == ZOOKEEPER_ANY || wanted->role == mode->wish;
}

/* What a server says of itself is certain; how busy it is changes. */
static struct verdict judge_mode(const struct check_settings *settings,
                                 const struct answer *answer, const struct mode *mode)
{
    const struct zookeeper_settings *wanted = &settings->zookeeper;
    struct member member = read_member(answer, mode);
    bool is_busy = wanted->max_outstanding &&
                   member.outstanding > wanted->max_outstanding;
    struct verdict verdict;

    if (!is_wanted(mode, wanted)) {
        verdict = verdict_failed(RESULT_ANSWER_BAD, "%s", mode->objection);
        verdict.is_certain = true;
    } else if (is_busy) {
        verdict = verdict_failed(RESULT_ANSWER_BAD,
                                 "%" PRIu64 " requests outstanding, %" PRIu64 " at most",
                                 member.outstanding, wanted->max_outstanding);
    } else {
        verdict = verdict_passed(mode->name);
    }
    verdict.member = member;
    return verdict;
}

static const struct mode *find_mode(struct span name)
{
    for (size_t i = 0; i < MODE_COUNT; i++)
        if (strlen(modes[i].name) == name.length &&
            !memcmp(modes[i].name, name.text, name.length))
            return &modes[i];
    return NULL;
}

/* It may be anything: only its beginning is shown. */
static struct verdict wonder_at(const char *what, struct span span)
{
    bool is_cut = span.length > EXCERPT_LENGTH;
    int shown = (int)(is_cut ? EXCERPT_LENGTH : span.length);

    return verdict_failed(RESULT_ANSWER_WRONG, "%s: %.*s%s", what, shown, span.text,
                          is_cut ? "..." : "");
}

/* There is no mode in it, and there will not be. */
static struct verdict judge_rest(const struct answer *answer)
{
    if (!answer->length)
        return verdict_failed(RESULT_ANSWER_WRONG,
                              "closed without an answer: at "
                              "maxClientCnxns, or changing its role");
    return wonder_at("not an answer of ZooKeeper",
                     (struct span){ answer->bytes, answer->length });
}

static struct verdict judge_text(const struct check_settings *settings,
                                 const struct answer *answer)
{
    struct span name = find_value(answer, "Mode: ");
    const struct mode *mode = name.text ? find_mode(name) : NULL;

    if (mode)
        return judge_mode(settings, answer, mode);
    if (name.text)
        return wonder_at("an unknown mode", name);
    return answer->has_ended ? judge_rest(answer) : verdict_pending();
}

static struct verdict judge(const struct check_settings *settings,
                            const struct answer *answer)
{
    struct verdict verdict;

    if (says(answer, not_serving)) {
        verdict = verdict_failed(RESULT_ANSWER_BAD,
                                 "not serving: no quorum, or an election");
        verdict.is_certain = true;
    } else if (says(answer, not_allowed)) {
        verdict = verdict_failed(RESULT_CONNECTED,
                                 "srvr is not in its 4lw.commands.whitelist");
        verdict.outcome = OUTCOME_NEUTRAL;
    } else if (memchr(answer->bytes, '\0', answer->length)) {
        verdict = verdict_failed(RESULT_ANSWER_WRONG, "bytes that are no text");
    } else {
        verdict = judge_text(settings, answer);
    }
    return verdict;
}

const struct probe_kind probe_zookeeper = { .name = "zookeeper",
                                            .ask = ask,
                                            .judge = judge };
