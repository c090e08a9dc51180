#include "proxy/route.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool fits(const struct route_condition *condition, const struct route_facts *facts)
{
    struct route_condition copy = *condition;
    struct route_settings route = { .condition_count = 1, .conditions = &copy };

    return route_fits(&route, facts);
}

static struct endpoint client_at(const char *ip)
{
    struct sockaddr_in6 ip6 = { .sin6_family = AF_INET6 };
    struct sockaddr_in ip4 = { .sin_family = AF_INET };

    if (inet_pton(AF_INET, ip, &ip4.sin_addr) == 1)
        return endpoint_of((const void *)&ip4);
    cr_assert_eq(inet_pton(AF_INET6, ip, &ip6.sin6_addr), 1);
    return endpoint_of((const void *)&ip6);
}

Test(route, fits_by_name)
{
    static const struct {
        const char *wanted, *name;
        bool fits;
    } cases[] = {
        { "example.com", "example.com", true },
        { "example.com", "www.example.com", false },
        { "example.com", "example.co", false },
        { "example.com", "", false },
        { "*.example.com", "www.example.com", true },
        { "*.example.com", "a.b.example.com", false },
        { "*.example.com", "example.com", false },
        { "*.example.com", ".example.com", false },
        { "*.example.com", "wwwexample.com", false },
        { "*.example.com", "www.example.com.evil", false },
        { "*.example.com", "*.example.com", true },
        { "*.com", "com", false },
        { "*.example.com", "", false },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct route_condition condition = { .kind = ROUTE_NAME,
                                             .text = cases[i].wanted };
        struct route_facts facts = { .is_tls = true, .name = cases[i].name, .alpn = "" };

        cr_expect_eq(fits(&condition, &facts), cases[i].fits, "%s for %s",
                     cases[i].wanted, cases[i].name);
    }
}

Test(route, tells_no_name_from_no_tls)
{
    static const struct {
        bool is_tls;
        const char *name;
        bool fits_no_name, fits_no_tls;
    } cases[] = {
        { true, "", true, false },
        { true, "example.com", false, false },
        { false, "", false, true },
    };
    struct route_condition no_name = { .kind = ROUTE_NO_NAME, .text = "no-name" };
    struct route_condition no_tls = { .kind = ROUTE_NO_TLS, .text = "no-tls" };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct route_facts facts = { .is_tls = cases[i].is_tls,
                                     .name = cases[i].name,
                                     .alpn = "" };

        cr_expect_eq(fits(&no_name, &facts), cases[i].fits_no_name, "case %zu", i);
        cr_expect_eq(fits(&no_tls, &facts), cases[i].fits_no_tls, "case %zu", i);
    }
}

Test(route, fits_by_protocol)
{
    static const struct {
        const char *wanted, *offered;
        bool fits;
    } cases[] = {
        { "h2", "h2", true },
        { "h2", "http/1.1,h2", true },
        { "h2", "h2,http/1.1", true },
        { "h2", "a,h2,b", true },
        { "h2", "", false },
        { "h2", "h2c", false },
        { "h2", "h", false },
        { "h2", "H2", false },
        { "h2", "a,h2c,xh2", false },
        { "http/1.1", "h2,http/1.1", true },
        { "http/1.1", "http/1.0,http/1", false },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct route_condition condition = { .kind = ROUTE_ALPN,
                                             .text = cases[i].wanted };
        struct route_facts facts = { .is_tls = true,
                                     .name = "",
                                     .alpn = cases[i].offered };

        cr_expect_eq(fits(&condition, &facts), cases[i].fits, "%s in %s", cases[i].wanted,
                     cases[i].offered);
    }
}

Test(route, fits_by_network)
{
    static const struct {
        const char *network, *client;
        bool fits;
    } cases[] = {
        { "10.0.0.0/8", "10.255.0.1", true },      { "10.0.0.0/8", "11.0.0.1", false },
        { "192.0.2.1", "192.0.2.1", true },        { "192.0.2.1", "192.0.2.2", false },
        { "2001:db8::/32", "2001:db8::1", true },  { "2001:db8::/32", "10.0.0.1", false },
        { "10.0.0.0/8", "::ffff:10.0.0.1", true },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct route_condition condition = { .kind = ROUTE_NETWORK };
        struct endpoint client = client_at(cases[i].client);
        struct route_facts facts = { .client = &client, .name = "", .alpn = "" };

        cr_assert_null(network_parse(cases[i].network, &condition.network));
        cr_expect_eq(fits(&condition, &facts), cases[i].fits, "%s in %s", cases[i].client,
                     cases[i].network);
    }
}

Test(route, never_takes_a_local_client_for_one_of_a_network)
{
    struct endpoint client = { .local = true };
    struct route_facts facts = { .client = &client, .name = "", .alpn = "" };
    struct route_condition condition = { .kind = ROUTE_NETWORK };

    cr_assert_null(network_parse("10.0.0.0/8", &condition.network));
    cr_expect_not(fits(&condition, &facts));
}

/* 10% to one, 20% to the next, 70% to the last: every draw has one of them. */
Test(route, splits_all_clients_by_share)
{
    const struct route_condition shares[] = {
        { .kind = ROUTE_SHARE, .percent = 10, .share_begin = 0 },
        { .kind = ROUTE_SHARE, .percent = 20, .share_begin = 10 },
        { .kind = ROUTE_SHARE, .percent = 70, .share_begin = 30 },
    };
    unsigned taken[COUNT(shares)] = { 0 };

    for (unsigned draw = 0; draw < 100; draw++) {
        struct route_facts facts = { .name = "", .alpn = "", .draw = draw };
        unsigned fitting = 0;

        for (size_t i = 0; i < COUNT(shares); i++) {
            bool is_taken = fits(&shares[i], &facts);

            taken[i] += is_taken;
            fitting += is_taken;
        }
        cr_expect_eq(fitting, 1, "draw %u", draw);
    }
    for (size_t i = 0; i < COUNT(shares); i++)
        cr_expect_eq(taken[i], shares[i].percent);
}

Test(route, fits_when_one_of_its_conditions_does)
{
    struct route_condition conditions[] = {
        { .kind = ROUTE_NAME, .text = "a.example" },
        { .kind = ROUTE_ALPN, .text = "h2" },
    };
    struct route_settings route = { .condition_count = 2, .conditions = conditions };
    struct route_facts both = { .is_tls = true, .name = "a.example", .alpn = "h2" };
    struct route_facts last = { .is_tls = true, .name = "b.example", .alpn = "h2" };
    struct route_facts none = { .is_tls = true, .name = "b.example", .alpn = "" };

    cr_expect(route_fits(&route, &both));
    cr_expect(route_fits(&route, &last));
    cr_expect_not(route_fits(&route, &none));
}

Test(route, needs_the_greeting_for_what_only_it_tells)
{
    static const struct {
        enum route_kind kind;
        bool needs;
    } cases[] = {
        { ROUTE_NAME, true }, { ROUTE_NO_NAME, true },  { ROUTE_NO_TLS, true },
        { ROUTE_ALPN, true }, { ROUTE_NETWORK, false }, { ROUTE_SHARE, false },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct route_condition share = { .kind = ROUTE_SHARE, .percent = 1 };
        struct route_condition condition = { .kind = cases[i].kind, .text = "x" };
        struct route_settings routes[] = {
            { .condition_count = 1, .conditions = &share },
            { .condition_count = 1, .conditions = &condition },
        };

        cr_expect_eq(route_needs_greeting(routes, 2), cases[i].needs, "case %zu", i);
        cr_expect_not(route_needs_greeting(routes, 1));
    }
    cr_expect_not(route_needs_greeting(NULL, 0));
}
