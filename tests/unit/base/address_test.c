#include "base/address.h"
#include "base/endpoint.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <net/if.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define LABEL60 "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwx"
#define PATH107                                                                          \
    "/345678901234567890123456789012345678901234567890123456789012345678901234567890123" \
    "4567890123456789012345678"

static struct address address_of(const char *text)
{
    struct address_parts parts;

    cr_assert_null(address_parse(text, &parts), "%s", text);
    cr_assert_eq(parts.kind, ADDRESS_NUMERIC, "%s", text);
    return parts.address;
}

Test(address, reads_what_is_numeric_and_writes_it_again)
{
    static const struct {
        const char *text, *again, *host;
        int family;
        uint16_t port;
    } cases[] = {
        { "127.0.0.1:80", "127.0.0.1:80", "127.0.0.1", AF_INET, 80 },
        { "0.0.0.0:80", "0.0.0.0:80", "0.0.0.0", AF_INET, 80 },
        { "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1", AF_INET, 0 },
        { "127.0.0.1:65535", "127.0.0.1:65535", "127.0.0.1", AF_INET, 65535 },
        { "[::1]:80", "[::1]:80", "::1", AF_INET6, 80 },
        { "[0:0:0:0:0:0:0:1]:80", "[::1]:80", "::1", AF_INET6, 80 },
        { "[::ffff:1.2.3.4]:5", "[::ffff:1.2.3.4]:5", "::ffff:1.2.3.4", AF_INET6, 5 },
        { ":80", "[::]:80", "::", AF_INET6, 80 },
        { "*:80", "[::]:80", "::", AF_INET6, 80 },
        { "unix:/run/usher.sock", "unix:/run/usher.sock", "/run/usher.sock", AF_UNIX, 0 },
        { "unix:/a:b", "unix:/a:b", "/a:b", AF_UNIX, 0 },
        { "unix:@usher", "unix:@usher", "@usher", AF_UNIX, 0 },
        { "unix:" PATH107, "unix:" PATH107, PATH107, AF_UNIX, 0 },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct address address = address_of(cases[i].text);

        cr_expect_eq(address.as.any.sa_family, cases[i].family, "%s", cases[i].text);
        cr_expect_eq(address_port(&address), cases[i].port, "%s", cases[i].text);
        cr_expect_str_eq(address_text(&address).chars, cases[i].again);
        cr_expect_str_eq(address_host(&address).chars, cases[i].host);
    }
}

Test(address, reads_a_name_and_leaves_it_to_dns)
{
    static const struct {
        const char *text, *host;
        uint16_t port;
    } cases[] = {
        { "db.example:5432", "db.example", 5432 },
        { "localhost:80", "localhost", 80 },
        { "a-b_c.d.:1", "a-b_c.d.", 1 },
        { "_sip.example:0", "_sip.example", 0 },
        { "3com.example:80", "3com.example", 80 },
        { "unixhost:80", "unixhost", 80 },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct address_parts parts;

        cr_assert_null(address_parse(cases[i].text, &parts), "%s", cases[i].text);
        cr_expect_eq(parts.kind, ADDRESS_NAME, "%s", cases[i].text);
        cr_expect_str_eq(parts.host, cases[i].host);
        cr_expect_eq(parts.port, cases[i].port);
        cr_expect_eq(parts.address.length, 0);
        cr_expect_eq(parts.fd, -1);
    }
}

Test(address, reads_a_descriptor)
{
    struct address_parts parts;

    cr_assert_null(address_parse("fd@3", &parts));
    cr_expect_eq(parts.kind, ADDRESS_DESCRIPTOR);
    cr_expect_eq(parts.fd, 3);
}

Test(address, tells_what_to_write_instead)
{
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        { "", "a port is missing: write HOST:PORT" },
        { "localhost", "a port is missing: write HOST:PORT" },
        { "localhost:", "a port is missing: write HOST:PORT" },
        { "127.0.0.1", "a port is missing: write HOST:PORT" },
        { "8080", "a colon is missing: write :PORT for a port of every address" },
        { ":65536", "the port must be 0 to 65535" },
        { ":-1", "the port must be 0 to 65535" },
        { ":80x", "the port must be 0 to 65535" },
        { "[::1]:http", "the port must be 0 to 65535" },
        { "::1:80", "an IPv6 address goes into brackets: [::1]:80" },
        { "::1", "an IPv6 address goes into brackets: [::1]:80" },
        { "[::1", "a closing bracket is missing: write [::1]:80" },
        { "[::1]", "a port is missing: write [::1]:80" },
        { "[::1]80", "a port is missing: write [::1]:80" },
        { "[127.0.0.1]:80", "what is in brackets must be an IPv6 address: [::1]:80" },
        { "[]:80", "what is in brackets must be an IPv6 address: [::1]:80" },
        { "[" PATH107 "]:80", "what is in brackets must be an IPv6 address: [::1]:80" },
        { "[fe80::1%nowhere9]:80", "there is no network interface of the name after %" },
        { "[fe80::1%]:80", "there is no network interface of the name after %" },
        { "256.0.0.1:80",
          "an IPv4 address has four numbers from 0 to 255: 127.0.0.1:80" },
        { "10.1:80", "an IPv4 address has four numbers from 0 to 255: 127.0.0.1:80" },
        { "my host:80",
          "a host name has only letters, digits, hyphens, dots and underscores" },
        { "http://web:80", "an IPv6 address goes into brackets: [::1]:80" },
        { "a..b:80", "a host name has nothing between two dots" },
        { ".example:80", "a host name has nothing between two dots" },
        { "-x:80", "a host name does not begin with a hyphen" },
        { LABEL60 "abcd.example:80",
          "a part of the host name is longer than 63 characters" },
        { LABEL60 "." LABEL60 "." LABEL60 "." LABEL60 "." LABEL60 ":80",
          "a host name is longer than 253 characters" },
        { "unix:", "a UNIX socket is written unix:/path or unix:@name" },
        { "unix:/", "a UNIX socket is written unix:/path or unix:@name" },
        { "unix:@", "a UNIX socket is written unix:/path or unix:@name" },
        { "unix:usher.sock", "a UNIX socket is written unix:/path or unix:@name" },
        { "/run/usher.sock", "a UNIX socket is written unix:/path or unix:@name" },
        { "unix:" PATH107 "x",
          "the path of a UNIX socket is longer than 107 characters" },
        { "fd@", "the descriptor must be a number: fd@3" },
        { "fd@x", "the descriptor must be a number: fd@3" },
        { "fd@2147483648", "the descriptor must be a number: fd@3" },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct address_parts parts;
        const char *wrong = address_parse(cases[i].text, &parts);

        cr_expect_str_eq(wrong ? wrong : "understood", cases[i].sentence, "%s: %s",
                         cases[i].text, wrong ? wrong : "understood");
    }
}

Test(address, keeps_the_scope_of_a_link_local_one)
{
    struct address address = address_of("[fe80::1%lo]:80");

    cr_expect_eq(address.as.ip6.sin6_scope_id, if_nametoindex("lo"));
    cr_expect_str_eq(address_text(&address).chars, "[fe80::1%lo]:80");
    cr_expect_str_eq(address_host(&address).chars, "fe80::1%lo");
}

Test(address, writes_the_number_of_a_scope_without_a_name)
{
    struct address address = address_of("[fe80::1%987654]:80");

    cr_expect_str_eq(address_text(&address).chars, "[fe80::1%987654]:80");
}

Test(address, is_none_when_empty)
{
    struct address none = { 0 };

    cr_expect_str_eq(address_text(&none).chars, "none");
    cr_expect_str_eq(address_host(&none).chars, "none");
    cr_expect_eq(address_port(&none), 0);
}

Test(address, of_a_nameless_unix_peer_is_only_unix)
{
    struct address peer = { .length = sizeof(sa_family_t) };

    peer.as.local.sun_family = AF_UNIX;

    cr_expect_str_eq(address_text(&peer).chars, "unix:");
}

Test(address, takes_another_port)
{
    static const struct {
        const char *before, *after;
    } cases[] = {
        { "127.0.0.1:0", "127.0.0.1:8080" },
        { "[::1]:0", "[::1]:8080" },
        { "unix:/x", "unix:/x" },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct address address = address_of(cases[i].before);

        address_set_port(&address, 8080);
        cr_expect_str_eq(address_text(&address).chars, cases[i].after);
    }
}

Test(address, is_equal_to_itself_alone)
{
    static const char *const texts[] = {
        "127.0.0.1:80", "127.0.0.1:81",   "127.0.0.2:80",  "[::1]:80",
        "[::1]:81",     "[::2]:80",       "unix:/one",     "unix:/other",
        "unix:@one",    "[fe80::1%7]:80", "[fe80::1%8]:80"
    };
    struct address none = { 0 };

    cr_expect(address_is_equal(&none, &none));
    for (size_t i = 0; i < COUNT(texts); i++)
        for (size_t j = 0; j < COUNT(texts); j++) {
            struct address one = address_of(texts[i]), other = address_of(texts[j]);

            cr_expect_eq(address_is_equal(&one, &other), i == j, "%s %s", texts[i],
                         texts[j]);
            cr_expect_not(address_is_equal(&one, &none));
        }
}

Test(address, is_equal_whether_or_not_its_path_ends_in_nul)
{
    struct address one = address_of("unix:/one"), other = one;

    other.length--;

    cr_expect(address_is_equal(&one, &other));
}

Test(address, of_a_peer_fits_an_endpoint)
{
    static const struct {
        const char *text, *again;
    } cases[] = {
        { "127.0.0.1:80", "127.0.0.1:80" },      { "[::1]:80", "[::1]:80" },
        { "[::ffff:1.2.3.4]:80", "1.2.3.4:80" }, { "[fe80::1%lo]:80", "[fe80::1%lo]:80" },
        { "unix:/run/usher.sock", "unix" },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct address address = address_of(cases[i].text);
        struct endpoint endpoint = endpoint_of(&address.as.any);

        cr_expect_str_eq(endpoint_text(&endpoint).chars, cases[i].again);
    }
}

Test(address, of_ip4_becomes_the_same_endpoint_over_either_family)
{
    struct address plain = address_of("1.2.3.4:80");
    struct address mapped = address_of("[::ffff:1.2.3.4]:80");
    struct endpoint one = endpoint_of(&plain.as.any), other = endpoint_of(&mapped.as.any);

    cr_expect(!memcmp(&one, &other, sizeof one));
}
