#include "health/probe.h"

#include "base/address.h"
#include "base/endpoint.h"
#include "health/check.h"
#include "net/socket.h"

#include <criterion/criterion.h>
#include <ev.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

static struct ev_loop *loop;
static struct address address;
static int listener;
static struct check_settings settings = { .timeout_ms = 5000, .fall = 3, .rise = 2 };
static int ends;
static struct verdict last;
static uint64_t last_ms;

static void set_up(void)
{
    struct socket_options options = { .backlog = 16 };
    struct address_parts parts;

    loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    settings.choice.kind = probe_kind_find("connect");
    cr_assert_null(address_parse("127.0.0.1:0", &parts));
    listener = socket_bind(&parts.address, &options);
    cr_assert(socket_listen(listener, 16));
    cr_assert(socket_local_address(listener, &address));
}

static void tear_down(void)
{
    ev_loop_destroy(loop);
}

TestSuite(probe, .timeout = 20, .init = set_up, .fini = tear_down);

static void on_end(void *owner, const struct verdict *verdict, uint64_t took_ms)
{
    cr_expect_eq(owner, &ends);
    ends++;
    last = *verdict;
    last_ms = took_ms;
}

static struct probe *begin(void)
{
    struct probe_request request = { .settings = &settings,
                                     .host = "127.0.0.1",
                                     .address = &address,
                                     .on_end = on_end,
                                     .owner = &ends };

    return probe_begin(loop, &request);
}

static void run_to_the_end(void)
{
    cr_assert(begin());
    cr_expect_eq(ends, 0);
    ev_run(loop, 0);
    cr_assert_eq(ends, 1);
}

Test(probe, knows_its_kinds)
{
    cr_assert(settings.choice.kind);
    cr_expect_str_eq(probe_kind_name(settings.choice.kind), "connect");
    cr_expect_null(probe_kind_find("telepathy"));
    cr_expect_str_eq(probe_kind_names()[0], "connect");
    for (const char *const *name = probe_kind_names(); *name; name++)
        cr_expect_str_eq(probe_kind_name(probe_kind_find(*name)), *name);
}

Test(probe, passes_when_somebody_listens_and_leaves_by_an_end)
{
    struct pollfd waiting;
    struct endpoint client;
    char byte;

    run_to_the_end();

    cr_expect_eq(last.outcome, OUTCOME_PASSED);
    waiting = (struct pollfd){ .fd = socket_accept(listener, &client), .events = POLLIN };
    cr_assert_eq(poll(&waiting, 1, 5000), 1);
    cr_expect_eq(read(waiting.fd, &byte, 1), 0);
}

/* A reload may have taken the one that there was when it began. */
Test(probe, speaks_as_its_settings_say_when_it_is_connected)
{
    static char gone;

    settings.connector = (void *)&gone;
    cr_assert(begin());
    settings.connector = NULL;
    ev_run(loop, 0);

    cr_expect_eq(ends, 1);
    cr_expect_eq(last.outcome, OUTCOME_PASSED);
}

Test(probe, fails_when_nobody_listens)
{
    (void)close(listener);

    run_to_the_end();

    cr_expect_eq(last.outcome, OUTCOME_FAILED);
    cr_expect_eq(last.result, RESULT_CONNECT_FAILED);
    cr_expect_str_eq(last.why, "Connection refused");
}

Test(probe, tells_a_failure_at_once_only_after_it_began)
{
    struct address_parts parts;

    cr_assert_null(address_parse("unix:/nonexistent/socket", &parts));
    address = parts.address;

    run_to_the_end();

    cr_expect_eq(last.outcome, OUTCOME_FAILED);
    cr_expect_str_eq(last.why, "No such file or directory");
}

/* A full backlog drops what knocks, as a black hole does. */
static void fill_backlog(void)
{
    cr_assert(socket_listen(listener, 0));
    for (int i = 0; i < 4; i++)
        cr_assert_neq(socket_connect(&address, NULL), -1);
}

Test(probe, fails_when_nothing_comes_in_time)
{
    settings.timeout_ms = 50;
    fill_backlog();

    run_to_the_end();

    cr_expect_eq(last.outcome, OUTCOME_FAILED);
    cr_expect_eq(last.result, RESULT_CONNECT_TIMEOUT);
    cr_expect_geq(last_ms, 50);
    cr_expect_lt(last_ms, 5000);
}

Test(probe, looks_once_more_before_it_calls_an_answer_late)
{
    struct pollfd nothing = { .fd = -1 };

    settings.timeout_ms = 1;
    cr_assert(begin());
    (void)poll(&nothing, 1, 20); /* a stall of ours, not of the server's */
    ev_run(loop, 0);

    cr_expect_eq(ends, 1);
    cr_expect_eq(last.outcome, OUTCOME_PASSED);
}

Test(probe, does_not_blame_the_server_for_our_shortage)
{
    struct rlimit limit, none = { 0 };

    cr_assert_neq(getrlimit(RLIMIT_NOFILE, &limit), -1);
    none.rlim_max = limit.rlim_max;
    cr_assert_neq(setrlimit(RLIMIT_NOFILE, &none), -1);
    cr_assert(begin());
    cr_assert_neq(setrlimit(RLIMIT_NOFILE, &limit), -1);
    ev_run(loop, 0);

    cr_expect_eq(last.outcome, OUTCOME_NEUTRAL);
    cr_expect_eq(last.result, RESULT_OWN_SHORTAGE);
}

Test(probe, is_silent_once_cancelled)
{
    probe_cancel(NULL);
    probe_cancel(begin());
    ev_run(loop, 0);

    cr_expect_eq(ends, 0);
}
