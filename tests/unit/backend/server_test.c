#include "servers.h"

#include "backend/standings.h"
#include "base/clock.h"
#include "base/memory.h"

#include <stdlib.h>

static struct backend *backend;
static struct server *server;
static struct server_settings settings = { .name = "a", .weight = 10, .maxconn = 2 };

static void set_up(void)
{
    backend = backend_create("app", 1, 1);
    settings.text = "127.0.0.1:9001";
    cr_assert_null(address_parse(settings.text, &settings.destination));
    server = server_create(backend, &settings, 1);
    backend_add(backend, server);
}

static void tear_down(void)
{
    backend_destroy(backend);
}

TestSuite(server, .timeout = 20, .init = set_up, .fini = tear_down);

Test(server, begins_as_the_file_says)
{
    cr_expect_str_eq(server->name, "a");
    cr_expect_str_eq(server->text, "127.0.0.1:9001");
    cr_expect_eq(server->backend, backend);
    cr_expect_eq(server_weight(server), 10);
    cr_expect_eq(atomic_load(&server->maxconn), 2);
    cr_expect_eq(server->health, HEALTH_UNKNOWN);
    cr_expect_eq(address_port(server_address(server)), 9001);
    cr_expect(server_is_fit(server));
}

Test(server, has_no_address_before_its_name_is_resolved)
{
    settings.text = "db.example:5432";
    cr_assert_null(address_parse(settings.text, &settings.destination));
    server = server_create(backend, &settings, 1);
    backend_add(backend, server);

    cr_expect_null(server_address(server));
    cr_expect_not(server_is_fit(server));
}

static void expect_host(const char *destination, const char *host)
{
    struct address_parts parts;

    cr_assert_null(address_parse(destination, &parts));
    free((void *)(uintptr_t)server_set_host(server, &parts));
    cr_expect_str_eq(server_host(server), host);
}

Test(server, knows_the_name_or_ip_that_tls_asks_for)
{
    cr_expect_str_eq(server_host(server), "127.0.0.1");
    expect_host("[2001:db8::1]:443", "2001:db8::1");
    expect_host("db.example:5432", "db.example");
    expect_host("192.0.2.7:443", "192.0.2.7");
}

/* Workers may still hold the rotation with its old address. */
Test(server, is_not_fit_while_its_new_name_is_not_resolved)
{
    cr_expect(server_is_fit(server));
    server->is_unplaced = true;
    cr_expect_not(server_is_fit(server));
    cr_expect(server_address(server));

    server->is_unplaced = false;
    cr_expect(server_is_fit(server));
}

Test(server, keeps_the_weight_of_an_administrator_until_the_file_changes_it)
{
    server_set_weight(server, 3);
    server_apply(server, &settings);
    cr_expect_eq(server_weight(server), 3);
    cr_expect_eq(server->configured_weight, 10);

    settings.weight = 20;
    server_apply(server, &settings);
    cr_expect_eq(server_weight(server), 20);
    cr_expect_eq(server->configured_weight, 20);
}

Test(server, takes_over_what_the_file_says_but_for_the_address)
{
    const struct address *address = server_address(server);

    settings.text = "127.0.0.1:9002";
    cr_assert_null(address_parse(settings.text, &settings.destination));
    settings.backup = true;
    settings.maxconn = 7;
    server_apply(server, &settings);

    cr_expect_str_eq(server->text, "127.0.0.1:9002");
    cr_expect(server->backup);
    cr_expect_eq(atomic_load(&server->maxconn), 7);
    cr_expect_eq(server_address(server), address);
    cr_expect_eq(address_port(address), 9001);
}

Test(server, takes_no_more_sessions_than_maxconn)
{
    cr_expect(server_take(server));
    cr_expect(server_take(server));
    cr_expect_not(server_take(server));
    cr_expect_eq(gauge_read(&server->sessions), 2);

    server_give(server);
    cr_expect(server_take(server));
}

Test(server, takes_any_number_without_a_limit)
{
    atomic_store(&server->maxconn, 0);
    for (int i = 0; i < 1000; i++)
        cr_assert(server_take(server));

    cr_expect_eq(gauge_read(&server->sessions), 1000);
}

static uint64_t sessions_of(const struct server *ranked)
{
    return gauge_read(&ranked->sessions);
}

Test(server, tells_the_standings_of_each_session)
{
    struct server *other = add_server(backend, "b", 1);
    struct standings *standings = standings_create(2, sessions_of);

    atomic_store(&backend->standings, standings);
    standings_refresh(standings, 0, server);
    standings_refresh(standings, 1, other);
    cr_expect_eq(standings_first(standings), 0);

    cr_expect(server_take(server));
    cr_expect_eq(standings_first(standings), 1);
    cr_expect(server_take(other));
    cr_expect(server_take(other));
    cr_expect_eq(standings_first(standings), 0);
    cr_expect(atomic_load(&other->last_turn) > atomic_load(&server->last_turn));

    server_give(server);
    server_give(other);
    server_give(other);
    cr_expect_eq(standings_first(standings), 0);
}

Test(server, is_down_when_nobody_knows_or_somebody_says_so)
{
    static const struct {
        bool is_checked;
        enum health health;
        bool is_down;
    } cases[] = {
        { false, HEALTH_UNKNOWN, false }, { false, HEALTH_UP, false },
        { false, HEALTH_DOWN, true },     { true, HEALTH_UNKNOWN, true },
        { true, HEALTH_UP, false },       { true, HEALTH_DOWN, true },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        server->is_checked = cases[i].is_checked;
        server->health = cases[i].health;
        cr_expect_eq(server_is_down(server), cases[i].is_down, "case %zu", i);
        cr_expect_eq(server_is_fit(server), !cases[i].is_down, "case %zu", i);
    }
}

Test(server, is_not_fit_when_it_is_not_wanted)
{
    server_set_will(server, WILL_DRAIN);
    cr_expect_not(server_is_fit(server));
    server_set_will(server, WILL_MAINT);
    cr_expect_not(server_is_fit(server));
    server_set_will(server, 0);
    cr_expect(server_is_fit(server));

    server_set_weight(server, 0);
    cr_expect_not(server_is_fit(server));
    server_set_weight(server, 1);
    server->is_leaving = true;
    cr_expect_not(server_is_fit(server));
}

Test(server, may_be_nobody_to_destroy)
{
    server_destroy(NULL);
}
