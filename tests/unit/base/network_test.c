#include "base/network.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct network network_of(const char *text)
{
    struct network network = { 0 };
    const char *wrong = network_parse(text, &network);

    cr_assert_null(wrong, "%s: %s", text, wrong);
    return network;
}

static struct endpoint endpoint_at(const char *text)
{
    struct address_parts parts;
    char with_port[100] = "unix:/a";

    if (strcmp(text, "unix"))
        (void)snprintf(with_port, sizeof with_port,
                       strchr(text, ':') ? "[%.50s]:1" : "%.50s:1", text);
    cr_assert_null(address_parse(with_port, &parts), "%s", with_port);
    return endpoint_of(&parts.address.as.any);
}

struct spelling {
    const char *text, *again; /* NULL: refused */
};

Test(network, reads_and_writes)
{
    static const struct spelling cases[] = {
        { "10.0.0.0/8", "10.0.0.0/8" },
        { "192.0.2.1", "192.0.2.1" },
        { "192.0.2.1/32", "192.0.2.1" },
        { "0.0.0.0/0", "0.0.0.0/0" },
        { "192.0.2.128/25", "192.0.2.128/25" },
        { "2001:DB8::/32", "2001:db8::/32" },
        { "2001:db8::1", "2001:db8::1" },
        { "2001:db8::1/128", "2001:db8::1" },
        { "::/0", "::/0" },
        { "::1", "::1" },
        { "8000::/1", "8000::/1" },
        { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
          "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
        { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127",
          "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127" },
        { "::ffff:10.0.0.0/104", "10.0.0.0/8" },
        { "::ffff:192.0.2.1", "192.0.2.1" },
        { "::ffff:0:0/96", "0.0.0.0/0" },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct network network = network_of(cases[i].text);

        cr_expect_str_eq(network_text(&network).chars, cases[i].again);
    }
}

Test(network, says_what_is_wrong)
{
    static const struct spelling cases[] = {
        { "", "a network is" },
        { "/8", "a network is" },
        { "localhost", "a network is" },
        { "10.0.0", "a network is" },
        { "10.0.0.0.0/8", "a network is" },
        { "10.0.0.256", "a network is" },
        { "[::1]", "a network is" },
        { "fe80::1%lo", "a network is" },
        { " 10.0.0.0/8", "a network is" },
        { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/8", "a network is" },
        { "10.0.0.0/", "the prefix of an IPv4 network is 0 to 32" },
        { "10.0.0.0/33", "the prefix of an IPv4 network is 0 to 32" },
        { "10.0.0.0/-1", "the prefix of an IPv4 network is 0 to 32" },
        { "10.0.0.0/8/8", "the prefix of an IPv4 network is 0 to 32" },
        { "10.0.0.0/255.0.0.0", "the prefix of an IPv4 network is 0 to 32" },
        { "10.0.0.0/18446744073709551624", "the prefix of an IPv4 network is 0 to 32" },
        { "::/129", "the prefix of an IPv6 network is 0 to 128" },
        { "::/", "the prefix of an IPv6 network is 0 to 128" },
        { "10.1.2.3/8", "the address has bits set behind the prefix" },
        { "10.0.0.1/31", "the address has bits set behind the prefix" },
        { "128.0.0.0/0", "the address has bits set behind the prefix" },
        { "2001:db8::1/64", "the address has bits set behind the prefix" },
        { "::ffff:0:0/90", "the address has bits set behind the prefix" },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct network network;
        const char *wrong = network_parse(cases[i].text, &network);

        cr_assert_not_null(wrong, "%s", cases[i].text);
        cr_expect(!strncmp(wrong, cases[i].again, strlen(cases[i].again)), "%s: %s",
                  cases[i].text, wrong);
    }
}

struct holding {
    const char *network, *address;
    bool holds;
};

static const struct holding holdings[] = {
    { "10.0.0.0/8", "10.255.255.255", true },
    { "10.0.0.0/8", "11.0.0.0", false },
    { "10.0.0.0/8", "9.255.255.255", false },
    { "10.0.0.0/8", "::ffff:10.1.2.3", true },
    { "192.0.2.1", "192.0.2.1", true },
    { "192.0.2.1", "192.0.2.0", false },
    { "192.0.2.0/31", "192.0.2.1", true },
    { "192.0.2.0/31", "192.0.2.2", false },
    { "0.0.0.0/0", "255.255.255.255", true },
    { "0.0.0.0/0", "0.0.0.0", true },
    { "0.0.0.0/0", "::1", false },
    { "0.0.0.0/0", "::", false },
    { "::/0", "2001:db8::1", true },
    { "::/0", "::", true },
    { "::/0", "192.0.2.1", false },
    { "::/1", "192.0.2.1", false },
    { "::/64", "192.0.2.1", false },
    { "::/64", "::2", true },
    { "2001:db8::/32", "2001:db8:ffff::1", true },
    { "2001:db8::/32", "2001:db9::", false },
    { "2001:db8::/33", "2001:db8:7fff::1", true },
    { "2001:db8::/33", "2001:db8:8000::1", false },
    { "::1", "::1", true },
    { "::1", "::", false },
    { "::/0", "unix", false },
    { "::", "unix", false },
};

Test(network, holds_what_is_behind_its_prefix)
{
    for (size_t i = 0; i < COUNT(holdings); i++) {
        const struct holding *holding = &holdings[i];
        struct network network = network_of(holding->network);
        struct endpoint endpoint = endpoint_at(holding->address);
        struct networks *networks = networks_create();

        cr_expect_eq(network_holds(&network, &endpoint), holding->holds, "%s in %s",
                     holding->address, holding->network);
        cr_expect_not(networks_hold(networks, &endpoint));
        cr_expect(networks_add(networks, &network));
        cr_expect_eq(networks_hold(networks, &endpoint), holding->holds, "%s in {%s}",
                     holding->address, holding->network);
        networks_destroy(networks);
    }
}

Test(network, covers_smaller_ones_of_its_family)
{
    static const struct holding cases[] = {
        { "10.0.0.0/8", "10.1.0.0/16", true },   { "10.0.0.0/8", "10.0.0.0/8", true },
        { "10.1.0.0/16", "10.0.0.0/8", false },  { "10.0.0.0/8", "11.0.0.0/16", false },
        { "::/0", "10.0.0.0/8", false },         { "::/0", "::/1", true },
        { "0.0.0.0/0", "2001:db8::/32", false }, { "0.0.0.0/0", "10.0.0.0/8", true },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct network outer = network_of(cases[i].network);
        struct network inner = network_of(cases[i].address);

        cr_expect_eq(network_covers(&outer, &inner), cases[i].holds, "%s in %s",
                     cases[i].address, cases[i].network);
    }
}

Test(network, counts_a_client_by_its_network)
{
    static const struct spelling cases[] = {
        { "192.0.2.1", "192.0.2.1" },
        { "::ffff:192.0.2.1", "192.0.2.1" },
        { "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64" },
        { "::1", "::/64" },
        { "unix", "::" },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct endpoint endpoint = endpoint_at(cases[i].text);
        struct network network = network_of_client(&endpoint);

        cr_expect_str_eq(network_text(&network).chars, cases[i].again);
    }
}
