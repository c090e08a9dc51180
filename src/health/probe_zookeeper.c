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
static const char mode_name[] = "Mode: ";
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

static bool says(struct span line, const char *phrase)
{
    return memmem(line.text, line.length, phrase, strlen(phrase)) != NULL;
}

static bool begins(struct span line, const char *name)
{
    return line.length >= strlen(name) && !memcmp(line.text, name, strlen(name));
}

/* Cuts the first line off; a NULL text when it is not there whole. */
static struct span take_line(struct span *rest)
{
    const char *end = rest->length ? memchr(rest->text, '\n', rest->length) : NULL;
    struct span line = { NULL, 0 };

    if (end) {
        line = (struct span){ rest->text, (size_t)(end - rest->text) };
        rest->length -= line.length + 1;
        rest->text = end + 1;
    }
    return line;
}

/* What follows the name in the line that begins with it; a NULL text for none. */
static struct span find_value(struct span lines, const char *name)
{
    struct span line;

    while ((line = take_line(&lines)).text)
        if (begins(line, name))
            return (struct span){ line.text + strlen(name), line.length - strlen(name) };
    return line;
}

/* 0 for none. */
static uint64_t find_number(struct span lines, const char *name, int base)
{
    struct span value = find_value(lines, name);
    char text[NUMBER_SIZE] = "";

    if (value.length < sizeof text && value.length)
        memcpy(text, value.text, value.length);
    return strtoull(text, NULL, base);
}

/* From the lines before that of the mode. */
static struct member read_member(struct span lines, const struct mode *mode)
{
    return (struct member){
        .role = mode->role,
        .zxid = find_number(lines, "Zxid: ", 16),
        .outstanding = find_number(lines, "Outstanding: ", 10),
        .connections = find_number(lines, "Connections: ", 10),
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
static struct verdict judge_mode(const struct check_settings *settings, struct span lines,
                                 const struct mode *mode)
{
    const struct zookeeper_settings *wanted = &settings->zookeeper;
    struct member member = read_member(lines, mode);
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

/* PENDING when it is none. */
static struct verdict judge_refusal(struct span line)
{
    struct verdict verdict = verdict_pending();

    if (says(line, not_serving)) {
        verdict = verdict_failed(RESULT_ANSWER_BAD,
                                 "not serving: no quorum, or an election");
        verdict.is_certain = true;
    } else if (says(line, not_allowed)) {
        verdict = verdict_failed(RESULT_CONNECTED,
                                 "srvr is not in its 4lw.commands.whitelist");
        verdict.outcome = OUTCOME_NEUTRAL;
    } else if (memchr(line.text, '\0', line.length)) {
        verdict = verdict_failed(RESULT_ANSWER_WRONG, "bytes that are no text");
    }
    return verdict;
}

/* The line that names the mode is the last one of interest. */
static struct verdict judge_line(const struct check_settings *settings,
                                 struct span before, struct span line)
{
    size_t length = strlen(mode_name);
    struct span name = { NULL, 0 };
    const struct mode *mode;

    if (!begins(line, mode_name))
        return judge_refusal(line);
    name = (struct span){ line.text + length, line.length - length };
    mode = find_mode(name);
    return mode ? judge_mode(settings, before, mode) : wonder_at("an unknown mode", name);
}

/* Nothing whole is in it, and nothing more will come. */
static struct verdict judge_rest(const struct answer *answer, struct span rest)
{
    struct verdict refusal = judge_refusal(rest);

    if (!answer->length)
        return verdict_failed(RESULT_ANSWER_WRONG,
                              "closed without an answer: at "
                              "maxClientCnxns, or changing its role");
    return refusal.outcome != OUTCOME_PENDING
               ? refusal
               : wonder_at("not an answer of ZooKeeper",
                           (struct span){ answer->bytes, answer->length });
}

static struct verdict judge(const struct check_settings *settings,
                            const struct answer *answer)
{
    struct span rest = { answer->bytes, answer->length }, line;

    while ((line = take_line(&rest)).text) {
        struct span before = { answer->bytes, (size_t)(line.text - answer->bytes) };
        struct verdict verdict = judge_line(settings, before, line);

        if (verdict.outcome != OUTCOME_PENDING)
            return verdict;
    }
    return answer->has_ended ? judge_rest(answer, rest) : verdict_pending();
}

const struct probe_kind probe_zookeeper = { .name = "zookeeper",
                                            .ask = ask,
                                            .judge = judge };
