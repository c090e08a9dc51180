#include "base/network.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { MANY = 100000 };

static struct network network_of(const char *text)
{
    struct network network = { 0 };

    cr_assert_null(network_parse(text, &network), "%s", text);
    return network;
}

static bool add(struct networks *networks, const char *text)
{
    struct network network = network_of(text);

    return networks_add(networks, &network);
}

static bool remove_from(struct networks *networks, const char *text)
{
    struct network network = network_of(text);

    return networks_remove(networks, &network);
}

static struct endpoint endpoint_at(const char *text)
{
    struct network network = network_of(text);
    struct endpoint endpoint = { .port = 80 };

    memcpy(endpoint.ip, network.ip, sizeof endpoint.ip);
    return endpoint;
}

static void expect_found(const struct networks *networks, const char *text,
                         const char *wanted)
{
    struct endpoint endpoint = endpoint_at(text);
    const struct network *found = networks_find(networks, &endpoint);

    cr_expect_str_eq(found ? network_text(found).chars : "none", wanted, "%s", text);
    cr_expect_eq(networks_hold(networks, &endpoint), found != NULL);
}

Test(networks, finds_the_longest_prefix)
{
    static const char *const texts[] = { "10.0.0.0/8",    "10.1.2.0/24",   "::/0",
                                         "10.1.0.0/16",   "2001:db8::/32", "10.1.2.3",
                                         "0.0.0.0/0",     "2001:db8::1",   "192.0.2.0/25",
                                         "192.0.2.128/25" };
    struct networks *networks = networks_create();

    for (size_t i = 0; i < COUNT(texts); i++)
        cr_expect(add(networks, texts[i]));
    expect_found(networks, "10.1.2.3", "10.1.2.3");
    expect_found(networks, "10.1.2.4", "10.1.2.0/24");
    expect_found(networks, "10.1.3.4", "10.1.0.0/16");
    expect_found(networks, "10.2.3.4", "10.0.0.0/8");
    expect_found(networks, "11.2.3.4", "0.0.0.0/0");
    expect_found(networks, "192.0.2.1", "192.0.2.0/25");
    expect_found(networks, "192.0.2.129", "192.0.2.128/25");
    expect_found(networks, "192.0.3.1", "0.0.0.0/0");
    expect_found(networks, "2001:db8::1", "2001:db8::1");
    expect_found(networks, "2001:db8::2", "2001:db8::/32");
    expect_found(networks, "::1", "::/0");
    networks_destroy(networks);
}

Test(networks, forgets_what_is_removed)
{
    struct networks *networks = networks_create();

    cr_expect(add(networks, "10.0.0.0/8"));
    cr_expect(add(networks, "10.1.0.0/16"));
    cr_expect(add(networks, "10.2.0.0/16"));
    cr_expect_not(remove_from(networks, "10.0.0.0/9"));
    cr_expect_not(remove_from(networks, "10.0.0.0/14"));
    cr_expect_not(remove_from(networks, "::/0"));
    cr_expect_not(remove_from(networks, "10.1.1.1"));
    cr_expect(remove_from(networks, "10.0.0.0/8"));
    cr_expect_not(remove_from(networks, "10.0.0.0/8"));
    expect_found(networks, "10.3.1.1", "none");
    expect_found(networks, "10.1.1.1", "10.1.0.0/16");
    cr_expect(remove_from(networks, "10.1.0.0/16"));
    expect_found(networks, "10.1.1.1", "none");
    expect_found(networks, "10.2.1.1", "10.2.0.0/16");
    cr_expect(remove_from(networks, "10.2.0.0/16"));
    expect_found(networks, "10.2.1.1", "none");
    cr_expect_eq(networks_count(networks), 0);
    networks_destroy(networks);
    networks_destroy(NULL);
}

Test(networks, lists_in_the_order_of_adding)
{
    struct networks *networks = networks_create();

    cr_expect(add(networks, "10.2.0.0/16"));
    cr_expect(add(networks, "::/0"));
    cr_expect(add(networks, "10.1.0.0/16"));
    cr_expect_not(add(networks, "10.2.0.0/16"));
    cr_expect_not(add(networks, "::/0"));
    cr_expect_eq(networks_count(networks), 3);
    cr_expect_str_eq(network_text(networks_at(networks, 0)).chars, "10.2.0.0/16");
    cr_expect(remove_from(networks, "10.2.0.0/16"));
    cr_expect(add(networks, "10.2.0.0/16"));
    cr_expect_str_eq(network_text(networks_at(networks, 0)).chars, "::/0");
    cr_expect_str_eq(network_text(networks_at(networks, 1)).chars, "10.1.0.0/16");
    cr_expect_str_eq(network_text(networks_at(networks, 2)).chars, "10.2.0.0/16");
    networks_destroy(networks);
}

Test(networks, holds_no_UNIX_socket)
{
    struct networks *networks = networks_create();
    struct endpoint endpoint = { .local = true };

    cr_expect(add(networks, "::/0"));
    cr_expect(add(networks, "::"));
    cr_expect_not(networks_hold(networks, &endpoint));
    networks_destroy(networks);
}

Test(networks, copies_are_their_own)
{
    struct networks *networks = networks_create(), *copy;

    cr_expect(add(networks, "10.0.0.0/8"));
    cr_expect(add(networks, "10.1.0.0/16"));
    cr_expect(remove_from(networks, "10.1.0.0/16"));
    copy = networks_copy(networks);
    cr_expect(remove_from(networks, "10.0.0.0/8"));
    cr_expect(add(copy, "192.0.2.0/24"));
    expect_found(copy, "10.0.0.1", "10.0.0.0/8");
    expect_found(networks, "10.0.0.1", "none");
    expect_found(networks, "192.0.2.1", "none");
    networks_destroy(networks);
    expect_found(copy, "192.0.2.1", "192.0.2.0/24");
    cr_expect_eq(networks_count(copy), 2);
    networks_destroy(copy);
}

/* Addresses far apart, of both families, some below others. */
static struct network network_number(uint32_t number)
{
    uint32_t ip = htonl(number * 2654435761U);
    struct network network = { .bits = (uint8_t)(96 + 16 + number % 17) };

    network.ip[10] = network.ip[11] = 0xff;
    memcpy(network.ip + 12, &ip, sizeof ip);
    for (unsigned bit = network.bits; bit < 128; bit++)
        network.ip[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
    if (number % 3 == 0)
        network.ip[0] = 0x20;
    return network;
}

static struct endpoint endpoint_in(const struct network *network)
{
    struct endpoint endpoint = { .port = 80 };

    memcpy(endpoint.ip, network->ip, sizeof endpoint.ip);
    return endpoint;
}

Test(networks, hold_many)
{
    struct networks *networks = networks_create();
    size_t count = 0;

    for (uint32_t i = 0; i < MANY; i++) {
        struct network network = network_number(i);

        count += networks_add(networks, &network);
    }
    cr_expect_gt(count, MANY / 2);
    cr_expect_eq(networks_count(networks), count);
    for (uint32_t i = 0; i < MANY; i++) {
        struct network network = network_number(i);
        struct endpoint endpoint = endpoint_in(&network);
        const struct network *found = networks_find(networks, &endpoint);

        cr_assert(found && network_holds(found, &endpoint));
        cr_assert_geq(found->bits, network.bits);
    }
    while (networks_count(networks)) {
        struct network last = *networks_at(networks, networks_count(networks) - 1);

        cr_assert(networks_remove(networks, &last));
        count--;
    }
    cr_expect_eq(count, 0);
    networks_destroy(networks);
}

/* Against the plainest set there is. */
Test(networks, agree_with_a_list)
{
    enum { NUMBERS = 200 };
    struct networks *networks = networks_create();
    bool is_in[NUMBERS] = { false };
    uint32_t random = 1;

    for (unsigned step = 0; step < 5000; step++) {
        uint32_t number = (random = random * 1664525 + 1013904223) >> 16;
        struct network network = network_number(number % NUMBERS & ~7U);
        struct network sought = network_number((number >> 3) % NUMBERS);
        struct endpoint endpoint = endpoint_in(&sought);
        bool is_held = false;

        number = number % NUMBERS & ~7U;
        if (step % 2)
            cr_assert_eq(networks_add(networks, &network), !is_in[number]);
        else
            cr_assert_eq(networks_remove(networks, &network), is_in[number]);
        is_in[number] = step % 2;
        for (uint32_t i = 0; i < NUMBERS; i++) {
            struct network member = network_number(i);

            is_held |= is_in[i] && network_holds(&member, &endpoint);
        }
        cr_assert_eq(networks_hold(networks, &endpoint), is_held);
    }
    networks_destroy(networks);
}
