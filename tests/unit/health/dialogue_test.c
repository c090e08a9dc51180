#include "health/dialogue.h"

#include "health/verdict.h"
#include "net/conn.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct conn conn;
static int peer;
static struct dialogue *dialogue;
static unsigned judged;

static size_t say_much(const struct check_settings *settings,
                       const struct question *question, char *text, size_t size)
{
    (void)settings;
    cr_expect_str_eq(question->host, "host");
    memset(text, 'a' + (int)question->step, size);
    return size;
}

static size_t say_step(const struct check_settings *settings,
                       const struct question *question, char *text, size_t size)
{
    (void)settings, (void)size;
    *text = (char)('0' + question->step);
    return 1;
}

/* "n" is the next step, "s" the one behind it, "g" is good; all else is waited out. */
static struct verdict judge_letter(const struct check_settings *settings,
                                   const struct answer *answer)
{
    struct verdict verdict = verdict_next(1);

    (void)settings;
    judged++;
    if (!answer->length)
        return verdict_pending();
    if (*answer->bytes == 'g')
        return verdict_passed("");
    verdict.skipped = *answer->bytes == 's';
    return strchr("ns", *answer->bytes) ? verdict : verdict_pending();
}

static const struct probe_kind letters = { .name = "letters",
                                           .ask = say_step,
                                           .judge = judge_letter };
static const struct probe_kind talker = { .name = "talker",
                                          .ask = say_much,
                                          .judge = judge_letter };

static void begin(const struct probe_kind *kind)
{
    struct question question = { .host = "host" };
    int fds[2];

    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    conn_init(&conn, NULL, NULL);
    conn_open(&conn, fds[0]);
    peer = fds[1];
    dialogue = dialogue_create(kind, NULL, &question);
}

static void tear_down(void)
{
    dialogue_destroy(dialogue);
    (void)close(conn_fd(&conn));
    (void)close(peer);
}

TestSuite(dialogue, .timeout = 20, .fini = tear_down);

static void answer(const char *text)
{
    cr_assert_eq(write(peer, text, strlen(text)), (ssize_t)strlen(text));
}

static struct verdict go_on(void)
{
    return dialogue_go_on(dialogue, &conn);
}

static void expect_failure(enum result result, const char *why)
{
    struct verdict verdict = go_on();

    cr_expect_eq(verdict.outcome, OUTCOME_FAILED);
    cr_expect_eq(verdict.result, result);
    cr_expect_str_eq(verdict.why, why);
}

static const char *heard_by_peer(void)
{
    static char text[64];
    ssize_t got = read(peer, text, sizeof text - 1);

    text[got > 0 ? got : 0] = '\0';
    return text;
}

Test(dialogue, walks_from_step_to_step)
{
    begin(&letters);
    cr_expect_eq(go_on().outcome, OUTCOME_PENDING);
    cr_expect_eq(dialogue_events(dialogue), EV_READ);
    cr_expect_str_eq(heard_by_peer(), "0");
    answer("n");
    cr_expect_eq(go_on().outcome, OUTCOME_PENDING);
    cr_expect_str_eq(heard_by_peer(), "1");
    answer("s");
    cr_expect_eq(go_on().outcome, OUTCOME_PENDING);
    cr_expect_str_eq(heard_by_peer(), "3");
    answer("g");
    cr_expect_eq(go_on().outcome, OUTCOME_PASSED);
}

Test(dialogue, takes_what_came_before_it_was_asked_for)
{
    begin(&letters);
    answer("nsng");
    cr_expect_eq(go_on().outcome, OUTCOME_PASSED);
    cr_expect_str_eq(heard_by_peer(), "0134");
}

Test(dialogue, says_all_however_long_that_takes)
{
    static char bytes[PROBE_SAID_MOST];
    size_t heard = 0;
    int smallest = 1;

    begin(&talker);
    cr_assert_eq(setsockopt(conn_fd(&conn), SOL_SOCKET, SO_SNDBUF, &smallest,
                            sizeof smallest),
                 0);
    cr_expect_eq(go_on().outcome, OUTCOME_PENDING);
    cr_expect_eq(dialogue_events(dialogue), EV_WRITE);
    cr_expect_eq(judged, 0);
    while (heard < sizeof bytes) {
        ssize_t got = read(peer, bytes + heard, sizeof bytes - heard);

        cr_assert(got > 0);
        heard += (size_t)got;
        cr_expect_eq(go_on().outcome, OUTCOME_PENDING);
    }
    cr_expect_eq(dialogue_events(dialogue), EV_READ);
    cr_expect_eq(bytes[sizeof bytes - 1], 'a');
    cr_expect_eq(read(peer, bytes, 1), -1);
}

Test(dialogue, is_over_when_the_server_ends_it)
{
    begin(&letters);
    (void)shutdown(peer, SHUT_WR);
    expect_failure(RESULT_ANSWER_WRONG, "closed without an answer");
}

Test(dialogue, tells_half_an_answer_from_none)
{
    begin(&letters);
    answer("nx");
    (void)shutdown(peer, SHUT_WR);
    expect_failure(RESULT_ANSWER_WRONG, "closed in the middle of an answer");
}

Test(dialogue, believes_an_answer_that_came_before_the_end)
{
    begin(&letters);
    answer("ng");
    (void)close(peer);
    cr_expect_eq(go_on().outcome, OUTCOME_PASSED);
    peer = -1;
}

/* A UNIX socket with unread bytes ends by a reset. */
Test(dialogue, tells_a_reset_from_an_end)
{
    begin(&letters);
    cr_expect_eq(go_on().outcome, OUTCOME_PENDING);
    (void)close(peer);
    peer = -1;
    expect_failure(RESULT_ANSWER_WRONG, "connection reset without an answer");
}

Test(dialogue, keeps_no_more_than_it_may)
{
    static char bytes[8 * 1024];
    struct verdict verdict = { 0 };
    size_t put = 0;

    begin(&letters);
    memset(bytes, 'x', sizeof bytes);
    while (verdict.outcome == OUTCOME_PENDING) {
        cr_assert_leq(put, PROBE_HEARD_MOST + sizeof bytes);
        put += (size_t)write(peer, bytes, sizeof bytes);
        verdict = go_on();
    }
    cr_expect_eq(put, PROBE_HEARD_MOST + sizeof bytes);
    cr_expect_eq(verdict.result, RESULT_ANSWER_WRONG);
    cr_expect_str_eq(verdict.why, "answer longer than 64 kB");
}

Test(dialogue, says_where_it_stood_when_time_is_over)
{
    begin(&letters);
    (void)go_on();
    cr_expect_eq(dialogue_end_late(dialogue).result, RESULT_ANSWER_TIMEOUT);
    cr_expect_str_eq(dialogue_end_late(dialogue).why, "L7 timeout");
    answer("n");
    (void)go_on();
    cr_expect_str_eq(dialogue_end_late(dialogue).why, "L7 timeout in step 2");
}
