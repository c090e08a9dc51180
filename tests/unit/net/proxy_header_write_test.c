#include "net/proxy_header.h"

#include <criterion/criterion.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define ADDRESSES4 "\xc0\0\2\1\xc0\0\2\2\x04\xd2\x01\xbb"
#define MAPPED "\0\0\0\0\0\0\0\0\0\0\xff\xff"
#define IP6 "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0"

static struct address address_of(const char *text)
{
    struct address_parts parts = { .kind = ADDRESS_NUMERIC };

    if (text)
        cr_assert_null(address_parse(text, &parts), "%s", text);
    return parts.address;
}

struct writing {
    const char *source, *destination; /* NULL: no address yet */
    const char *line;                 /* of version 1 */
    const char *header;               /* of version 2 */
    size_t length;
};

Test(proxy_header_write, tells_addresses)
{
    static const struct writing cases[] = {
        { "192.0.2.1:1234", "192.0.2.2:443",
          "PROXY TCP4 192.0.2.1 192.0.2.2 1234 443\r\n",
          SIGNATURE "\x21\x11\0\x0c" ADDRESSES4, 28 },
        { "[2001:db8::1]:1234", "[2001:db8::2]:443",
          "PROXY TCP6 2001:db8::1 2001:db8::2 1234 443\r\n",
          SIGNATURE "\x21\x21\0\x24" IP6 "\1" IP6 "\2\x04\xd2\x01\xbb", 52 },
        { "[::ffff:192.0.2.1]:1234", "[::ffff:192.0.2.2]:443",
          "PROXY TCP4 192.0.2.1 192.0.2.2 1234 443\r\n",
          SIGNATURE "\x21\x11\0\x0c" ADDRESSES4, 28 },
        { "192.0.2.1:1234", "[::ffff:192.0.2.2]:443",
          "PROXY TCP4 192.0.2.1 192.0.2.2 1234 443\r\n",
          SIGNATURE "\x21\x11\0\x0c" ADDRESSES4, 28 },
        { "192.0.2.1:1", "[2001:db8::2]:2",
          "PROXY TCP6 ::ffff:192.0.2.1 2001:db8::2 1 2\r\n",
          SIGNATURE "\x21\x21\0\x24" MAPPED "\xc0\0\2\1" IP6 "\2\0\1\0\2", 52 },
        { "[2001:db8::2]:2", "192.0.2.1:1",
          "PROXY TCP6 2001:db8::2 ::ffff:192.0.2.1 2 1\r\n",
          SIGNATURE "\x21\x21\0\x24" IP6 "\2" MAPPED "\xc0\0\2\1\0\2\0\1", 52 },
        { "192.0.2.1:1", "unix:/b", "PROXY UNKNOWN\r\n", SIGNATURE "\x20\0\0\0", 16 },
        { "unix:/a", "unix:/b", "PROXY UNKNOWN\r\n", SIGNATURE "\x20\0\0\0", 16 },
        { NULL, NULL, "PROXY UNKNOWN\r\n", SIGNATURE "\x20\0\0\0", 16 },
        { "192.0.2.1:1", NULL, "PROXY UNKNOWN\r\n", SIGNATURE "\x20\0\0\0", 16 },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct address source = address_of(cases[i].source);
        struct address destination = address_of(cases[i].destination);
        struct proxy_facts facts = { .source = &source, .destination = &destination };
        unsigned char out[200];
        size_t length = proxy_header_write_v1(&facts, out, sizeof out);

        cr_assert_eq(length, strlen(cases[i].line), "%s", cases[i].line);
        cr_expect(!memcmp(out, cases[i].line, length), "%s", cases[i].line);
        length = proxy_header_write_v2(&facts, out, sizeof out);
        cr_assert_eq(length, cases[i].length, "%s", cases[i].line);
        cr_expect(!memcmp(out, cases[i].header, length), "%s", cases[i].line);
    }
}

Test(proxy_header_write, needs_no_facts)
{
    struct address source = address_of("192.0.2.1:1234");
    struct proxy_facts none = { 0 }, half = { .source = &source, .name = "w" };
    unsigned char out[64];

    cr_expect_eq(proxy_header_write_v1(&none, out, sizeof out), 15);
    cr_expect_eq(proxy_header_write_v2(&none, out, sizeof out), 16);
    cr_expect_eq(proxy_header_write_v1(&half, out, sizeof out), 15);
    cr_expect_eq(proxy_header_write_v2(&half, out, sizeof out), 16);
}

Test(proxy_header_write, leaves_out_the_scope)
{
    static const char line[] = "PROXY TCP6 fe80::1 ::1 1 2\r\n";
    struct address source = address_of("[fe80::1%1]:1");
    struct address destination = address_of("[::1]:2");
    struct proxy_facts facts = { .source = &source, .destination = &destination };
    unsigned char out[200];

    cr_assert_eq(proxy_header_write_v1(&facts, out, sizeof out), sizeof line - 1);
    cr_expect(!memcmp(out, line, sizeof line - 1));
}

struct telling {
    struct proxy_facts facts;
    const char *tlvs;
    size_t length;
};

Test(proxy_header_write, tells_facts_as_TLVs)
{
    static const struct telling cases[] = {
        { { .alpn = "h2" }, "\1\0\2h2", 5 },
        { { .name = "a.b" }, "\2\0\3a.b", 6 },
        { { .alpn = "", .name = "", .tls_version = "" }, "", 0 },
        { { .cipher = "c", .client_name = "n", .has_certificate = true }, "", 0 },
        { { .tls_version = "TLSv1.3" }, "\x20\0\x0f\1\0\0\0\1\x21\0\7TLSv1.3", 18 },
        { { .tls_version = "T", .is_verified = true },
          "\x20\0\x09\1\0\0\0\1\x21\0\1T",
          12 },
        { { .tls_version = "T", .cipher = "C", .client_name = "N" },
          "\x20\0\x11\1\0\0\0\1\x21\0\1T\x22\0\1N\x23\0\1C",
          20 },
        { { .tls_version = "T", .has_certificate = true },
          "\x20\0\x09\7\0\0\0\1\x21\0\1T",
          12 },
        { { .tls_version = "T", .has_certificate = true, .is_verified = true },
          "\x20\0\x09\7\0\0\0\0\x21\0\1T",
          12 },
        { { .tls_version = "T",
            .has_certificate = true,
            .is_verified = true,
            .is_resumed = true },
          "\x20\0\x09\5\0\0\0\0\x21\0\1T",
          12 },
        { { .alpn = "h2", .name = "w", .tls_version = "T" },
          "\1\0\2h2\2\0\1w\x20\0\x09\1\0\0\0\1\x21\0\1T",
          21 },
    };
    struct address source = address_of("192.0.2.1:1234");
    struct address destination = address_of("192.0.2.2:443");

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct proxy_facts facts = cases[i].facts;
        unsigned char out[200];
        size_t length;

        facts.source = &source;
        facts.destination = &destination;
        length = proxy_header_write_v2(&facts, out, sizeof out);
        cr_assert_eq(length, 28 + cases[i].length, "case %zu", i);
        cr_expect_eq(out[15], 12 + cases[i].length, "case %zu", i);
        cr_expect(!memcmp(out + 28, cases[i].tlvs, cases[i].length), "case %zu", i);
    }
}

static struct proxy_facts many_facts(const struct address *source, char *name)
{
    return (struct proxy_facts){ .source = source,
                                 .destination = source,
                                 .alpn = "h2",
                                 .name = name,
                                 .tls_version = "TLSv1.2",
                                 .cipher = "C",
                                 .client_name = "N" };
}

Test(proxy_header_write, says_when_it_does_not_fit)
{
    struct address source = address_of("[2001:db8::1]:65535");
    char name[] = "w";
    struct proxy_facts facts = many_facts(&source, name);
    unsigned char out[200];
    size_t line = proxy_header_write_v1(&facts, out, sizeof out);
    size_t length = proxy_header_write_v2(&facts, out, sizeof out);

    for (size_t size = 0; size < sizeof out; size++) {
        memset(out, '.', sizeof out);
        cr_expect_eq(proxy_header_write_v1(&facts, out, size), size < line ? 0 : line);
        cr_expect_eq(proxy_header_write_v2(&facts, out, size),
                     size < length ? 0 : length);
        for (size_t i = size; i < sizeof out; i++)
            cr_assert_eq(out[i], '.');
    }
}

/* However much a client gives as its name, it never spills out of the header. */
Test(proxy_header_write, never_writes_more_than_a_header)
{
    static char name[70000];
    static unsigned char out[80000];
    struct address source = address_of("192.0.2.1:1");
    struct proxy_facts facts = many_facts(&source, name);
    size_t most = 65535 - 12 - 3 - 5 - (3 + 5 + 10 + 4 + 4), length;
    struct proxy_header header;

    memset(name, 'n', most);
    length = proxy_header_write_v2(&facts, out, sizeof out);
    cr_expect_eq(length, PROXY_HEADER_MOST);
    cr_expect_eq(proxy_header_read(out, length, &header), PROXY_DONE);
    cr_expect_eq(header.length, length);
    name[most] = 'n';
    cr_expect_eq(proxy_header_write_v2(&facts, out, sizeof out), 0);
    memset(name, 'n', sizeof name - 1);
    cr_expect_eq(proxy_header_write_v2(&facts, out, sizeof out), 0);
}
