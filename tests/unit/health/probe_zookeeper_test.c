#include "health/check_settings.h"
#include "health/probe_kind.h"

#include <criterion/criterion.h>
#include <string.h>

#define VERSION                                                                          \
    "Zookeeper version: 3.8.0-${mvngit.commit.id}, built on 2024-12-29 17:54 UTC\n"
#define FIGURES                                                                          \
    "Latency min/avg/max: 0/0.0/0\nReceived: 9\nSent: 10\nConnections: 1\n"              \
    "Outstanding: 0\nZxid: 0x100000000\n"
#define NODES "Node count: 5\n"
#define LEADER                                                                           \
    VERSION FIGURES "Mode: leader\n" NODES "Proposal sizes last/min/max: -1/-1/-1\n"
#define FOLLOWER VERSION FIGURES "Mode: follower\n" NODES
#define OBSERVER VERSION FIGURES "Mode: observer\n" NODES
#define STANDALONE VERSION FIGURES "Mode: standalone\n" NODES
#define READ_ONLY                                                                        \
    VERSION "READ-ONLY mode; serving only read-only clients\n" FIGURES                   \
            "Mode: read-only\n" NODES
#define BUSY                                                                             \
    VERSION                                                                              \
    "Latency min/avg/max: 0/1890/1900\nReceived: 90\nSent: 40\n"                         \
    "Connections: 51\nOutstanding: 50\nZxid: 0x4000002af\nMode: follower\n" NODES
#define NOT_SERVING "This ZooKeeper instance is not currently serving requests\n"
#define NOT_ALLOWED "srvr is not executed because it is not in the whitelist.\n"
#define CLOSED "closed without an answer: at maxClientCnxns, or changing its role"
#define CUT "Zookeeper version: 3.8.0-${mvngit.commit..."
#define STRANGE "not an answer of ZooKeeper: "

static const struct check_settings any;
static const struct check_settings leader = { .zookeeper.role = ZOOKEEPER_LEADER };
static const struct check_settings follower = { .zookeeper.role = ZOOKEEPER_FOLLOWER };
static const struct check_settings observer = { .zookeeper.role = ZOOKEEPER_OBSERVER };
static const struct check_settings alone = { .zookeeper.standalone_is_good = true };
static const struct check_settings reading = { .zookeeper.read_only_is_good = true };
static const struct check_settings calm = { .zookeeper.max_outstanding = 49 };
static const struct check_settings patient = { .zookeeper.max_outstanding = 50 };

static struct verdict judge(const struct check_settings *settings, struct answer answer)
{
    return probe_zookeeper.judge(settings, &answer);
}

/* A text, then an end. */
static struct verdict judge_text(const struct check_settings *settings, const char *text)
{
    return judge(settings, (struct answer){ .bytes = text,
                                            .length = strlen(text),
                                            .has_ended = true });
}

static const struct saying {
    const char *text;
    const struct check_settings *settings;
    enum outcome outcome;
    enum result result;
    bool is_certain;
    const char *why;
} sayings[] = {
    { LEADER, &any, OUTCOME_PASSED, RESULT_ANSWERED, false, "leader" },
    { FOLLOWER, &any, OUTCOME_PASSED, RESULT_ANSWERED, false, "follower" },
    { OBSERVER, &any, OUTCOME_PASSED, RESULT_ANSWERED, false, "observer" },
    { LEADER, &leader, OUTCOME_PASSED, RESULT_ANSWERED, false, "leader" },
    { FOLLOWER, &leader, OUTCOME_FAILED, RESULT_ANSWER_BAD, true, "is a follower" },
    { OBSERVER, &leader, OUTCOME_FAILED, RESULT_ANSWER_BAD, true, "is an observer" },
    { LEADER, &follower, OUTCOME_FAILED, RESULT_ANSWER_BAD, true, "is the leader" },
    { FOLLOWER, &follower, OUTCOME_PASSED, RESULT_ANSWERED, false, "follower" },
    { FOLLOWER, &observer, OUTCOME_FAILED, RESULT_ANSWER_BAD, true, "is a follower" },
    { OBSERVER, &observer, OUTCOME_PASSED, RESULT_ANSWERED, false, "observer" },
    { STANDALONE, &any, OUTCOME_FAILED, RESULT_ANSWER_BAD, true,
      "standalone, not in an ensemble" },
    { STANDALONE, &alone, OUTCOME_PASSED, RESULT_ANSWERED, false, "standalone" },
    { READ_ONLY, &any, OUTCOME_FAILED, RESULT_ANSWER_BAD, true, "read-only: no quorum" },
    { READ_ONLY, &reading, OUTCOME_PASSED, RESULT_ANSWERED, false, "read-only" },
    { READ_ONLY, &alone, OUTCOME_FAILED, RESULT_ANSWER_BAD, true,
      "read-only: no quorum" },
    { NOT_SERVING, &any, OUTCOME_FAILED, RESULT_ANSWER_BAD, true,
      "not serving: no quorum, or an election" },
    { NOT_ALLOWED, &any, OUTCOME_NEUTRAL, RESULT_CONNECTED, false,
      "srvr is not in its 4lw.commands.whitelist" },
    { BUSY, &any, OUTCOME_PASSED, RESULT_ANSWERED, false, "follower" },
    { BUSY, &patient, OUTCOME_PASSED, RESULT_ANSWERED, false, "follower" },
    { BUSY, &calm, OUTCOME_FAILED, RESULT_ANSWER_BAD, false,
      "50 requests outstanding, 49 at most" },
    { "srvr is not executed because it is not in the whitelist.", &any, OUTCOME_NEUTRAL,
      RESULT_CONNECTED, false, "srvr is not in its 4lw.commands.whitelist" },
    { "Mode: leader\n" NOT_SERVING, &any, OUTCOME_PASSED, RESULT_ANSWERED, false,
      "leader" },
    { "", &any, OUTCOME_FAILED, RESULT_ANSWER_WRONG, false, CLOSED },
    { "x", &any, OUTCOME_FAILED, RESULT_ANSWER_WRONG, false, STRANGE "x" },
    { "imok", &any, OUTCOME_FAILED, RESULT_ANSWER_WRONG, false, STRANGE "imok" },
    { "HTTP/1.1 400 Bad Request\r\n\r\n<html>", &any, OUTCOME_FAILED, RESULT_ANSWER_WRONG,
      false,
      STRANGE "HTTP/1.1 400 Bad Request?"
              "?"
              "?"
              "?<html>" },
    { "\xff\xfe\r\n", &any, OUTCOME_FAILED, RESULT_ANSWER_WRONG, false, STRANGE "????" },
    { VERSION FIGURES "mode: leader\n", &any, OUTCOME_FAILED, RESULT_ANSWER_WRONG, false,
      STRANGE CUT },
    { VERSION FIGURES "MODE: LEADER\n", &any, OUTCOME_FAILED, RESULT_ANSWER_WRONG, false,
      STRANGE CUT },
    { VERSION FIGURES "Mode: LEADER\n", &any, OUTCOME_FAILED, RESULT_ANSWER_WRONG, false,
      "an unknown mode: LEADER" },
    { VERSION FIGURES "Mode: leaders\n", &any, OUTCOME_FAILED, RESULT_ANSWER_WRONG, false,
      "an unknown mode: leaders" },
    { VERSION FIGURES "Mode: \n", &any, OUTCOME_FAILED, RESULT_ANSWER_WRONG, false,
      "an unknown mode: " },
    { VERSION FIGURES "No Mode: leader\n", &any, OUTCOME_FAILED, RESULT_ANSWER_WRONG,
      false, STRANGE CUT },
    { VERSION FIGURES "Mode: leader", &any, OUTCOME_FAILED, RESULT_ANSWER_WRONG, false,
      STRANGE CUT },
};

static void expect_saying(const struct saying *saying)
{
    struct verdict verdict = judge_text(saying->settings, saying->text);

    cr_expect_eq(verdict.outcome, saying->outcome, "%s", saying->text);
    cr_expect_eq(verdict.result, saying->result, "%s", saying->text);
    cr_expect_eq(verdict.is_certain, saying->is_certain, "%s", saying->text);
    cr_expect_str_eq(verdict.why, saying->why);
}

Test(probe_zookeeper, understands_whatever_a_member_says)
{
    for (size_t i = 0; i < sizeof sayings / sizeof *sayings; i++)
        expect_saying(&sayings[i]);
}

Test(probe_zookeeper, asks_with_four_bytes_and_no_more)
{
    char text[64] = "......";

    cr_expect_eq(probe_zookeeper.ask(&any, &(struct question){ 0 }, text, sizeof text),
                 4);
    cr_expect_str_eq(text, "srvr..");
    cr_expect_eq(probe_zookeeper.ask(&any, &(struct question){ 0 }, text, 3), 0);
}

Test(probe_zookeeper, waits_for_the_whole_answer_wherever_it_is_cut)
{
    const char *const texts[] = { LEADER, FOLLOWER, READ_ONLY };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t whole = (size_t)(strstr(texts[i], "\n" NODES) - texts[i]) + 1;

        for (size_t cut = 0; cut <= strlen(texts[i]); cut++) {
            struct answer answer = { .bytes = texts[i], .length = cut };
            enum outcome wanted = cut < whole ? OUTCOME_PENDING : OUTCOME_PASSED;

            cr_expect_eq(judge(&reading, answer).outcome, wanted, "cut at %zu", cut);
            answer.has_ended = true;
            wanted = cut < whole ? OUTCOME_FAILED : OUTCOME_PASSED;
            cr_expect_eq(judge(&reading, answer).outcome, wanted, "ended at %zu", cut);
        }
    }
}

static void expect_cuts(const char *text, const char *last, enum outcome outcome)
{
    size_t whole = (size_t)(strstr(text, last) - text) + strlen(last);

    for (size_t cut = 0; cut <= strlen(text); cut++) {
        struct answer answer = { .bytes = text, .length = cut };

        cr_expect_eq(judge(&any, answer).outcome, cut < whole ? OUTCOME_PENDING : outcome,
                     "cut at %zu", cut);
    }
}

Test(probe_zookeeper, waits_for_a_whole_refusal)
{
    expect_cuts(NOT_SERVING, "requests\n", OUTCOME_FAILED);
    expect_cuts(NOT_ALLOWED, "whitelist.\n", OUTCOME_NEUTRAL);
}

Test(probe_zookeeper, reads_what_is_told_of_the_member)
{
    struct member told = judge_text(&any, BUSY).member;

    cr_expect_eq(told.role, MEMBER_FOLLOWER);
    cr_expect_eq(told.zxid, 0x4000002af);
    cr_expect_eq(told.outstanding, 50);
    cr_expect_eq(told.connections, 51);
    cr_expect_eq(judge_text(&any, LEADER).member.role, MEMBER_LEADER);
    cr_expect_eq(judge_text(&leader, OBSERVER).member.role, MEMBER_OBSERVER);
    cr_expect_eq(judge_text(&alone, STANDALONE).member.role, MEMBER_UNKNOWN);
    cr_expect_eq(judge_text(&any, NOT_SERVING).member.role, MEMBER_UNKNOWN);
}

Test(probe_zookeeper, does_without_figures_that_are_missing_or_wrong)
{
    struct verdict verdict = judge_text(&calm, "Mode: follower\n");

    cr_expect_eq(verdict.outcome, OUTCOME_PASSED);
    cr_expect_eq(verdict.member.zxid, 0);
    verdict = judge_text(&calm, "Zxid: none\nOutstanding: many\nConnections: "
                                "1111111111111111111111111111111111111111\n"
                                "Mode: follower\n");
    cr_expect_eq(verdict.outcome, OUTCOME_PASSED);
    cr_expect_eq(verdict.member.connections, 0);
}

Test(probe_zookeeper, does_not_believe_bytes_that_are_no_text)
{
    static const char bytes[] = "\0\0\n" FOLLOWER;
    struct verdict verdict = judge(&any, (struct answer){ .bytes = bytes,
                                                          .length = sizeof bytes - 1 });

    cr_expect_eq(verdict.outcome, OUTCOME_FAILED);
    cr_expect_eq(verdict.result, RESULT_ANSWER_WRONG);
    cr_expect_str_eq(verdict.why, "bytes that are no text");
}
