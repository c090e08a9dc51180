#include "serving.h"

#include "base/ledger.h"
#include "worker/listener.h"
#include "worker/spare.h"

#include <fcntl.h>
#include <sys/resource.h>

enum { BATCH = 64, CROWD = 80 };

static struct address where;
static struct spare spare = { -1 };
static struct listener *listener;
static int clients[CROWD];

static void set_up(void)
{
    struct listener_settings settings = {
        .key = 1, .frontend = &frontend, .workspace = &workspace, .spare = &spare
    };

    begin_serving();
    spare_open(&spare);
    settings.fd = listen_somewhere(&where);
    listener = listener_create(&settings);
}

static void tear_down(void)
{
    if (listener)
        listener_destroy(listener);
    spare_close(&spare);
    end_serving();
}

TestSuite(listener, .timeout = 20, .init = set_up, .fini = tear_down);

/* Loopback connects them at once, accepted or not. */
static void connect_clients(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct pollfd waiting = { .events = POLLOUT };

        waiting.fd = clients[i] = socket_connect(&where, 0);
        cr_assert_neq(clients[i], -1);
        cr_assert_eq(poll(&waiting, 1, 10000), 1);
        cr_assert_eq(socket_connect_result(clients[i]), 0);
    }
}

static void serve_until(size_t sessions)
{
    while (workspace.sessions.used != sessions)
        (void)ev_run(loop, EVRUN_ONCE);
}

static bool is_silent(int client)
{
    struct pollfd waiting = { .fd = client, .events = POLLIN };

    return poll(&waiting, 1, 0) == 0;
}

/* No descriptor can be had but what somebody gives back first; returns what was. */
static struct rlimit run_out_of_descriptors(void)
{
    struct rlimit before, limit;
    int next = fcntl(0, F_DUPFD, 0);

    cr_assert_neq(next, -1);
    (void)close(next);
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
    limit = before;
    limit.rlim_cur = (rlim_t)next;
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    return before;
}

Test(listener, accepts_nothing_before_it_is_started)
{
    connect_clients(3);
    turn();
    cr_expect_eq(workspace.sessions.used, 0);

    listener_start(listener);
    serve_until(3);
    cr_expect_eq(ledger_sum(frontend.entrance->ledger).connections, 3);
}

Test(listener, tells_the_session_who_its_client_is)
{
    struct session_view view;
    struct address client;

    listener_start(listener);
    connect_clients(1);
    serve_until(1);
    session_describe(session_of(workspace.present.next), &view);

    cr_assert(socket_local_address(clients[0], &client));
    cr_expect_str_eq(endpoint_text(&view.client).chars, address_text(&client).chars);
    cr_expect_str_eq(view.frontend, "web");
}

Test(listener, accepts_a_bounded_batch_at_once)
{
    listener_start(listener);
    connect_clients(CROWD);
    turn();
    cr_expect_eq(workspace.sessions.used, BATCH);

    serve_until(CROWD);
}

Test(listener, serves_another_frontend_from_when_it_is_told_to)
{
    struct frontend next = frontend;

    frontend_init(&next, 1);
    listener_start(listener);
    connect_clients(1);
    serve_until(1);
    listener->frontend = &next;
    connect_clients(1);
    serve_until(2);

    cr_expect_eq(frontend_guests(&frontend), 1);
    cr_expect_eq(frontend_guests(&next), 1);
    list_each(link, &workspace.present)
        session_end_because(session_of(link), ENDING_ADMIN);
    frontend_deinit(&next);
}

Test(listener, resets_who_is_not_admitted)
{
    frontend_settings.maxconn = 1;
    listener_start(listener);
    connect_clients(2);
    while (gauge_read(&everybody) != 1 || is_silent(clients[1]))
        (void)ev_run(loop, EVRUN_NOWAIT);

    cr_expect_eq(hear(clients[1]), -1);
    cr_expect_eq(errno, ECONNRESET);
    cr_expect(is_silent(clients[0]));
}

Test(listener, accepts_what_has_arrived_before_it_closes)
{
    struct address address = where;
    int late;

    listener_start(listener);
    turn();
    connect_clients(CROWD);
    listener_destroy(listener);
    listener = NULL;

    cr_expect_eq(workspace.sessions.used, CROWD);
    late = socket_connect(&address, 0);
    cr_expect(late == -1 || hear(late) == -1);
    cr_expect_eq(errno, ECONNREFUSED);
}

Test(listener, that_was_not_started_accepts_nothing_when_it_closes)
{
    connect_clients(2);
    listener_destroy(listener);
    listener = NULL;

    cr_expect_eq(workspace.sessions.used, 0);
    cr_expect_eq(hear(clients[0]), -1);
}

Test(listener, refuses_politely_without_a_descriptor)
{
    struct rlimit before;

    connect_clients(5);
    listener_start(listener);
    before = run_out_of_descriptors();
    turn();

    cr_expect_eq(workspace.sessions.used, 0);
    for (int i = 0; i < 5; i++)
        cr_expect_eq(hear(clients[i]), -1, "client %d was not told", i);
    cr_expect_neq(spare.fd, -1);
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
}

Test(listener, rests_without_a_descriptor_and_comes_back)
{
    struct rlimit before;

    connect_clients(1);
    listener_start(listener);
    before = run_out_of_descriptors();
    turn();
    cr_expect_not(ev_is_active(&listener->io));
    cr_expect(ev_is_active(&listener->pause));
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &before), 0);

    connect_clients(3);
    serve_until(3);
    cr_expect(ev_is_active(&listener->io));
}

Test(listener, does_without_a_spare)
{
    struct rlimit before;

    spare_close(&spare);
    spare_close(&spare);
    cr_expect_eq(spare.fd, -1);
    connect_clients(1);
    listener_start(listener);
    before = run_out_of_descriptors();
    turn();
    cr_expect_not(ev_is_active(&listener->io));
    cr_expect(is_silent(clients[0]));

    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
    serve_until(1);
}

static bool is_refused(void)
{
    int client = socket_connect(&where, 0);
    struct pollfd waiting = { .fd = client, .events = POLLOUT };
    bool is_refused;

    if (client == -1)
        return errno == ECONNREFUSED;
    cr_assert_eq(poll(&waiting, 1, 10000), 1);
    is_refused = socket_connect_result(client) == ECONNREFUSED;
    (void)close(client);
    return is_refused;
}

/* As the sockets of workers do, it has asked for its port. */
static void have_asked_for_the_port(void)
{
    struct socket_options options = { .backlog = 1024 };
    int again = socket_bind(&where, &options);

    cr_assert_neq(again, -1);
    cr_assert(socket_listen(again, 1024));
    cr_assert_neq(dup3(again, listener->io.fd, O_CLOEXEC), -1);
    (void)close(again);
}

Test(listener, refuses_while_it_is_closed_and_then_listens_where_it_was)
{
    have_asked_for_the_port();
    listener_change(listener, &frontend, 1024);
    listener_start(listener);
    for (size_t round = 1; round <= 2; round++) {
        listener_set_closed(listener, true);
        cr_expect(is_refused());
        listener_change(listener, &frontend, 1024);
        cr_expect(is_refused(), "another generation opened it");
        listener_set_closed(listener, false);
        connect_clients(1);
        serve_until(round);
    }
}

Test(listener, accepts_what_has_arrived_before_it_refuses)
{
    have_asked_for_the_port();
    listener_start(listener);
    connect_clients(3);
    listener_set_closed(listener, true);
    cr_expect_eq(workspace.sessions.used, 3);
}

Test(listener, may_be_closed_before_it_is_started)
{
    have_asked_for_the_port();
    listener_change(listener, &frontend, 1024);
    listener_set_closed(listener, true);
    listener_start(listener);
    cr_expect(is_refused());
    listener_set_closed(listener, false);
    connect_clients(1);
    serve_until(1);
}
