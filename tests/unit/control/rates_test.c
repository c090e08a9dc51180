#include "generations.h"

#include "base/ledger.h"
#include "control/control_parts.h"
#include "control/rates.h"
#include "proxy/entrance.h"

#include <stdlib.h>
#include <string.h>

static struct control *control;
static struct generation *generation;
static struct entrance *web, *other;
static struct backend *app;
static struct server *server;

static void set_up(void)
{
    struct server_settings settings = { .name = "a", .text = "a", .weight = 1 };

    make_registry();
    generation = generation_from("[frontend web]\nbind = 127.0.0.1:8080\nbackend = app\n"
                                 "[frontend other]\nbind = 127.0.0.1:8081\n"
                                 "backend = app\n"
                                 "[backend app]\nserver = a 127.0.0.1:9001\n");
    web = registry_find_entrance(registry, "web");
    other = registry_find_entrance(registry, "other");
    app = registry_find_backend(registry, "app");
    server = server_create(app, &settings, WORKERS);
    backend_add(app, server);
    control = calloc(1, sizeof *control);
    control->registry = registry;
}

static void tear_down(void)
{
    free(control);
    generation_destroy(generation);
    registry_destroy(registry);
}

TestSuite(rates, .timeout = 20, .init = set_up, .fini = tear_down);

static void count(struct ledger *ledger, uint64_t sessions, uint64_t connections)
{
    counter_add(&ledger_page(ledger, 0)->sessions, sessions - sessions / 2);
    counter_add(&ledger_page(ledger, 1)->sessions, sessions / 2);
    counter_add(&ledger_page(ledger, 1)->connections, connections);
}

Test(rates, are_what_came_since_the_last_sample)
{
    static const struct {
        unsigned sessions, connections, most_sessions, most_connections;
    } seconds[] = {
        { 10, 12, 10, 12 },
        { 0, 0, 10, 12 },
        { 7, 90, 10, 90 },
        { 11, 11, 11, 90 },
    };

    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
        count(web->ledger, seconds[i].sessions, seconds[i].connections);
        rates_sample(control);

        cr_expect_eq(web->session_rate.last, seconds[i].sessions);
        cr_expect_eq(web->connection_rate.last, seconds[i].connections);
        cr_expect_eq(web->session_rate.most, seconds[i].most_sessions);
        cr_expect_eq(web->connection_rate.most, seconds[i].most_connections);
    }
}

Test(rates, of_all_frontends_are_added_up)
{
    count(web->ledger, 10, 20);
    count(other->ledger, 3, 4);
    rates_sample(control);
    cr_expect_eq(control->session_rate, 13);
    cr_expect_eq(control->connection_rate, 24);

    rates_sample(control);
    cr_expect_eq(control->session_rate, 0);
    cr_expect_eq(control->connection_rate, 0);
    cr_expect_eq(control->session_rate_most, 13);
    cr_expect_eq(control->connection_rate_most, 24);
}

static void shake_hands(struct ledger *ledger, uint64_t all, uint64_t resumed)
{
    counter_add(&ledger_page(ledger, 0)->handshakes, all);
    counter_add(&ledger_page(ledger, 1)->handshakes_resumed, resumed);
}

Test(rates, tell_full_handshakes_from_resumed_ones)
{
    shake_hands(web->ledger, 10, 4);
    shake_hands(other->ledger, 2, 2);
    rates_sample(control);
    cr_expect_eq(control->handshake_rate, 12);
    cr_expect_eq(control->full_rate, 6);

    shake_hands(web->ledger, 1, 2); /* one was counted between two looks */
    rates_sample(control);
    cr_expect_eq(control->handshake_rate, 1);
    cr_expect_eq(control->full_rate, 0);
    cr_expect_eq(control->handshake_rate_most, 12);
    cr_expect_eq(control->full_rate_most, 6);
}

/* The highest sum of one second is not the sum of the highest. */
Test(rates, that_were_highest_at_different_times_are_not_added_up)
{
    count(web->ledger, 10, 10);
    rates_sample(control);
    count(other->ledger, 10, 10);
    rates_sample(control);

    cr_expect_eq(control->session_rate_most, 10);
    cr_expect_eq(control->connection_rate_most, 10);
}

Test(rates, of_a_backend_and_of_its_servers_are_their_own)
{
    count(app->ledger, 9, 0);
    count(server->ledger, 5, 0);
    rates_sample(control);
    cr_expect_eq(app->session_rate.last, 9);
    cr_expect_eq(server->session_rate.last, 5);

    count(server->ledger, 4, 0);
    rates_sample(control);
    cr_expect_eq(app->session_rate.last, 0);
    cr_expect_eq(app->session_rate.most, 9);
    cr_expect_eq(server->session_rate.last, 4);
    cr_expect_eq(server->session_rate.most, 5);
}
