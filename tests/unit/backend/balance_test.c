#include "servers.h"

#include <math.h>

/* What balance.c asks of servers is counted: it is built in here. */
static size_t looks, steps;
static bool nobody_has_room;

static bool counted_take(struct server *server)
{
    looks++;
    return !nobody_has_room && server_take(server);
}

static uint64_t counted_bit(const struct server *server)
{
    steps++;
    return rotation_bit(server);
}

#define server_take counted_take
#define rotation_bit counted_bit
#include "backend/balance.c"
#undef rotation_bit
#undef server_take

enum { MANY = 5000, MOST = 32 };

static struct backend *backend;

static void tear_down(void)
{
    backend_destroy(backend);
}

TestSuite(balance, .timeout = 20, .fini = tear_down);

static const struct rotation *spread(const unsigned *weights, size_t count)
{
    backend_destroy(backend);
    backend = make_backend(&balance_roundrobin, weights, count);
    publish(backend);
    return rotation_current(backend);
}

static size_t slots_of(const struct rotation *rotation, size_t server)
{
    size_t slots = 0;

    for (size_t i = 0; i < rotation->slot_count; i++)
        slots += rotation->slots[i] == server;
    return slots;
}

/* Lists of weights end with 0. */
static size_t length(const unsigned *weights)
{
    size_t count = 0;

    while (weights[count])
        count++;
    return count;
}

static size_t sum(const unsigned *numbers)
{
    size_t sum = 0;

    while (*numbers)
        sum += *numbers++;
    return sum;
}

Test(balance, spreads_servers_exactly_by_weight_over_the_shortest_cycle)
{
    static const struct {
        unsigned weights[MOST], slots[MOST];
    } cases[] = {
        { { 1, 2, 3 }, { 1, 2, 3 } },
        { { 1 }, { 1 } },
        { { 256 }, { 1 } },
        { { 256, 256, 256 }, { 1, 1, 1 } },
        { { 2, 4, 6 }, { 1, 2, 3 } },
        { { 10, 25, 5 }, { 2, 5, 1 } },
        { { 256, 128, 64 }, { 4, 2, 1 } },
        { { 256, 255 }, { 256, 255 } },
        { { 1, 256 }, { 1, 256 } },
        { { 7, 11, 13 }, { 7, 11, 13 } },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t count = length(cases[i].weights);
        const struct rotation *rotation = spread(cases[i].weights, count);

        cr_expect_eq(rotation->slot_count, sum(cases[i].slots), "case %zu", i);
        for (size_t k = 0; k < count; k++)
            cr_expect_eq(slots_of(rotation, k), cases[i].slots[k],
                         "case %zu: server %zu has %zu slots", i, k,
                         slots_of(rotation, k));
    }
}

/* The most that any stretch of turns, also across the end of the cycle, gives a server
 * beyond its share or keeps from it. */
static double worst_deviation(const struct rotation *rotation, size_t server)
{
    size_t all = rotation->slot_count;
    double share = (double)slots_of(rotation, server) / (double)all, worst = 0;

    for (size_t begin = 0; begin < all; begin++) {
        size_t came = 0;

        for (size_t length = 1; length <= all; length++) {
            came += rotation->slots[(begin + length - 1) % all] == server;
            worst = fmax(worst, fabs((double)came - share * (double)length));
        }
    }
    return worst;
}

/* Who is never a whole turn ahead or behind deviates by less than two over a stretch. */
static void expect_smooth(const unsigned *weights)
{
    size_t count = length(weights);
    const struct rotation *rotation = spread(weights, count);

    for (size_t i = 0; i < count; i++)
        cr_expect_lt(worst_deviation(rotation, i), 2,
                     "weights %u %u ...: server %zu is %.2f turns off", weights[0],
                     weights[1], i, worst_deviation(rotation, i));
}

Test(balance, spreads_servers_smoothly)
{
    static const unsigned cases[][MOST] = {
        { 1, 2, 3 },       { 3, 2, 1 },    { 5, 1, 1 },    { 1, 1, 1, 1, 1 },
        { 4, 2 },          { 10, 1 },      { 100, 1 },     { 7, 11, 13 },
        { 50, 30, 20, 5 }, { 64, 32, 16 }, { 2, 2, 2, 3 },
    };

    for (size_t i = 0; i < COUNT(cases); i++)
        expect_smooth(cases[i]);
}

Test(balance, mixes_many_light_servers_among_a_heavy_one)
{
    static const unsigned cases[][MOST] = {
        { 4, 1, 1, 1, 1 },
        { 10, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
        { 1, 1, 1, 1, 1, 1, 1, 1, 8, 8 },
    };

    for (size_t i = 0; i < COUNT(cases); i++)
        expect_smooth(cases[i]);
}

Test(balance, is_smooth_whatever_the_weights)
{
    struct random random = { .state = 1 };

    for (int round = 0; round < 100; round++) {
        unsigned weights[MOST] = { 0 };
        size_t count = 2 + random_below(&random, 6);

        for (size_t i = 0; i < count; i++)
            weights[i] = 1 + random_below(&random, 20);
        expect_smooth(weights);
    }
}

Test(balance, bounds_the_slots_of_thousands)
{
    unsigned weights[MANY];
    const struct rotation *rotation;
    size_t slots[MANY] = { 0 };
    double per_weight;

    for (unsigned i = 0; i < MANY; i++)
        weights[i] = i % SERVER_WEIGHT_MOST + 1;
    rotation = spread(weights, MANY);

    cr_expect_leq(rotation->slot_count, ROTATION_SLOTS);
    for (size_t i = 0; i < rotation->slot_count; i++)
        slots[rotation->slots[i]]++;
    per_weight = (double)slots[255] / 256;
    for (size_t i = 0; i < MANY; i++) {
        cr_assert_geq(slots[i], 1, "server %zu is never chosen", i);
        cr_assert(fabs((double)slots[i] - weights[i] * per_weight) <= 1,
                  "weight %u has %zu slots", weights[i], slots[i]);
    }
}

Test(balance, needs_one_slot_each_for_thousands_of_equals)
{
    const struct rotation *rotation = spread(NULL, MANY);

    cr_expect_eq(rotation->slot_count, MANY);
    for (uint32_t i = 0; i < MANY; i++)
        cr_assert_eq(rotation->slots[i], i);
}

Test(balance, goes_by_the_weight_in_force_not_the_configured_one)
{
    static const unsigned weights[] = { 1, 1 };

    (void)spread(weights, 2);
    server_set_weight(backend->servers[1], 3);
    publish(backend);

    cr_expect_eq(rotation_current(backend)->slot_count, 4);
    cr_expect_eq(slots_of(rotation_current(backend), 1), 3);
}

Test(balance, accepts_who_has_room_and_was_not_tried)
{
    struct choice choice = { .tried = 0 };
    struct server *server;

    (void)spread(NULL, 2);
    server = backend->servers[1];
    atomic_store(&server->maxconn, 1);

    choice.tried = rotation_bit(server);
    cr_expect_not(balance_accept(server, &choice));
    cr_expect_eq(gauge_read(&server->sessions), 0);

    choice.tried = rotation_bit(backend->servers[0]);
    cr_expect(balance_accept(server, &choice));
    cr_expect_eq(gauge_read(&server->sessions), 1);
    cr_expect_not(balance_accept(server, &choice));
    cr_expect_eq(gauge_read(&server->sessions), 1);
}

static const struct balancer *const walkers[] = { &balance_roundrobin, &balance_source };

static bool choose_once(void)
{
    static struct endpoint client;
    struct choice choice = { .client = &client };

    client.ip[0]++;
    looks = steps = 0;
    return choose_with(backend, &choice) != NULL;
}

static void make_full(const struct balancer *balancer, const unsigned *weights,
                      size_t count)
{
    backend_destroy(backend);
    backend = make_backend(balancer, weights, count);
    publish(backend);
    nobody_has_room = true;
}

Test(balance, looks_at_one_server_of_thousands_when_that_has_room)
{
    for (size_t i = 0; i < COUNT(walkers); i++) {
        make_full(walkers[i], NULL, MANY);
        nobody_has_room = false;
        for (int k = 0; k < 100; k++) {
            cr_expect(choose_once());
            cr_expect_eq(looks, 1, "%s looked at %zu", walkers[i]->name, looks);
        }
    }
}

Test(balance, looks_at_each_server_once_when_nobody_has_room)
{
    static const unsigned weights[] = { 256, 255, 1 };

    for (size_t i = 0; i < COUNT(walkers); i++) {
        make_full(walkers[i], weights, 3);
        cr_expect_not(choose_once());
        cr_expect_eq(looks, 3, "%s looked %zu times", walkers[i]->name, looks);
    }
}

/* Servers have many slots: to find nobody must not cost a walk over all of them. */
Test(balance, walks_over_servers_not_slots_when_nobody_has_room)
{
    static unsigned weights[MANY];

    for (unsigned i = 0; i < MANY; i++)
        weights[i] = i % SERVER_WEIGHT_MOST + 1;
    for (size_t i = 0; i < COUNT(walkers); i++) {
        make_full(walkers[i], weights, MANY);
        cr_expect_not(choose_once());
        cr_expect(looks >= MANY && looks <= 2 * MANY, "%s looked %zu times",
                  walkers[i]->name, looks);
        cr_expect_leq(steps, 2 * MANY, "%s took %zu steps", walkers[i]->name, steps);
    }
}

/* Bits tell few servers apart: the one with room has the same bit as others without. */
Test(balance, finds_the_only_one_of_thousands_that_has_room)
{
    for (size_t i = 0; i < COUNT(walkers); i++) {
        make_full(walkers[i], NULL, 1000);
        nobody_has_room = false;
        for (size_t k = 0; k < 1000; k++) {
            atomic_store(&backend->servers[k]->maxconn, 1);
            cr_assert(k == 777 || server_take(backend->servers[k]));
        }
        cr_expect(choose_once(), "%s found nobody", walkers[i]->name);
        cr_expect_eq(gauge_read(&backend->servers[777]->sessions), 1);
        cr_expect_not(choose_once());
    }
}

Test(balance, spreads_shares_of_weights_over_the_shortest_cycle)
{
    static const unsigned weights[] = { 1, 1, 2 };
    const struct rotation *rotation;

    (void)spread(weights, 3);
    server_set_ramp(backend->servers[1], 5);
    publish(backend);
    rotation = rotation_current(backend);
    cr_expect_eq(rotation->slot_count, 20 + 1 + 40);
    cr_expect_eq(slots_of(rotation, 1), 1);

    server_set_ramp(backend->servers[1], 50);
    publish(backend);
    cr_expect_eq(rotation_current(backend)->slot_count, 2 + 1 + 4);
}

Test(balance, needs_no_more_slots_when_all_start_slowly)
{
    (void)spread(NULL, 3);
    for (size_t i = 0; i < 3; i++)
        server_set_ramp(backend->servers[i], 15);
    publish(backend);

    cr_expect_eq(rotation_current(backend)->slot_count, 3);
}
