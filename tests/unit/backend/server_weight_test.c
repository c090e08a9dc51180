#include "servers.h"

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

TestSuite(server_weight, .timeout = 20, .init = set_up, .fini = tear_down);

Test(server_weight, is_what_the_agent_and_a_slow_start_leave_of_it)
{
    static const struct {
        unsigned weight, agent, ramp;
        unsigned fine, whole, asked;
    } cases[] = {
        { 1, 100, 100, 100, 1, 1 },
        { 1, 50, 100, 50, 1, 1 },
        { 1, 100, 5, 5, 1, 1 },
        { 1, 1, 1, 1, 1, 1 },
        { 10, 50, 100, 500, 5, 5 },
        { 10, 33, 100, 330, 4, 4 },
        { 10, 50, 20, 100, 1, 5 },
        { 256, 100, 100, 25600, 256, 256 },
        { 256, 99, 99, 25091, 251, 254 },
        { 0, 100, 100, 0, 0, 0 },
        { 0, 50, 5, 0, 0, 0 },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct agent_report report = { .percent = cases[i].agent };

        server_set_weight(server, cases[i].weight);
        server_set_agent(server, &report);
        server_set_ramp(server, cases[i].ramp);
        cr_expect_eq(atomic_load(&server->fine_weight), cases[i].fine, "case %zu: %u", i,
                     (unsigned)atomic_load(&server->fine_weight));
        cr_expect_eq(server_weight(server), cases[i].whole, "case %zu", i);
        cr_expect_eq(server_weight_asked(server), cases[i].asked, "case %zu", i);
    }
}

Test(server_weight, goes_with_the_lower_of_two_limits)
{
    static const struct {
        unsigned wanted, agent, maxconn;
    } cases[] = {
        { 0, 0, 0 }, { 7, 0, 7 }, { 0, 7, 7 }, { 7, 9, 7 }, { 9, 7, 7 },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct agent_report report = { .percent = 100, .maxconn = cases[i].agent };

        server->wanted_maxconn = cases[i].wanted;
        server_set_agent(server, &report);
        cr_expect_eq(atomic_load(&server->maxconn), cases[i].maxconn, "case %zu", i);
    }
}

/* Shares of weights of 1, and how often each comes in turn. */
Test(server_weight, of_one_can_be_shared_out_by_each_way_of_choosing)
{
    static const struct balancer *const all[] = { &balance_roundrobin, &balance_leastconn,
                                                  &balance_random };
    struct random random = { .state = 1 };
    struct choice choice = { .random = &random };

    for (size_t i = 0; i < COUNT(all); i++) {
        backend_destroy(backend);
        backend = make_backend(all[i], NULL, 3);
        server_set_ramp(backend->servers[1], 25);
        publish(backend);
        for (int k = 0; k < 900; k++)
            cr_assert(choose_with(backend, &choice));
        for (size_t k = 0; k < 3; k++)
            cr_expect_leq(abs((int)gauge_read(&backend->servers[k]->sessions) -
                              (k == 1 ? 100 : 400)),
                          all[i] == &balance_random ? 40 : 1, "%s: server %zu has %u",
                          all[i]->name, k, gauge_read(&backend->servers[k]->sessions));
    }
}
