#include "net/client_hello.h"

#include "greeting.h"

#include <criterion/criterion.h>
#include <openssl/ssl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
/* A text with its length, NULs and all. */
#define BYTES(text) text, sizeof(text) - 1

static void put_host(struct bytes *extensions, const char *name)
{
    struct bytes names = { 0 }, extension = { 0 };

    put_number(&names, 1, 0);
    put_part(&names, 2, name, strlen(name));
    put_part(&extension, 2, names.at, names.length);
    put_extension(extensions, 0, extension.at, extension.length);
}

/* With a key share as large as those that withstand quantum computers. */
static struct bytes modern_message(void)
{
    static const unsigned char share[1216] = { 4, 5, 6 };
    struct bytes extensions = { 0 }, body = { 0 };

    put_extension(&extensions, 51, share, sizeof share);
    put_host(&extensions, "Shop.Example.");
    put_extension(&extensions, 16, BYTES("\0\x0c\x02h2\x08http/1.1"));
    put_beginning(&body);
    put_part(&body, 2, extensions.at, extensions.length);
    return message_of(&body);
}

static enum hello_outcome read_all(const struct bytes *bytes, struct client_hello *hello)
{
    memset(hello, 'x', sizeof *hello);
    return client_hello_read(bytes->at, bytes->length, hello);
}

static void expect_modern(const struct client_hello *hello)
{
    cr_expect(hello->has_name);
    cr_expect_str_eq(hello->name, "shop.example");
    cr_expect_str_eq(hello->alpn, "h2,http/1.1");
}

/* Every beginning says HELLO_MORE, the whole and whatever follows the same. */
static void expect_cuts(const struct bytes *greeting, const struct client_hello *whole)
{
    struct bytes more = *greeting;
    struct client_hello hello;

    for (size_t length = 0; length < greeting->length; length++)
        cr_assert_eq(client_hello_read(greeting->at, length, &hello), HELLO_MORE,
                     "%zu of %zu bytes", length, greeting->length);
    put(&more, "\x14\x03\x03\0\x01\x01 and early data", 20);
    for (size_t length = greeting->length; length <= more.length; length++) {
        memset(&hello, 'x', sizeof hello);
        cr_assert_eq(client_hello_read(more.at, length, &hello), HELLO_FOUND);
        cr_expect(!memcmp(&hello, whole, sizeof hello));
    }
}

Test(client_hello, reads_a_greeting_cut_at_every_byte)
{
    struct bytes message = modern_message();
    struct bytes greeting = records_of(&message, CLIENT_HELLO_MOST);
    struct client_hello hello;

    cr_assert_eq(read_all(&greeting, &hello), HELLO_FOUND);
    expect_modern(&hello);
    expect_cuts(&greeting, &hello);
}

Test(client_hello, reads_a_greeting_in_records_of_every_size)
{
    struct bytes message = modern_message();

    for (size_t size = 1; size <= message.length; size++) {
        struct bytes greeting = records_of(&message, size);
        struct client_hello hello;

        cr_assert_eq(read_all(&greeting, &hello), HELLO_FOUND, "records of %zu", size);
        expect_modern(&hello);
        for (size_t length = 0; length < greeting.length; length += 1 + size % 7 * 13)
            cr_assert_eq(client_hello_read(greeting.at, length, &hello), HELLO_MORE);
    }
}

/* What OpenSSL itself says to a server it never hears. */
static void greet(char *name, struct bytes *greeting)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL *tls = SSL_new(context);
    BIO *out = BIO_new(BIO_s_mem());
    int length;

    SSL_set_bio(tls, BIO_new(BIO_s_mem()), out);
    if (name)
        (void)SSL_set_tlsext_host_name(tls, name);
    (void)SSL_set_alpn_protos(tls, (const unsigned char *)"\x08http/1.1\x02h2", 12);
    (void)SSL_connect(tls);
    length = BIO_read(out, greeting->at, sizeof greeting->at);
    greeting->length = length > 0 ? (size_t)length : 0;
    SSL_free(tls);
    SSL_CTX_free(context);
}

Test(client_hello, reads_what_openssl_says_cut_at_every_byte)
{
    static char name[] = "mail.example", *const names[] = { name, NULL };

    for (size_t i = 0; i < COUNT(names); i++) {
        struct bytes greeting = { 0 };
        struct client_hello hello;

        greet(names[i], &greeting);
        cr_assert_eq(read_all(&greeting, &hello), HELLO_FOUND);
        cr_expect_eq(hello.has_name, names[i] != NULL);
        cr_expect_str_eq(hello.name, names[i] ? names[i] : "");
        cr_expect_str_eq(hello.alpn, "http/1.1,h2");
        expect_cuts(&greeting, &hello);
    }
}

struct reading {
    const char *what;
    const char *extension; /* after its type and length */
    size_t length;
    const char *text; /* NULL: malformed */
};

static void expect_readings(size_t type, const struct reading *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct reading *reading = &cases[i];
        enum hello_outcome wanted = reading->text ? HELLO_FOUND : HELLO_BROKEN;
        struct bytes extensions = { 0 }, greeting;
        struct client_hello hello;

        put_extension(&extensions, 23, "", 0);
        put_extension(&extensions, type, reading->extension, reading->length);
        greeting = greeting_of(&extensions);
        cr_expect_eq(read_all(&greeting, &hello), wanted, "%s", reading->what);
        if (reading->text)
            cr_expect_str_eq(type ? hello.alpn : hello.name, reading->text, "%s",
                             reading->what);
        else
            cr_expect_eq(hello.name[0], 'x', "%s", reading->what);
    }
}

Test(client_hello, reads_names)
{
    static const struct reading cases[] = {
        { "plain", BYTES("\0\x06\0\0\x03www"), "www" },
        { "one letter", BYTES("\0\x04\0\0\x01w"), "w" },
        { "upper case", BYTES("\0\x07\0\0\x04WwZ9"), "wwz9" },
        { "one dot at the end", BYTES("\0\x05\0\0\x02w."), "w" },
        { "two dots at the end", BYTES("\0\x06\0\0\x03w.."), NULL },
        { "two dots inside", BYTES("\0\x07\0\0\x04w..x"), NULL },
        { "a dot in front", BYTES("\0\x05\0\0\x02.w"), NULL },
        { "only a dot", BYTES("\0\x04\0\0\x01."), NULL },
        { "underscore and hyphen", BYTES("\0\x08\0\0\x05_a-b."), "_a-b" },
        { "internationalised", BYTES("\0\x0b\0\0\x08xn--bcks"), "xn--bcks" },
        { "empty", BYTES("\0\x03\0\0\0"), NULL },
        { "an empty list", BYTES("\0\0"), NULL },
        { "no list", BYTES(""), NULL },
        { "half a length", BYTES("\0"), NULL },
        { "a NUL inside", BYTES("\0\x06\0\0\x03w\0w"), NULL },
        { "a NUL at the end", BYTES("\0\x06\0\0\x03ww\0"), NULL },
        { "a blank", BYTES("\0\x06\0\0\x03w w"), NULL },
        { "a line end", BYTES("\0\x06\0\0\x03w\nw"), NULL },
        { "a quote", BYTES("\0\x06\0\0\x03w\"w"), NULL },
        { "an asterisk", BYTES("\0\x06\0\0\x03*.w"), NULL },
        { "not ASCII", BYTES("\0\x06\0\0\x03w\xc3\xa4"), NULL },
        { "a port", BYTES("\0\x07\0\0\x04w:80"), NULL },
        { "IPv4", BYTES("\0\x0c\0\0\t192.0.2.1"), "" },
        { "IPv4 with a dot", BYTES("\0\x0d\0\0\n192.0.2.1."), "" },
        { "IPv6", BYTES("\0\x06\0\0\x03::1"), "" },
        { "IPv6 in brackets", BYTES("\0\x08\0\0\x05[::1]"), NULL },
        { "no IPv4", BYTES("\0\x0c\0\0\t192.0.2.x"), "192.0.2.x" },
        { "two hosts", BYTES("\0\x08\0\0\x01w\0\0\x01x"), NULL },
        { "the same host twice", BYTES("\0\x08\0\0\x01w\0\0\x01w"), NULL },
        { "IPv4 and a host", BYTES("\0\x10\0\0\t192.0.2.1\0\0\x01w"), NULL },
        { "another type before", BYTES("\0\x08\x01\0\x01x\0\0\x01w"), "w" },
        { "another type behind", BYTES("\0\x08\0\0\x01w\x01\0\x01\xff"), "w" },
        { "another type twice", BYTES("\0\x0c\x01\0\x01x\x01\0\x01x\0\0\x01w"), NULL },
        { "another type alone", BYTES("\0\x04\x01\0\x01x"), NULL },
        { "longer than its list", BYTES("\0\x04\0\0\x02w"), NULL },
        { "shorter than its list", BYTES("\0\x05\0\0\x01wx"), NULL },
        { "a list too long", BYTES("\0\x05\0\0\x01w"), NULL },
        { "a list too short", BYTES("\0\x04\0\0\x01wx"), NULL },
        { "a list without types", BYTES("\0\x01\0"), NULL },
        { "half a name's length", BYTES("\0\x02\0\0"), NULL },
        { "a huge length", BYTES("\0\x04\0\xff\xffw"), NULL },
    };

    expect_readings(0, cases, COUNT(cases));
}

Test(client_hello, reads_protocols)
{
    static const struct reading cases[] = {
        { "one", BYTES("\0\x03\x02h2"), "h2" },
        { "two", BYTES("\0\x09\x02h2\x05imap4"), "h2,imap4" },
        { "unprintable", BYTES("\0\x07\x03z\nz\x02h2"), "h2" },
        { "with a comma", BYTES("\0\x07\x03h,2\x02h2"), "h2" },
        { "with a NUL", BYTES("\0\x07\x03h\0z\x02h2"), "h2" },
        { "with a blank", BYTES("\0\x04\x03h 2"), "" },
        { "greased", BYTES("\0\x06\x02\x1a\x1a\x02h2"), "h2" },
        { "an empty one", BYTES("\0\x04\0\x02h2"), NULL },
        { "an empty list", BYTES("\0\0"), NULL },
        { "no list", BYTES(""), NULL },
        { "longer than its list", BYTES("\0\x03\x03h2"), NULL },
        { "a list too long", BYTES("\0\x04\x02h2"), NULL },
        { "a list too short", BYTES("\0\x03\x02h2\x02"), NULL },
    };

    expect_readings(16, cases, COUNT(cases));
}

Test(client_hello, keeps_as_many_protocols_as_fit)
{
    struct bytes protocols = { 0 }, extension = { 0 }, extensions = { 0 }, greeting;
    struct client_hello hello;
    char wanted[300] = "";

    for (unsigned i = 0; i < 50; i++) {
        char name[16];

        (void)snprintf(name, sizeof name, "name%03u", i);
        put_part(&protocols, 1, name, strlen(name));
        if (i < 32)
            strcat(strcat(wanted, i ? "," : ""), name);
    }
    put_part(&extension, 2, protocols.at, protocols.length);
    put_extension(&extensions, 16, extension.at, extension.length);
    greeting = greeting_of(&extensions);
    cr_assert_eq(read_all(&greeting, &hello), HELLO_FOUND);
    cr_expect_eq(strlen(hello.alpn), 255);
    cr_expect_str_eq(hello.alpn, wanted);
}

Test(client_hello, takes_names_of_at_most_255_letters)
{
    for (size_t length = 250; length < 260; length++) {
        enum hello_outcome wanted = length <= 255 ? HELLO_FOUND : HELLO_BROKEN;
        struct bytes extensions = { 0 }, greeting;
        struct client_hello hello;
        char name[300] = "";

        memset(name, 'a', length);
        put_host(&extensions, name);
        greeting = greeting_of(&extensions);
        cr_expect_eq(read_all(&greeting, &hello), wanted);
    }
}

Test(client_hello, refuses_extensions_that_come_twice)
{
    for (size_t type = 0; type < 60; type += 10) {
        struct bytes extensions = { 0 }, greeting;
        struct client_hello hello;

        put_host(&extensions, "w");
        put_extension(&extensions, 10, "x", 1);
        put_extension(&extensions, 0xfafa, "", 0);
        put_extension(&extensions, 0x0a0a, "", 0);
        put_extension(&extensions, type, BYTES("\0\4\0\0\1w"));
        greeting = greeting_of(&extensions);
        cr_expect_eq(read_all(&greeting, &hello), type > 10 ? HELLO_FOUND : HELLO_BROKEN);
    }
}

struct body {
    const char *what;
    size_t version, session, suites, methods;
    const char *rest;
    size_t length;
    enum hello_outcome outcome;
};

Test(client_hello, checks_every_length)
{
    static const struct body cases[] = {
        { "no extensions", 0x0303, 0, 2, 1, BYTES(""), HELLO_FOUND },
        { "empty extensions", 0x0303, 32, 2, 1, BYTES("\0\0"), HELLO_FOUND },
        { "SSL 3.0", 0x0300, 0, 2, 1, BYTES(""), HELLO_FOUND },
        { "a later version", 0x0305, 0, 2, 1, BYTES(""), HELLO_FOUND },
        { "SSL 2.0", 0x0002, 0, 2, 1, BYTES(""), HELLO_BROKEN },
        { "a long session", 0x0303, 33, 2, 1, BYTES(""), HELLO_BROKEN },
        { "the longest session", 0x0303, 255, 2, 1, BYTES(""), HELLO_BROKEN },
        { "no suites", 0x0303, 0, 0, 1, BYTES(""), HELLO_BROKEN },
        { "half a suite", 0x0303, 0, 3, 1, BYTES(""), HELLO_BROKEN },
        { "no compression", 0x0303, 0, 2, 0, BYTES(""), HELLO_BROKEN },
        { "many compressions", 0x0303, 0, 2, 255, BYTES(""), HELLO_FOUND },
        { "half a length", 0x0303, 0, 2, 1, BYTES("\0"), HELLO_BROKEN },
        { "a byte behind", 0x0303, 0, 2, 1, BYTES("\0\0\0"), HELLO_BROKEN },
        { "extensions cut", 0x0303, 0, 2, 1, BYTES("\0\4\0\x17\0"), HELLO_BROKEN },
        { "a type cut", 0x0303, 0, 2, 1, BYTES("\0\1\0"), HELLO_BROKEN },
        { "an extension cut", 0x0303, 0, 2, 1, BYTES("\0\4\0\x17\0\1"), HELLO_BROKEN },
        { "one extension", 0x0303, 0, 2, 1, BYTES("\0\4\0\x17\0\0"), HELLO_FOUND },
    };
    static const unsigned char zeros[255];

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct bytes body = { 0 }, message, greeting;
        struct client_hello hello;

        put_number(&body, 2, cases[i].version);
        put(&body, zeros, 32);
        put_part(&body, 1, zeros, cases[i].session);
        put_part(&body, 2, zeros, cases[i].suites);
        put_part(&body, 1, zeros, cases[i].methods);
        put(&body, cases[i].rest, cases[i].length);
        message = message_of(&body);
        greeting = records_of(&message, CLIENT_HELLO_MOST);
        cr_expect_eq(read_all(&greeting, &hello), cases[i].outcome, "%s", cases[i].what);
    }
}

Test(client_hello, refuses_a_body_cut_short)
{
    struct bytes body = { 0 };

    put_beginning(&body);
    for (size_t length = 0; length < body.length; length++) {
        struct bytes part = body, message, greeting;
        struct client_hello hello;

        part.length = length;
        message = message_of(&part);
        greeting = records_of(&message, CLIENT_HELLO_MOST);
        cr_expect_eq(read_all(&greeting, &hello), HELLO_BROKEN, "%zu bytes", length);
    }
}

struct beginning {
    const char *what, *bytes;
    size_t length;
    enum hello_outcome outcome;
};

Test(client_hello, judges_beginnings)
{
    static const struct beginning cases[] = {
        { "nothing", BYTES(""), HELLO_MORE },
        { "one byte", BYTES("\x16"), HELLO_MORE },
        { "TLS", BYTES("\x16\x03"), HELLO_MORE },
        { "TLS 1.0", BYTES("\x16\x03\x01"), HELLO_MORE },
        { "any minor version", BYTES("\x16\x03\xff\x01\0\x01"), HELLO_MORE },
        { "another version", BYTES("\x16\x02"), HELLO_NOT_TLS },
        { "HTTP", BYTES("GET / HTTP/1.1\r\n\r\n"), HELLO_NOT_TLS },
        { "one letter", BYTES("G"), HELLO_NOT_TLS },
        { "NUL", BYTES("\0"), HELLO_NOT_TLS },
        { "SSL 2.0", BYTES("\x80\x2e\x01\x03\x01"), HELLO_NOT_TLS },
        { "an alert", BYTES("\x15\x03\x01\0\x02\x02\x28"), HELLO_NOT_TLS },
        { "application data", BYTES("\x17\x03\x03\0\x01x"), HELLO_NOT_TLS },
        { "a change of ciphers", BYTES("\x14\x03\x03\0\x01\x01"), HELLO_NOT_TLS },
        { "an empty record", BYTES("\x16\x03\x01\0\0"), HELLO_BROKEN },
        { "a huge record", BYTES("\x16\x03\x01\x40\x01"), HELLO_BROKEN },
        { "the largest record", BYTES("\x16\x03\x01\x40\0"), HELLO_MORE },
        { "another message", BYTES("\x16\x03\x01\0\x04\x02"), HELLO_BROKEN },
        { "a request to greet", BYTES("\x16\x03\x01\0\x04\0\0\0\0"), HELLO_BROKEN },
        { "16 MB", BYTES("\x16\x03\x01\0\x04\x01\xff\xff\xff"), HELLO_BROKEN },
        { "too long by one", BYTES("\x16\x03\x01\0\x04\x01\0\x3f\xf8"), HELLO_BROKEN },
        { "as long as may be", BYTES("\x16\x03\x01\0\x04\x01\0\x3f\xf7"), HELLO_MORE },
        { "empty", BYTES("\x16\x03\x01\0\x04\x01\0\0\0"), HELLO_BROKEN },
        { "more in its record", BYTES("\x16\x03\x01\0\x06\x01\0\0\x01"), HELLO_BROKEN },
        { "then an empty record", BYTES("\x16\x03\x01\0\x01\x01\x16\x03\x01\0\0"),
          HELLO_BROKEN },
        { "then an alert", BYTES("\x16\x03\x01\0\x01\x01\x15"), HELLO_BROKEN },
        { "then HTTP", BYTES("\x16\x03\x01\0\x01\x01GET"), HELLO_BROKEN },
        { "then another version", BYTES("\x16\x03\x01\0\x01\x01\x16\x04"), HELLO_BROKEN },
        { "then a huge record", BYTES("\x16\x03\x01\0\x01\x01\x16\x03\x01\xff\xff"),
          HELLO_BROKEN },
        { "then more of it", BYTES("\x16\x03\x01\0\x01\x01\x16\x03\x03\0\x01"),
          HELLO_MORE },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        enum hello_outcome before = HELLO_MORE;
        struct client_hello hello;

        for (size_t length = 0; length <= cases[i].length; length++) {
            const unsigned char *bytes = (const unsigned char *)cases[i].bytes;
            enum hello_outcome outcome = client_hello_read(bytes, length, &hello);

            if (before != HELLO_MORE)
                cr_expect_eq(outcome, before, "%s", cases[i].what);
            before = outcome;
        }
        cr_expect_eq(before, cases[i].outcome, "%s", cases[i].what);
    }
}

/* A greeting whose records take up exactly so many bytes, with its name at the end. */
static struct bytes greeting_of_length(size_t length)
{
    static const unsigned char padding[CLIENT_HELLO_MOST];
    struct bytes extensions = { 0 }, greeting;

    put_extension(&extensions, 21, "", 0);
    put_host(&extensions, "w");
    greeting = greeting_of(&extensions);
    cr_assert_leq(greeting.length, length);
    extensions.length = 0;
    put_extension(&extensions, 21, padding, length - greeting.length);
    put_host(&extensions, "w");
    return greeting_of(&extensions);
}

Test(client_hello, takes_16_kB_and_no_more)
{
    struct bytes largest = greeting_of_length(CLIENT_HELLO_MOST);
    struct bytes larger = greeting_of_length(CLIENT_HELLO_MOST + 1);
    struct client_hello hello;

    cr_assert_eq(largest.length, CLIENT_HELLO_MOST);
    cr_expect_eq(client_hello_read(largest.at, largest.length - 1, &hello), HELLO_MORE);
    cr_expect_eq(read_all(&largest, &hello), HELLO_FOUND);
    cr_expect_str_eq(hello.name, "w");
    cr_expect_eq(read_all(&larger, &hello), HELLO_BROKEN);
}

Test(client_hello, is_broken_when_it_fills_16_kB_with_the_headers_of_records)
{
    struct bytes greeting = greeting_of_length(4000), message = { 0 }, records;
    struct client_hello hello;

    put(&message, greeting.at + 5, greeting.length - 5);
    records = records_of(&message, 1);
    cr_expect_eq(client_hello_read(records.at, CLIENT_HELLO_MOST - 1, &hello),
                 HELLO_MORE);
    cr_expect_eq(client_hello_read(records.at, CLIENT_HELLO_MOST, &hello), HELLO_BROKEN);
    cr_expect_eq(read_all(&records, &hello), HELLO_BROKEN);
}

Test(client_hello, reads_the_extension_alone_alike)
{
    static const unsigned char good[] = "\0\x06\0\0\x03W.x", bad[] = "\0\x05\0\0\x03W.x";
    struct client_hello hello = { .alpn = "h2", .name = "old", .has_name = true };

    cr_expect(client_hello_read_name(good, sizeof good - 1, &hello));
    cr_expect_str_eq(hello.name, "w.x");
    cr_expect(hello.has_name);
    cr_expect_str_eq(hello.alpn, "h2");
    cr_expect_not(client_hello_read_name(bad, sizeof bad - 1, &hello));
    cr_expect_str_eq(hello.name, "");
    cr_expect_not(hello.has_name);
}
