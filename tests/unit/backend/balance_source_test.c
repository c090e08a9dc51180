#include "servers.h"

enum { CLIENTS = 4000 };

static struct backend *backend;

static void make(const unsigned *weights, size_t count)
{
    backend_destroy(backend);
    backend = make_backend(&balance_source, weights, count);
    publish(backend);
}

static void tear_down(void)
{
    backend_destroy(backend);
}

TestSuite(balance_source, .timeout = 20, .fini = tear_down);

static struct endpoint client_at(const char *text)
{
    struct address_parts parts;

    cr_assert_null(address_parse(text, &parts));
    return endpoint_of(&parts.address.as.any);
}

static struct server *serve(const struct endpoint *client, uint64_t tried)
{
    struct choice choice = { .client = client, .tried = tried };

    return choose_with(backend, &choice);
}

static struct server *serve_number(uint32_t number)
{
    struct endpoint client = { .ip = { [10] = 0xff, [11] = 0xff, [12] = 10 } };

    client.ip[13] = (uint8_t)(number >> 16);
    client.ip[14] = (uint8_t)(number >> 8);
    client.ip[15] = (uint8_t)number;
    return serve(&client, 0);
}

/* Computed apart from usher, from the words of balance_source.c. When this fails, every
 * client of every usher moves to another server. */
Test(balance_source, sends_a_client_where_it_always_did)
{
    static const unsigned weights[] = { 1, 2, 1 };
    static const struct {
        const char *client;
        char server;
    } cases[] = {
        { "10.0.0.1:1", 'b' },
        { "10.0.0.2:1", 'b' },
        { "10.0.0.3:1", 'a' },
        { "10.0.0.169:1", 'b' }, /* beyond the last point of the ring */
        { "192.0.2.1:1", 'b' },
        { "192.0.2.77:1", 'c' },
        { "198.51.100.9:1", 'a' },
        { "203.0.113.200:1", 'a' },
        { "127.0.0.1:1", 'b' },
        { "[::1]:1", 'c' },
        { "[2001:db8::1]:1", 'a' },
        { "[2001:db8::2]:1", 'c' },
        { "[2001:db8:1:2:3:4:5:6]:1", 'b' },
        { "unix:/run/client", 'a' },
    };

    make(weights, 3);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct endpoint client = client_at(cases[i].client);

        cr_expect_eq(serve(&client, 0)->name[0], cases[i].server, "%s", cases[i].client);
    }
}

Test(balance_source, lays_out_a_ring_that_never_changes)
{
    static const unsigned weights[] = { 1, 2, 1 };
    const struct rotation *rotation;

    make(weights, 3);
    rotation = rotation_current(backend);

    cr_assert_eq(rotation->slot_count, 256);
    cr_expect_eq(rotation->points[0], 0x009ad6d1b514b004);
    cr_expect_eq(rotation->points[255], 0xffa5650297383a6a);
    for (size_t i = 1; i < 256; i++)
        cr_expect_gt(rotation->points[i], rotation->points[i - 1]);
}

Test(balance_source, takes_a_mapped_address_for_the_one_it_maps)
{
    static const char *const pairs[][2] = {
        { "192.0.2.1:1", "[::ffff:192.0.2.1]:1" },
        { "192.0.2.77:1", "[::ffff:192.0.2.77]:1" },
        { "203.0.113.200:1", "[::ffff:203.0.113.200]:1" },
    };

    make(NULL, 20);
    for (size_t i = 0; i < COUNT(pairs); i++) {
        struct endpoint plain = client_at(pairs[i][0]), mapped = client_at(pairs[i][1]);

        cr_expect_eq(serve(&plain, 0), serve(&mapped, 0), "%s", pairs[i][0]);
    }
}

Test(balance_source, does_not_care_about_the_client_s_port)
{
    make(NULL, 20);
    for (int i = 1; i < 100; i++) {
        struct endpoint one = client_at("192.0.2.1:1"), other = one;

        other.port = (uint16_t)(i * 601);
        cr_expect_eq(serve(&one, 0), serve(&other, 0));
    }
}

static void note_servers(struct server **served)
{
    for (uint32_t i = 0; i < CLIENTS; i++)
        served[i] = serve_number(i);
}

Test(balance_source, moves_only_the_clients_of_a_server_that_goes)
{
    static struct server *before[CLIENTS];
    struct server *gone;
    int moved = 0;

    make(NULL, 10);
    note_servers(before);
    gone = backend->servers[3];
    gone->will = WILL_DRAIN;
    publish(backend);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        struct server *now = serve_number(i);

        cr_assert_neq(now, gone);
        cr_assert(now == before[i] || before[i] == gone, "client %u moved", i);
        moved += now != before[i];
    }
    cr_expect(moved > CLIENTS / 20 && moved < CLIENTS / 5, "%d moved", moved);

    gone->will = 0;
    publish(backend);
    for (uint32_t i = 0; i < CLIENTS; i++)
        cr_assert_eq(serve_number(i), before[i], "client %u did not come back", i);
}

/* The file has more points than fit, all but one of its servers have not. */
Test(balance_source, moves_nobody_else_when_the_points_were_too_many)
{
    static struct server *before[CLIENTS];
    unsigned weights[17];
    struct server *gone;

    for (size_t i = 0; i < COUNT(weights); i++)
        weights[i] = SERVER_WEIGHT_MOST;
    make(weights, COUNT(weights));
    note_servers(before);
    gone = backend->servers[16];
    gone->will = WILL_DRAIN;
    publish(backend);

    for (uint32_t i = 0; i < CLIENTS; i++)
        cr_assert(serve_number(i) == before[i] || before[i] == gone, "client %u moved",
                  i);
}

Test(balance_source, moves_clients_only_to_a_server_that_is_new)
{
    static struct server *before[CLIENTS];
    struct server *next;
    int moved = 0;

    make(NULL, 9);
    note_servers(before);
    next = add_server(backend, "next", 1);
    publish(backend);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        struct server *now = serve_number(i);

        cr_assert(now == before[i] || now == next, "client %u moved", i);
        moved += now == next;
    }

    cr_expect(moved > CLIENTS / 20 && moved < CLIENTS / 5, "%d moved", moved);
}

/* Who starts slowly takes clients from others step by step, and nobody else moves. */
Test(balance_source, moves_clients_only_to_a_server_whose_weight_grows)
{
    static struct server *before[CLIENTS];
    struct server *slow;
    int had = 0;

    make(NULL, 5);
    slow = backend->servers[2];
    for (unsigned percent = 5; percent <= 100; percent += 5) {
        int has = 0;

        server_set_ramp(slow, percent);
        publish(backend);
        for (uint32_t i = 0; i < CLIENTS; i++) {
            struct server *now = serve_number(i);

            cr_assert(percent == 5 || now == before[i] || now == slow, "client %u moved",
                      i);
            before[i] = now;
            has += now == slow;
        }
        cr_expect_geq(has, had);
        had = has;
    }
    cr_expect_eq(rotation_current(backend)->slot_count, 5 * 64);
}

Test(balance_source, does_not_care_about_order_or_addresses)
{
    static struct server *before[CLIENTS];
    struct server *first;

    make(NULL, 5);
    note_servers(before);
    first = backend->servers[0];
    backend->servers[0] = backend->servers[4];
    backend->servers[4] = first;
    address_set_port((struct address *)(uintptr_t)server_address(first), 4711);
    publish(backend);

    for (uint32_t i = 0; i < CLIENTS; i++)
        cr_assert_eq(serve_number(i), before[i], "client %u moved", i);
}

Test(balance_source, gives_each_server_clients_by_its_weight)
{
    static const unsigned weights[] = { 10, 10, 20, 40 };

    make(weights, 4);
    for (uint32_t i = 0; i < CLIENTS; i++)
        (void)serve_number(i);

    for (size_t i = 0; i < 4; i++) {
        unsigned share = CLIENTS * weights[i] / 80;
        unsigned sessions = gauge_read(&backend->servers[i]->sessions);

        cr_expect(sessions > share * 3 / 4 && sessions < share * 5 / 4,
                  "weight %u has %u clients", weights[i], sessions);
    }
}

Test(balance_source, goes_on_along_the_ring_when_a_server_may_not_be_taken)
{
    struct endpoint client = client_at("192.0.2.1:1");
    struct server *first, *second;

    make(NULL, 5);
    first = serve(&client, 0);
    second = serve(&client, rotation_bit(first));
    cr_expect_neq(second, first);

    first->will = WILL_DRAIN;
    publish(backend);
    cr_expect_eq(serve(&client, 0), second);
    atomic_store(&second->maxconn, 1);
    cr_expect_neq(serve(&client, 0), second);
    cr_expect_null(serve(&client, UINT64_MAX));
}

Test(balance_source, has_a_ring_with_room_for_thousands_of_any_weight)
{
    static unsigned weights[5000];
    static size_t points[5000];
    const struct rotation *rotation;

    for (unsigned i = 0; i < 5000; i++)
        weights[i] = i % SERVER_WEIGHT_MOST + 1;
    make(weights, 5000);
    rotation = rotation_current(backend);

    cr_expect_leq(rotation->slot_count, ROTATION_SLOTS);
    for (size_t i = 0; i < rotation->slot_count; i++)
        points[rotation->slots[i]]++;
    for (size_t i = 0; i < 5000; i++)
        cr_assert_geq(points[i], 1, "server %zu is never chosen", i);
}
