#include "health/check.h"

#include "backend/backend.h"
#include "base/clock.h"
#include "net/socket.h"

#include <criterion/criterion.h>
#include <ev.h>
#include <unistd.h>

static struct ev_loop *loop;
static struct backend *backend;
static struct server *server;
static struct check *check;
static struct check_care care;
static struct check_settings settings = {
    .interval_ms = 20,
    .changing_interval_ms = 20,
    .down_interval_ms = 20,
    .timeout_ms = 5000,
    .rise = 2,
    .fall = 3,
};
static struct address where;
static int listener;
static int changes;

static void on_change(struct check *changed, void *owner)
{
    cr_expect_eq(changed, check);
    cr_expect_eq(owner, &changes);
    changes++;
}

static void listen_again(void)
{
    struct socket_options options = { .backlog = 16 };

    listener = socket_bind(&where, &options);
    cr_assert(socket_listen(listener, 64));
    cr_assert(socket_local_address(listener, &where));
}

static void make_server(const struct address *address)
{
    struct server_settings wanted = { .name = "a", .text = "a", .weight = 1 };

    wanted.destination.kind = address ? ADDRESS_NUMERIC : ADDRESS_NAME;
    if (address)
        wanted.destination.address = *address;
    server = server_create(backend, &wanted, 1);
    server->is_checked = true;
    backend_add(backend, server);
    check = check_create(&care, server);
}

static void set_up(void)
{
    struct address_parts parts;

    cr_assert_null(address_parse("127.0.0.1:0", &parts));
    where = parts.address;
    listen_again();
    loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    backend = backend_create("app", 1, 1);
    care = (struct check_care){ .loop = loop, .on_change = on_change, .owner = &changes };
    probe_gate_init(&care.gate, 1);
    settings.choice.kind = probe_kind_find("connect");
}

static void tear_down(void)
{
    check_destroy(check);
    backend_destroy(backend);
    ev_loop_destroy(loop);
}

TestSuite(check, .timeout = 20, .init = set_up, .fini = tear_down);

static void wait_for_change(int count)
{
    while (changes < count)
        ev_run(loop, EVRUN_ONCE);
    cr_assert_eq(changes, count);
}

static void wait_for_probe(void)
{
    do
        ev_run(loop, EVRUN_ONCE);
    while (!check_report(check).is_asking);
}

static void wait_for_verdict(void)
{
    wait_for_probe();
    while (check_report(check).is_asking)
        ev_run(loop, EVRUN_ONCE);
}

static void begin_up(void)
{
    make_server(&where);
    check_begin(check, &settings, 0);
    wait_for_change(1);
    cr_assert_eq(server->health, HEALTH_UP);
}

Test(check, settles_a_server_that_answers_at_its_first_verdict)
{
    make_server(&where);
    cr_expect_eq(check_report(check).last.result, RESULT_STARTING);
    check_begin(check, &settings, 0);
    cr_expect_eq(changes, 0);
    cr_expect_not(check_report(check).has_verdict);

    wait_for_change(1);

    cr_expect_eq(server->health, HEALTH_UP);
    cr_expect_eq(check_report(check).health, 4);
    cr_expect_eq(check_report(check).last.result, RESULT_CONNECTED);
    cr_expect(check_report(check).has_verdict);
    cr_expect_eq(check_server(check), server);
}

Test(check, settles_a_server_that_refuses_at_its_first_verdict)
{
    (void)close(listener);
    make_server(&where);
    check_begin(check, &settings, 10);

    wait_for_change(1);

    cr_expect_eq(server->health, HEALTH_DOWN);
    cr_expect_eq(check_report(check).health, 0);
}

Test(check, takes_a_server_down_after_fall_failures_and_up_after_rise_passes)
{
    begin_up();
    (void)close(listener);
    wait_for_change(2);
    cr_expect_eq(server->health, HEALTH_DOWN);
    cr_expect_eq(check_report(check).failures, 3);
    cr_expect_str_eq(check_report(check).last.why, "Connection refused");

    listen_again();
    wait_for_verdict();
    cr_expect_eq(check_report(check).health, 1);
    cr_expect_eq(server->health, HEALTH_DOWN);
    wait_for_change(3);

    cr_expect_eq(server->health, HEALTH_UP);
    cr_expect_eq(check_report(check).health, 4);
}

Test(check, keeps_its_interval)
{
    uint64_t began_at;

    settings.interval_ms = 100;
    begin_up();
    began_at = clock_ms();
    wait_for_probe();

    cr_expect_geq(clock_ms() - began_at, 80);
}

Test(check, takes_failed_connects_for_failed_probes)
{
    settings.interval_ms = 60000;
    begin_up();

    check_note_failures(check, 2, "Connection refused");
    cr_expect_eq(server->health, HEALTH_UP);
    cr_expect_eq(changes, 1);
    cr_expect_eq(check_report(check).health, 2);
    check_note_failures(check, 10000, "Connection reset by peer");

    cr_expect_eq(changes, 2);
    cr_expect_eq(server->health, HEALTH_DOWN);
    cr_expect_eq(check_report(check).health, 0);
}

Test(check, asks_soon_after_a_failed_connect)
{
    settings.interval_ms = settings.changing_interval_ms = 600000;
    begin_up();
    settings.changing_interval_ms = 100;
    check_begin(check, &settings, 600000);
    check_note_failures(check, 1, "Connection refused");

    wait_for_verdict();

    cr_expect_eq(check_report(check).health, 4);
    cr_expect_eq(changes, 1);
}

Test(check, sends_no_storm_of_probes)
{
    uint64_t end_at = clock_ms() + 200;
    int probes = 0;

    settings.interval_ms = 60000;
    settings.changing_interval_ms = 10;
    settings.fall = 1000000;
    begin_up();
    while (clock_ms() < end_at) {
        bool was_asking = check_report(check).is_asking;

        check_note_failures(check, 1, "Connection refused");
        ev_run(loop, EVRUN_NOWAIT);
        probes += check_report(check).is_asking && !was_asking;
    }

    cr_expect(probes >= 1 && probes <= 20, "%d probes", probes);
}

Test(check, asks_nothing_of_a_server_without_an_address)
{
    make_server(NULL);
    settings.interval_ms = 1;
    check_begin(check, &settings, 0);
    for (int i = 0; i < 10; i++)
        ev_run(loop, EVRUN_ONCE);

    cr_expect_eq(changes, 0);
    cr_expect_eq(server->health, HEALTH_UNKNOWN);
    cr_expect_not(check_report(check).has_verdict);
}

Test(check, is_silent_while_paused_and_puts_the_server_on_trial_after)
{
    begin_up();
    wait_for_probe();
    check_pause(check);
    cr_expect(check_report(check).is_paused);
    check_note_failures(check, 10, "Connection refused");
    check_begin(check, &settings, 0);
    ev_run(loop, 0);
    cr_expect_eq(server->health, HEALTH_UP);

    (void)close(listener);
    check_resume(check);
    cr_expect_eq(check_report(check).health, 2);
    wait_for_change(2);

    cr_expect_eq(server->health, HEALTH_DOWN);
    check_pause(check);
    check_resume(check);
    cr_expect_eq(server->health, HEALTH_UP);
}

Test(check, takes_for_up_what_nobody_has_judged)
{
    make_server(&where);
    settings.interval_ms = 60000;
    check_begin(check, &settings, 60000);

    check_assume_up(check);
    cr_expect_eq(server->health, HEALTH_UP);
    cr_expect_not(check_report(check).has_verdict);
    check_note_failures(check, 1, "Connection refused");
    cr_expect_eq(server->health, HEALTH_DOWN);
    check_assume_up(check);

    cr_expect_eq(server->health, HEALTH_DOWN);
}

Test(check, keeps_health_when_the_file_is_read_again)
{
    begin_up();
    settings.rise = 10;
    settings.fall = 5;
    check_begin(check, &settings, 0);

    cr_expect_eq(server->health, HEALTH_UP);
    cr_expect_eq(check_report(check).health, 14);
    cr_expect_eq(check_report(check).settings->rise, 10);
}

Test(check, does_not_ask_when_it_is_off)
{
    settings.choice.kind = NULL;
    make_server(&where);
    check_begin(check, &settings, 0);
    ev_run(loop, 0);

    cr_expect_eq(changes, 0);
    cr_expect_eq(server->health, HEALTH_UNKNOWN);
}

Test(check, disabled_is_not_asked_and_keeps_its_health)
{
    begin_up();
    check_enable(check, false);
    cr_expect_not(check_report(check).is_enabled);
    cr_expect_not(check_report(check).is_asking);
    check_note_failures(check, 100, "lost");
    cr_expect_eq(server->health, HEALTH_UP);
    close(listener);
    check_enable(check, true);
    cr_expect_eq(check_report(check).health, 4);
    wait_for_change(2);
    cr_expect_eq(server->health, HEALTH_DOWN);
}

Test(check, takes_a_word_for_a_verdict_until_probes_insist)
{
    begin_up();
    check_force(check, false, "somebody");
    cr_expect_eq(server->health, HEALTH_DOWN);
    cr_expect_eq(check_report(check).health, 0);
    wait_for_change(2);
    cr_expect_eq(server->health, HEALTH_UP);
    close(listener);
    check_force(check, true, "somebody");
    wait_for_change(3);
    cr_expect_eq(server->health, HEALTH_DOWN);
}

Test(check, in_doubt_is_up_until_one_probe_fails)
{
    begin_up();
    close(listener);
    check_doubt(check);
    cr_expect_eq(server->health, HEALTH_UP);
    cr_expect_eq(check_report(check).health, settings.rise);
    wait_for_verdict();
    cr_expect_eq(server->health, HEALTH_DOWN);
}

Test(check, that_passes_ends_what_was_said_of_stopping)
{
    begin_up();
    server->override.is_stopping = true;
    cr_expect_not(server_is_fit(server));
    wait_for_change(2);
    cr_expect(server_is_fit(server));
}
