#include "config/condition.h"

#include "base/arena.h"
#include "proxy/route.h"

#include <criterion/criterion.h>

static struct arena *arena;

static void set_up(void)
{
    arena = arena_create();
}

static void tear_down(void)
{
    arena_destroy(arena);
}

TestSuite(condition, .init = set_up, .fini = tear_down);

Test(condition, is_known_by_its_shape)
{
    static const struct {
        const char *text;
        enum route_kind kind;
        const char *kept;
    } cases[] = {
        { "example.com", ROUTE_NAME, "example.com" },
        { "EXAMPLE.Com.", ROUTE_NAME, "example.com" },
        { "*.Example.com", ROUTE_NAME, "*.example.com" },
        { "*.com", ROUTE_NAME, "*.com" },
        { "localhost", ROUTE_NAME, "localhost" },
        { "xn--bcher-kva.example", ROUTE_NAME, "xn--bcher-kva.example" },
        { "_sip.3com.example", ROUTE_NAME, "_sip.3com.example" },
        { "no-name.example.com", ROUTE_NAME, "no-name.example.com" },
        { "no-name", ROUTE_NO_NAME, "no-name" },
        { "no-tls", ROUTE_NO_TLS, "no-tls" },
        { "alpn:h2", ROUTE_ALPN, "h2" },
        { "alpn:http/1.1", ROUTE_ALPN, "http/1.1" },
        { "10.0.0.0/8", ROUTE_NETWORK, "10.0.0.0/8" },
        { "192.0.2.1", ROUTE_NETWORK, "192.0.2.1" },
        { "2001:db8::/32", ROUTE_NETWORK, "2001:db8::/32" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct route_condition condition = { .kind = ROUTE_SHARE };
        const char *wrong = condition_read(cases[i].text, &condition, arena);

        cr_expect_null(wrong, "%s: %s", cases[i].text, wrong);
        cr_expect_eq(condition.kind, cases[i].kind, "%s", cases[i].text);
        cr_expect_str_eq(condition.text, cases[i].kept);
        cr_expect_eq(condition.percent, 0);
    }
}

Test(condition, may_be_a_share_of_all_clients)
{
    static const struct {
        const char *text;
        unsigned percent;
    } cases[] = { { "1%", 1 }, { "50%", 50 }, { "100%", 100 } };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct route_condition condition = { .percent = 0 };

        cr_expect_null(condition_read(cases[i].text, &condition, arena));
        cr_expect_eq(condition.kind, ROUTE_SHARE);
        cr_expect_eq(condition.percent, cases[i].percent);
    }
}

#define LONG_LABEL "a123456789012345678901234567890123456789012345678901234567890123"

Test(condition, says_what_is_wrong)
{
    static const char a_name[] = "a name is expected, such as example.com or "
                                 "*.example.com";
    static const char a_star[] = "a * stands for the whole first part of a name, as in "
                                 "*.example.com";
    static const char a_share[] = "a share must be 1% to 100%";
    static const char a_network[] =
        "a network is an IPv4 or IPv6 address, and may have a "
        "prefix: 10.0.0.0/8";
    static const struct {
        const char *text, *wrong;
    } cases[] = {
        { "0%", a_share },
        { "101%", a_share },
        { "x%", a_share },
        { "%", a_share },
        { "1.5%", a_share },
        { "-1%", a_share },
        { "99999999999999999999%", a_share },
        { "alpn:", "one protocol is expected, as in alpn:h2" },
        { "alpn:h2,h3", "one protocol is expected, as in alpn:h2" },
        { "example.com:443", a_network },
        { "1.2.3", a_network },
        { "10.0.0.0/33", "the prefix of an IPv4 network is 0 to 32" },
        { "10.1.2.3/8",
          "the address has bits set behind the prefix: 10.0.0.0/8, not 10.1.2.3/8" },
        { "*", a_star },
        { "*example.com", a_star },
        { "www.*.com", a_star },
        { "*.*.com", a_star },
        { "*.", a_star },
        { ".example.com", a_name },
        { "example..com", a_name },
        { "example.com..", a_name },
        { "b\xc3\xbc"
          "cher.example",
          a_name },
        { "->", a_name },
        { LONG_LABEL ".example", a_name },
        { "nn-name", "did you mean \"no-name\"?" },
        { "notls", "did you mean \"no-tls\"?" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct route_condition condition = { .percent = 0 };
        const char *wrong = condition_read(cases[i].text, &condition, arena);

        cr_assert(wrong, "%s", cases[i].text);
        cr_expect_str_eq(wrong, cases[i].wrong, "%s: %s", cases[i].text, wrong);
    }
}

Test(condition, is_the_same_however_it_is_written)
{
    static const struct {
        const char *one, *other;
        bool is_same;
    } cases[] = {
        { "example.com", "Example.COM.", true },
        { "example.com", "*.example.com", false },
        { "example.com", "alpn:example.com", false },
        { "no-name", "no-name", true },
        { "no-name", "no-tls", false },
        { "alpn:h2", "alpn:h2", true },
        { "alpn:h2", "alpn:H2", false },
        { "192.0.2.1", "192.0.2.1/32", true },
        { "2001:DB8::/32", "2001:db8:0::/32", true },
        { "10.0.0.0/8", "10.0.0.0/9", false },
        { "10%", "10%", false },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct route_condition one = { .percent = 0 }, other = { .percent = 0 };

        cr_assert_null(condition_read(cases[i].one, &one, arena));
        cr_assert_null(condition_read(cases[i].other, &other, arena));
        cr_expect_eq(condition_is_same(&one, &other), cases[i].is_same, "%s and %s",
                     cases[i].one, cases[i].other);
    }
}
