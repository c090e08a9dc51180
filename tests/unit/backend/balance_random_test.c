#include "servers.h"

#include <math.h>
#include <stdlib.h>

static struct backend *backend;
static struct random random_source = { .state = 1 };
static struct choice choice = { .random = &random_source };

static void make(const unsigned *weights, size_t count)
{
    backend_destroy(backend);
    backend = make_backend(&balance_random, weights, count);
    publish(backend);
}

static void tear_down(void)
{
    backend_destroy(backend);
}

TestSuite(balance_random, .timeout = 20, .fini = tear_down);

static double sessions_of(size_t server)
{
    return gauge_read(&backend->servers[server]->sessions);
}

Test(balance_random, chooses_by_weight)
{
    static const unsigned weights[] = { 1, 2, 3, 6 };
    int chosen[4] = { 0 };

    make(weights, 4);
    for (int i = 0; i < 12000; i++) {
        struct server *server = choose_with(backend, &choice);

        cr_assert(server);
        chosen[server->index]++;
        server_give(server);
    }

    for (size_t i = 0; i < 4; i++)
        cr_expect(abs(chosen[i] - 1000 * (int)weights[i]) < 250,
                  "weight %u came %d times", weights[i], chosen[i]);
}

/* One choice alone would leave them hundreds apart. */
Test(balance_random, keeps_loads_close_by_taking_the_lighter_of_two)
{
    static const unsigned weights[] = { 1, 1, 2, 4 };

    make(weights, 4);
    for (int i = 0; i < 8000; i++)
        cr_assert(choose_with(backend, &choice));

    for (size_t i = 0; i < 4; i++)
        cr_expect(fabs(sessions_of(i) - 1000 * weights[i]) < 30 * weights[i],
                  "weight %u has %.0f sessions", weights[i], sessions_of(i));
}

Test(balance_random, is_not_the_same_for_two_workers)
{
    struct random other = { .state = 2 };
    struct choice elsewhere = { .random = &other };
    int same = 0;

    make(NULL, 100);
    for (int i = 0; i < 100; i++)
        same += choose_with(backend, &choice) == choose_with(backend, &elsewhere);

    cr_expect_lt(same, 20, "%d of 100 choices were the same", same);
}

Test(balance_random, finds_the_only_one_that_may_be_taken)
{
    struct choice late = { .random = &random_source };

    make(NULL, 8);
    for (size_t i = 0; i < 8; i++)
        atomic_store(&backend->servers[i]->maxconn, 1);
    for (size_t i = 0; i < 8; i++)
        cr_expect(choose_with(backend, &choice));
    cr_expect_null(choose_with(backend, &choice));

    server_give(backend->servers[5]);
    cr_expect_eq(choose_with(backend, &choice), backend->servers[5]);

    atomic_store(&backend->servers[2]->maxconn, 0);
    late.tried = ~rotation_bit(backend->servers[2]);
    cr_expect_eq(choose_with(backend, &late), backend->servers[2]);
}

Test(balance_random, spreads_what_it_finds_no_room_for_evenly)
{
    int chosen[4] = { 0 };

    make(NULL, 4);
    atomic_store(&backend->servers[0]->maxconn, 1);
    atomic_store(&backend->servers[0]->sessions.value, 1);
    for (int i = 0; i < 3000; i++) {
        struct server *server = choose_with(backend, &choice);

        cr_assert(server);
        chosen[server->index]++;
        server_give(server);
    }

    for (size_t i = 1; i < 4; i++)
        cr_expect(abs(chosen[i] - 1000) < 200, "%zu came %d times", i, chosen[i]);
}
