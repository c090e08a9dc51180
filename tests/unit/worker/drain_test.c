#include "serving.h"

#include "base/clock.h"
#include "worker/drain.h"

#include <sys/socket.h>

enum { SESSIONS = 10 };

static struct drain drain;
static int clients[SESSIONS];
static struct session *sessions[SESSIONS];

/* The later ones have been silent for a longer time. */
static void begin_sessions(void)
{
    static const struct endpoint client = { .local = true };
    uint64_t now = clock_ms();

    for (size_t i = 0; i < SESSIONS; i++) {
        int pair[2];

        cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                                pair),
                     0);
        clients[i] = pair[1];
        session_begin(&workspace, &frontend, pair[0], &client);
        sessions[i] = session_of(workspace.present.previous);
        sessions[i]->active_at = now - 1000 * i;
    }
    while (sessions[SESSIONS - 1]->stage != STAGE_RELAY)
        turn();
}

static void set_up(void)
{
    begin_serving();
    begin_sessions();
    drain_init(&drain, &workspace);
}

static void tear_down(void)
{
    drain_deinit(&drain);
    end_serving();
}

TestSuite(drain, .timeout = 20, .init = set_up, .fini = tear_down);

static void pretend_that_passed(uint64_t ms)
{
    drain.begun_at -= ms;
    drain.ends_at -= ms;
}

static void wait_for_tick(void)
{
    size_t present = workspace.sessions.used;

    while (workspace.sessions.used == present)
        (void)ev_run(loop, EVRUN_ONCE);
}

static bool is_present(const struct session *session)
{
    list_each(link, &workspace.present)
        if (session_of(link) == session)
            return true;
    return false;
}

Test(drain, without_time_ends_all_at_once)
{
    drain_begin(&drain, 0);

    cr_expect_eq(workspace.sessions.used, 0);
    cr_expect_not(ev_is_active(&drain.tick));
    for (size_t i = 0; i < SESSIONS; i++)
        cr_expect_eq(hear(clients[i]), 0, "client %zu saw no clean end", i);
}

Test(drain, ends_nobody_before_its_time)
{
    drain_begin(&drain, 1000000);

    cr_expect_eq(workspace.sessions.used, SESSIONS);
    cr_expect(ev_is_active(&drain.tick));
}

/* On a straight line from all to none; the tick itself comes a little later. */
Test(drain, leaves_as_many_as_there_is_time_left)
{
    static const struct {
        uint64_t passed_ms;
        size_t present;
    } steps[] = {
        { 150000, 9 }, { 200000, 7 }, { 200000, 5 },
        { 300000, 2 }, { 100000, 1 }, { 51000, 0 },
    };

    drain_begin(&drain, 1000000);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        pretend_that_passed(steps[i].passed_ms);
        wait_for_tick();
        cr_expect_eq(workspace.sessions.used, steps[i].present, "step %zu left %zu", i,
                     workspace.sessions.used);
    }
}

Test(drain, ends_those_first_that_have_been_silent_for_the_longest_time)
{
    drain_begin(&drain, 1000000);
    for (size_t left = SESSIONS - 1; left > 0; left--) {
        pretend_that_passed(100000);
        wait_for_tick();
        cr_assert_eq(workspace.sessions.used, left);
        for (size_t i = 0; i < SESSIONS; i++)
            cr_expect_eq(is_present(sessions[i]), i < left, "session %zu of %zu", i,
                         left);
        cr_expect_eq(hear(clients[left]), 0);
    }
}

Test(drain, does_not_hurry_when_sessions_end_by_themselves)
{
    drain_begin(&drain, 1000000);
    for (size_t i = 0; i < 6; i++)
        session_end_because(sessions[i], ENDING_ADMIN);
    pretend_that_passed(550000);
    while (clock_ms() < drain.begun_at + 550000 + 250)
        (void)ev_run(loop, EVRUN_ONCE);

    cr_expect_eq(workspace.sessions.used, 4);
}

Test(drain, is_done_in_the_time_it_was_given)
{
    uint64_t begun_at = clock_ms();

    drain_begin(&drain, 400);
    while (workspace.sessions.used) {
        uint64_t passed = clock_ms() - begun_at;

        if (passed < 400)
            cr_expect_geq(workspace.sessions.used, SESSIONS * (400 - passed) / 400);
        (void)ev_run(loop, EVRUN_ONCE);
    }

    cr_expect_geq(clock_ms() - begun_at, 300);
}

Test(drain, ends_who_comes_while_it_goes_on_too)
{
    drain_begin(&drain, 1000000);
    pretend_that_passed(900500);
    wait_for_tick();
    cr_expect_eq(workspace.sessions.used, 1);
    begin_sessions();
    pretend_that_passed(100000);
    wait_for_tick();

    cr_expect_eq(workspace.sessions.used, 0);
}

Test(drain, of_nobody_is_harmless)
{
    drain_begin(&drain, 0);
    drain_begin(&drain, 1000);
    drain_begin(&drain, 0);

    cr_expect_eq(workspace.sessions.used, 0);
}
