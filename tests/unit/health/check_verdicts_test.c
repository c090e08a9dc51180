/* The check alone: probes are stood in for, so that each verdict and each moment is the
 * test's own. */
#include "health/check.h"

#include "backend/backend.h"
#include "backend/history.h"
#include "backend/server_set.h"
#include "base/clock.h"
#include "base/log.h"
#include "health/probe_kind.h"

#include <criterion/criterion.h>
#include <ev.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SERVERS = 4 };

/* A probe under way, as its check asked for it. */
struct probe {
    struct probe_request request;
    struct address address;
};

static struct ev_loop *loop;
static struct backend *backend;
static struct server *servers[SERVERS];
static struct check *checks[SERVERS];
static struct probe *asked[SERVERS]; /* by server */
static struct check_care care;
static int probes, changes;

struct probe *probe_begin(struct ev_loop *where, const struct probe_request *request)
{
    struct probe *probe = malloc(sizeof *probe);
    const struct server *server = check_server(request->owner);

    cr_assert_eq(where, loop);
    probe->request = *request;
    probe->address = *request->address;
    cr_assert_null(asked[server->id - 1], "two probes of one check");
    asked[server->id - 1] = probe;
    probes++;
    return probe;
}

static void forget(struct probe *probe)
{
    for (int i = 0; i < SERVERS; i++)
        if (asked[i] == probe)
            asked[i] = NULL;
    free(probe);
}

void probe_cancel(struct probe *probe)
{
    if (probe)
        forget(probe);
}

static const struct probe_kind kind = { .name = "fake" }, other_kind = { .name = "b" };
static struct check_settings settings = {
    .choice.kind = &kind,
    .interval_ms = 60000,
    .changing_interval_ms = 60000,
    .down_interval_ms = 60000,
    .timeout_ms = 5000,
    .rise = 2,
    .fall = 3,
};

static void on_change(struct check *check, void *owner)
{
    (void)check, (void)owner;
    changes++;
}

static void make_server(int i)
{
    struct server_settings wanted = { .name = "a", .text = "a", .weight = 1 };

    cr_assert_null(address_parse("127.0.0.1:80", &wanted.destination));
    servers[i] = server_create(backend, &wanted, 1);
    servers[i]->is_checked = true;
    backend_add(backend, servers[i]);
    checks[i] = check_create(&care, servers[i]);
}

static void set_up(void)
{
    log_set_level(LEVEL_ERROR);
    loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    backend = backend_create("app", 1, 1);
    care = (struct check_care){ .loop = loop, .on_change = on_change };
    probe_gate_init(&care.gate, 1000);
    for (int i = 0; i < SERVERS; i++)
        make_server(i);
}

static void tear_down(void)
{
    for (int i = 0; i < SERVERS; i++)
        check_destroy(checks[i]);
    backend_destroy(backend);
    ev_loop_destroy(loop);
}

TestSuite(check_verdicts, .timeout = 20, .init = set_up, .fini = tear_down);

static void wait_for_probe(int i)
{
    while (!asked[i])
        ev_run(loop, EVRUN_ONCE);
}

static void answer(int i, struct verdict verdict)
{
    struct probe_request request = asked[i]->request;

    forget(asked[i]);
    request.on_end(request.owner, &verdict, 7);
}

static const struct verdict passed = { .outcome = OUTCOME_PASSED,
                                       .result = RESULT_ANSWERED },
                            failed = { .outcome = OUTCOME_FAILED,
                                       .result = RESULT_ANSWER_BAD,
                                       .why = "bad" },
                            certain = { .outcome = OUTCOME_FAILED,
                                        .result = RESULT_ANSWER_BAD,
                                        .why = "not serving",
                                        .is_certain = true },
                            neutral = { .outcome = OUTCOME_NEUTRAL,
                                        .result = RESULT_ANSWER_WRONG,
                                        .why = "not whitelisted" },
                            refused = { .outcome = OUTCOME_FAILED,
                                        .result = RESULT_CONNECT_FAILED,
                                        .why = "Connection refused" },
                            untold = { .outcome = OUTCOME_NEUTRAL,
                                       .result = RESULT_CONNECTED,
                                       .why = "not whitelisted" },
                            shortage = { .outcome = OUTCOME_NEUTRAL,
                                         .result = RESULT_OWN_SHORTAGE };

static void begin(int i)
{
    check_begin(checks[i], &settings, 0);
    wait_for_probe(i);
}

/* Due at once. */
static void ask_again(int i)
{
    check_ask_anew(checks[i]);
    wait_for_probe(i);
}

static void begin_up(int i)
{
    begin(i);
    answer(i, passed);
    cr_assert_eq(servers[i]->health, HEALTH_UP);
}

static const struct history_change *last_change(const struct server *server)
{
    return history_at(server->history, history_count(server->history) - 1);
}

Test(check_verdicts, that_leave_no_doubt_take_a_server_down_at_once)
{
    settings.fall = 100;
    begin_up(0);
    ask_again(0);
    answer(0, certain);

    cr_expect_eq(servers[0]->health, HEALTH_DOWN);
    cr_expect_eq(check_report(checks[0]).health, 0);
    cr_expect_eq(changes, 2);
    cr_expect_str_eq(last_change(servers[0])->why, "not serving (certain)");
}

Test(check_verdicts, that_leave_no_doubt_end_a_way_back_up)
{
    settings.rise = 3;
    begin(0);
    answer(0, failed);
    ask_again(0);
    answer(0, passed);
    ask_again(0);
    answer(0, passed);
    cr_expect_eq(check_report(checks[0]).health, 2);
    ask_again(0);
    answer(0, certain);

    cr_expect_eq(check_report(checks[0]).health, 0);
    cr_expect_eq(changes, 1);
}

Test(check_verdicts, that_say_nothing_change_nothing_and_are_shown)
{
    begin_up(0);
    ask_again(0);
    answer(0, failed);
    cr_expect_eq(check_report(checks[0]).health, 3);
    for (int i = 0; i < 10; i++) {
        ask_again(0);
        answer(0, neutral);
    }

    cr_expect_eq(servers[0]->health, HEALTH_UP);
    cr_expect_eq(check_report(checks[0]).health, 3);
    cr_expect_eq(changes, 1);
    cr_expect_str_eq(check_report(checks[0]).last.why, "not whitelisted");
}

Test(check_verdicts, that_say_nothing_of_a_new_server_let_it_count_as_up)
{
    begin(0);
    answer(0, neutral);
    cr_expect_eq(servers[0]->health, HEALTH_UP);
    cr_expect_eq(changes, 1);
    cr_expect(check_report(checks[0]).has_verdict);
    cr_expect_str_eq(last_change(servers[0])->why, "not whitelisted");
    ask_again(0);
    answer(0, failed);

    cr_expect_eq(servers[0]->health, HEALTH_DOWN, "one failure is enough for it");
}

Test(check_verdicts, that_say_nothing_are_warned_of_once_for_each_reason)
{
    struct verdict other = neutral;
    int fds[2];
    char lines[4096], *second;
    ssize_t got;

    cr_assert_eq(pipe2(fds, O_NONBLOCK), 0);
    cr_assert_eq(dup2(fds[1], STDERR_FILENO), STDERR_FILENO);
    log_set_level(LEVEL_WARNING);
    begin_up(0);
    (void)strcpy(other.why, "full");
    for (int i = 0; i < 10; i++) {
        ask_again(0);
        answer(0, i < 5 ? neutral : other);
    }
    got = read(fds[0], lines, sizeof lines - 1);
    cr_assert_gt(got, 0);
    lines[got] = '\0';
    second = strchr(lines, '\n') + 1;
    cr_expect(strstr(lines, "server app/a finds nothing out: not whitelisted; the "
                            "previous verdict stands"),
              "%s", lines);
    cr_expect(strstr(second, "finds nothing out: full"), "%s", lines);
    cr_expect_str_eq(strchr(second, '\n'), "\n", "%s", lines);
}

static void answer_again(int i, struct verdict verdict)
{
    ask_again(i);
    answer(i, verdict);
}

Test(check_verdicts, of_a_server_that_will_not_tell_are_as_good_as_its_connections)
{
    begin(0);
    answer(0, untold);
    cr_expect_eq(servers[0]->health, HEALTH_UP);
    for (int i = 0; i < 3; i++)
        answer_again(0, refused);
    cr_expect_eq(servers[0]->health, HEALTH_DOWN);
    answer_again(0, untold);
    cr_expect_eq(servers[0]->health, HEALTH_DOWN);
    answer_again(0, untold);
    cr_expect_eq(servers[0]->health, HEALTH_UP);
}

Test(check_verdicts, of_a_server_that_will_not_tell_any_more_leave_it_as_it_said)
{
    begin_up(0);
    answer_again(0, certain);
    for (int i = 0; i < 5; i++)
        answer_again(0, untold);
    cr_expect_eq(servers[0]->health, HEALTH_DOWN);
}

static void doubt(struct check *check, struct verdict *verdict)
{
    cr_expect_eq(check, checks[0]);
    if (verdict->outcome == OUTCOME_PASSED)
        *verdict = certain;
}

Test(check_verdicts, may_be_made_others_before_they_count)
{
    begin_up(0);
    care.on_verdict = doubt;
    answer_again(0, passed);

    cr_expect_eq(servers[0]->health, HEALTH_DOWN);
    cr_expect_str_eq(check_report(checks[0]).last.why, "not serving");
    cr_expect_eq(check_report(checks[0]).failures, 1);
}

Test(check_verdicts, about_ourselves_settle_nothing)
{
    begin(0);
    answer(0, shortage);

    cr_expect_eq(servers[0]->health, HEALTH_UNKNOWN);
    cr_expect_not(check_report(checks[0]).has_verdict);
    cr_expect_eq(changes, 0);
}

Test(check_verdicts, are_kept_with_who_and_how_long)
{
    begin_up(0);
    cr_expect_str_eq(last_change(servers[0])->from, "unknown");
    cr_expect_str_eq(last_change(servers[0])->to, "up");
    cr_expect_eq(last_change(servers[0])->took_ms, 7);
    cr_expect_eq(last_change(servers[0])->who, HISTORY_PROBE);
    check_note_failures(checks[0], 3, "Connection refused");

    cr_expect_eq(last_change(servers[0])->who, HISTORY_CLIENTS);
    cr_expect_eq(last_change(servers[0])->took_ms, 0);
    cr_expect_str_eq(last_change(servers[0])->why, "Connection refused (3 of 3)");
    check_pause(checks[0]);
    check_resume(checks[0]);
    cr_expect_eq(last_change(servers[0])->who, HISTORY_ADMINISTRATOR);
}

static void expect_asked_at(const char *text)
{
    begin(0);
    cr_expect_str_eq(address_text(&asked[0]->address).chars, text);
    check_begin(checks[0], &(struct check_settings){ 0 }, 0);
}

Test(check_verdicts, have_reasons_of_one_printable_line)
{
    struct verdict odd = failed;

    (void)strcpy(odd.why, "a\nb\t\xc3\x7f");
    begin(0);
    answer(0, odd);

    cr_expect_str_eq(check_report(checks[0]).last.why, "a?b???");
    cr_expect_str_eq(last_change(servers[0])->why, "a?b???");
}

Test(check_verdicts, come_from_where_the_settings_say)
{
    struct address_parts parts;
    struct address *local = calloc(1, sizeof *local);

    expect_asked_at("127.0.0.1:80");
    settings.port = 8080;
    expect_asked_at("127.0.0.1:8080");
    cr_assert_null(address_parse("[::1]:1", &parts));
    settings.address = (struct check_address){ "::1", parts.address };
    expect_asked_at("[::1]:8080");
    settings.port = 0;
    expect_asked_at("[::1]:80");
    cr_assert_null(address_parse("unix:/run/s", &parts));
    *local = parts.address;
    free((void *)(uintptr_t)server_set_address(servers[0], local));
    settings.port = 8080;
    expect_asked_at("unix:/run/s");
}

/* Texts of the old settings may be gone: a probe must find the new ones. */
Test(check_verdicts, of_a_probe_under_way_are_kept_by_a_reload_that_asks_the_same)
{
    char old_path[] = "/health";
    struct check_settings next;
    const struct probe *probe;

    settings.http.path = old_path;
    begin(0);
    probe = asked[0];
    next = settings;
    next.http.path = "/health";
    next.timeout_ms = 1;
    check_begin(checks[0], &next, 0);
    memset(old_path, 'x', sizeof old_path - 1);

    cr_expect_eq(asked[0], probe);
    cr_expect_str_eq(asked[0]->request.settings->http.path, "/health");
    answer(0, passed);
    cr_expect_eq(servers[0]->health, HEALTH_UP);
}

Test(check_verdicts, of_a_question_that_is_asked_no_more_do_not_count)
{
    struct check_settings next = settings;

    begin(0);
    next.http.path = "/other";
    check_begin(checks[0], &next, 1);
    cr_expect_null(asked[0]);
    wait_for_probe(0);
    cr_expect_str_eq(asked[0]->request.settings->http.path, "/other");
    next.choice.kind = &other_kind;
    check_begin(checks[0], &next, 1);
    cr_expect_null(asked[0]);
    wait_for_probe(0);

    cr_expect_eq(probes, 3);
    cr_expect_eq(care.gate.inside, 1);
}

Test(check_verdicts, are_not_hastened_by_a_reload_that_changes_nothing)
{
    struct check_settings next = settings;

    begin_up(0);
    check_begin(checks[0], &next, 0);
    ev_run(loop, EVRUN_NOWAIT);
    cr_expect_eq(probes, 1);
    next.interval_ms = 50000;
    check_begin(checks[0], &next, 0);
    ev_run(loop, EVRUN_ONCE);

    cr_expect_eq(probes, 2);
}

Test(check_verdicts, wait_in_line_for_their_probe)
{
    probe_gate_set_limit(&care.gate, 2);
    for (int i = 0; i < SERVERS; i++) {
        check_begin(checks[i], &settings, 0);
        ev_run(loop, EVRUN_ONCE);
    }
    cr_expect_eq(probes, 2);
    cr_expect(check_report(checks[2]).is_waiting);
    cr_expect_not(check_report(checks[2]).is_asking);

    answer(1, passed);
    cr_expect(asked[2]);
    answer(2, passed);
    cr_expect(asked[3], "a black hole holds one place, not the others up");
    cr_expect_eq(servers[2]->health, HEALTH_UP);
    check_destroy(checks[0]);
    checks[0] = NULL;
    answer(3, passed);
    cr_expect_eq(care.gate.inside, 0);
}

Test(check_verdicts, of_one_that_waits_in_line_are_given_up_by_a_pause)
{
    probe_gate_set_limit(&care.gate, 1);
    begin(0);
    check_begin(checks[1], &settings, 0);
    while (!check_report(checks[1]).is_waiting)
        ev_run(loop, EVRUN_ONCE);
    check_pause(checks[1]);
    answer(0, passed);

    cr_expect_null(asked[1]);
    cr_expect_eq(care.gate.inside, 0);
}

/* A probe that takes longer than the interval: the next one follows it, and no others to
 * make up for what was missed. */
Test(check_verdicts, that_come_late_are_not_made_up_for)
{
    uint64_t until, answered_at;

    settings.interval_ms = settings.changing_interval_ms = 50;
    begin(0);
    until = clock_ms() + 300;
    while (clock_ms() < until)
        ev_run(loop, EVRUN_NOWAIT);
    cr_expect_eq(probes, 1);
    answer(0, passed);
    answered_at = clock_ms();
    wait_for_probe(0);
    cr_expect_eq(probes, 2);
    answer(0, passed);
    wait_for_probe(0);

    cr_expect_geq(clock_ms() - answered_at, 40, "the third waits for its interval");
}
