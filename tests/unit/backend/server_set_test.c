#include "servers.h"

#include "base/clock.h"
#include "base/memory.h"

#include <stdlib.h>

static struct backend *backend;
static struct server *server;

static void set_up(void)
{
    backend = make_backend(&balance_roundrobin, NULL, 1);
    server = backend->servers[0];
}

static void tear_down(void)
{
    backend_destroy(backend);
}

TestSuite(server_set, .timeout = 20, .init = set_up, .fini = tear_down);

Test(server_set, gives_back_the_host_that_it_is_not_any_more)
{
    struct address_parts parts;
    const char *old;

    cr_assert_null(address_parse("db.example:5432", &parts));
    old = server_set_host(server, &parts);
    cr_expect_str_eq(old, "127.0.0.1");
    cr_expect_str_eq(server_host(server), "db.example");
    free((void *)(uintptr_t)old);
}

Test(server_set, gives_the_old_address_away_with_the_new_one)
{
    struct address *next = memory_new(sizeof *next);
    const struct address *old = server_address(server);

    cr_expect_eq(server_set_address(server, next), old);
    cr_expect_eq(server_address(server), next);
    free((void *)(uintptr_t)old);
}

static void pretend_that_passed(uint64_t ms)
{
    server->changed_at -= ms;
}

Test(server_set, begins_a_state_without_errors_of_the_former)
{
    cr_expect(server_set_health(server, HEALTH_DOWN));
    (void)evidence_add_error(&server->evidence, clock_ms());
    cr_expect_not(server_set_health(server, HEALTH_DOWN));
    cr_expect_eq(gauge_read(&server->evidence.errors), 1);
    cr_expect(server_set_health(server, HEALTH_UP));
    cr_expect_eq(gauge_read(&server->evidence.errors), 0);
}

Test(server_set, adds_up_the_time_it_was_down)
{
    cr_expect(server_set_health(server, HEALTH_UP));
    pretend_that_passed(1000000);
    cr_expect(server_set_health(server, HEALTH_DOWN));
    cr_expect_lt(server->down_ms, 1000000);
    cr_expect_eq(server->times_down, 1);

    pretend_that_passed(1000000);
    cr_expect_not(server_set_health(server, HEALTH_DOWN));
    cr_expect(server_set_health(server, HEALTH_UP));
    cr_expect_geq(server->down_ms, 1000000);
    cr_expect_lt(server->down_ms, 2000000);
    cr_expect_eq(server->times_down, 1);
}

Test(server_set, counts_a_fall_from_up_only)
{
    cr_expect(server_set_health(server, HEALTH_DOWN));
    cr_expect_eq(server->times_down, 0);
}

Test(server_set, is_down_for_as_long_as_it_is_in_maintenance)
{
    server_set_will(server, WILL_MAINT);
    pretend_that_passed(1000000);
    server_set_will(server, WILL_MAINT | WILL_DRAIN);
    pretend_that_passed(1000000);
    server_set_will(server, WILL_DRAIN);
    cr_expect_geq(server->down_ms, 2000000);
    cr_expect_lt(server->down_ms, 3000000);

    pretend_that_passed(1000000);
    server_set_will(server, 0);
    cr_expect_lt(server->down_ms, 3000000);
    cr_expect_leq(server->changed_at, clock_ms());
}

Test(server_set, knows_who_is_out_and_who_is_only_unwanted)
{
    struct agent_report report = { .percent = 100 };

    cr_expect_not(server_is_away(server));
    server_set_will(server, WILL_DRAIN);
    cr_expect_not(server_is_away(server));
    server_set_will(server, WILL_MAINT);
    cr_expect(server_is_away(server));
    server_set_will(server, 0);

    report.is_down = true;
    server_set_agent(server, &report);
    cr_expect(server_is_away(server));
    cr_expect_not(server_is_fit(server));
    cr_expect(server_is_willing(server));
    report.is_down = false;
    server_set_agent(server, &report);

    server_set_ejected(server, true);
    cr_expect(server_is_away(server));
    cr_expect_not(server_is_fit(server));
    server_set_ejected(server, false);

    server->is_checked = true;
    cr_expect_not(server_is_away(server));
    (void)server_set_health(server, HEALTH_DOWN);
    cr_expect(server_is_away(server));
    cr_expect(server_is_willing(server));
}

Test(server_set, counts_the_time_that_its_agent_says_it_is_down)
{
    struct agent_report well = { .percent = 100 };
    struct agent_report loaded = { .percent = 20 };
    struct agent_report down = { .percent = 20, .is_down = true };

    pretend_that_passed(1000000);
    server_set_agent(server, &loaded);
    cr_expect_lt(server->changed_at, clock_ms() - 900000, "load is no other state");
    server_set_agent(server, &down);
    cr_expect_lt(server->down_ms, 1000000);
    pretend_that_passed(1000000);
    server_set_agent(server, &well);
    cr_expect_geq(server->down_ms, 1000000);
    cr_expect_lt(server->down_ms, 2000000);
}
