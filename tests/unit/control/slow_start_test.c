#include "generations.h"

#include "backend/server_set.h"
#include "base/clock.h"
#include "control/slow_start.h"

#include <ev.h>

static struct ev_loop *loop;
static struct slow_start *slow_start;
static struct generation *generation;
static struct backend *app;
static struct server *a, *b;

static void set_up(void)
{
    make_registry();
    generation = generation_from("[frontend web]\nbind = 127.0.0.1:8080\nbackend = app\n"
                                 "[backend app]\nserver = a 127.0.0.1:9001\n");
    app = registry_find_backend(registry, "app");
    app->recovery.slow_start_ms = 1000000;
    for (char name[] = "a"; *name <= 'b'; ++*name) {
        struct server_settings settings = { .name = name, .text = name, .weight = 1 };

        cr_assert_null(address_parse("127.0.0.1:9001", &settings.destination));
        backend_add(app, server_create(app, &settings, WORKERS));
    }
    a = app->servers[0];
    b = app->servers[1];
    loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    slow_start = slow_start_create(loop, registry);
}

static void tear_down(void)
{
    slow_start_destroy(slow_start);
    ev_loop_destroy(loop);
    generation_destroy(generation);
    registry_destroy(registry);
}

TestSuite(slow_start, .timeout = 20, .init = set_up, .fini = tear_down);

static void pretend_that_passed(struct server *server, uint64_t ms)
{
    server->ramp_began_at -= ms;
}

static void set_will(struct server *server, unsigned will)
{
    server_set_will(server, will);
    slow_start_note(slow_start, app);
}

Test(slow_start, grows_in_twenty_steps)
{
    static const struct {
        uint64_t elapsed_ms, duration_ms;
        unsigned percent;
    } cases[] = {
        { 0, 10000, 5 },
        { 499, 10000, 5 },
        { 999, 10000, 5 },
        { 1000, 10000, 10 },
        { 5000, 10000, 50 },
        { 5499, 10000, 50 },
        { 9999, 10000, 95 },
        { 10000, 10000, 100 },
        { 99999, 10000, 100 },
        { 0, 0, 100 },
        { 0, 1, 5 },
        { 1, 3, 30 },
        { 3599999, 3600000, 95 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(slow_start_percent(cases[i].elapsed_ms, cases[i].duration_ms),
                     cases[i].percent, "case %zu", i);
}

Test(slow_start, is_not_for_those_that_were_there_from_the_start)
{
    slow_start_note(slow_start, app);

    cr_expect_eq(a->ramp_percent, 100);
    cr_expect_eq(a->ramp_began_at, 0);
}

Test(slow_start, begins_when_a_server_is_back_from_maintenance)
{
    set_will(a, WILL_MAINT);
    cr_expect_eq(a->ramp_percent, 100);
    set_will(a, 0);

    cr_expect_eq(a->ramp_percent, 5);
    cr_expect_eq(atomic_load(&a->fine_weight), 5);
    cr_expect_eq(b->ramp_percent, 100);
}

Test(slow_start, begins_when_a_server_is_up_again_or_not_ejected_any_more)
{
    a->is_checked = true;
    (void)server_set_health(a, HEALTH_DOWN);
    server_set_ejected(b, true);
    slow_start_note(slow_start, app);
    (void)server_set_health(a, HEALTH_UP);
    server_set_ejected(b, false);
    slow_start_note(slow_start, app);

    cr_expect_eq(a->ramp_percent, 5);
    cr_expect_eq(b->ramp_percent, 5);
}

Test(slow_start, begins_with_the_first_verdict_of_a_server_that_is_new)
{
    a->was_away = a->is_checked = true;
    slow_start_note(slow_start, app);
    cr_expect_eq(a->ramp_began_at, 0);
    (void)server_set_health(a, HEALTH_UP);
    slow_start_note(slow_start, app);

    cr_expect_eq(a->ramp_percent, 5);
}

Test(slow_start, is_not_for_a_server_that_was_only_drained_or_without_weight)
{
    set_will(a, WILL_DRAIN);
    set_will(a, 0);
    server_set_weight(b, 0);
    slow_start_note(slow_start, app);
    server_set_weight(b, 1);
    slow_start_note(slow_start, app);

    cr_expect_eq(a->ramp_percent, 100);
    cr_expect_eq(b->ramp_percent, 100);
}

Test(slow_start, waits_until_a_server_that_is_back_is_wanted)
{
    set_will(a, WILL_MAINT);
    set_will(a, WILL_DRAIN);
    cr_expect_eq(a->ramp_began_at, 0);
    set_will(a, 0);

    cr_expect_eq(a->ramp_percent, 5);
}

Test(slow_start, goes_on_step_by_step_and_ends)
{
    set_will(a, WILL_MAINT);
    set_will(a, 0);
    pretend_that_passed(a, 500000);
    app->is_stale = false;
    while (a->ramp_percent == 5)
        (void)ev_run(loop, EVRUN_ONCE);
    cr_expect_eq(a->ramp_percent, 50);
    cr_expect(app->is_stale);

    app->is_stale = false;
    (void)ev_run(loop, EVRUN_ONCE);
    cr_expect_eq(a->ramp_percent, 50);
    cr_expect_not(app->is_stale, "a step that is none");

    pretend_that_passed(a, 500000);
    (void)ev_run(loop, 0); /* returns once the timer has stopped */
    cr_expect_eq(a->ramp_percent, 100);
    cr_expect_eq(a->ramp_began_at, 0);
    cr_expect_eq(atomic_load(&a->fine_weight), 100);
}

Test(slow_start, is_over_when_the_server_goes_away_or_the_file_wants_none)
{
    set_will(a, WILL_MAINT);
    set_will(b, WILL_MAINT);
    set_will(a, 0);
    set_will(b, 0);
    set_will(a, WILL_MAINT);
    cr_expect_eq(a->ramp_percent, 100);

    app->recovery.slow_start_ms = 0;
    (void)ev_run(loop, 0);
    cr_expect_eq(b->ramp_percent, 100);
    set_will(a, 0);
    cr_expect_eq(a->ramp_percent, 100);
    slow_start_destroy(NULL);
}
