/* A PROXY header of one who may not send one, in front of a server that speaks first. */
#include "support/authority.h"
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/usher.h"

TestSuite(stranger, .timeout = 60);

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
/* A text with NULs, and its length. */
#define BYTES(text) text, sizeof(text) - 1

static const struct header {
    const char *bytes;
    size_t length;
} headers[] = {
    { BYTES("PROXY TCP4 192.0.2.7 192.0.2.1 4711 443\r\nhello\n") },
    { BYTES("PROXY UNKNOWN\r\n") },
    { BYTES("PROXY ") },
    { BYTES(SIGNATURE "\x21\x11\0\x0c\xc0\0\2\1\xc0\0\2\2\x04\x57\x08\xae") },
    { BYTES(SIGNATURE "\x20\0\0\0") },
};

enum { HEADERS = sizeof headers / sizeof headers[0] };

static struct origin *origin;

/* Greets, and then is an echo. */
static void greet(struct visit *visit)
{
    visit_say(visit, "welcome\n");
    origin_echo(visit);
}

static struct usher *start(const char *frontend)
{
    origin = origin_serve((struct origin_plan){ .name = "a", .script = greet });
    return usher_start(USHER_WEB "accept-proxy-from = 127.0.0.2\n%s" USHER_APP
                                 "check = off\nserver = a %s\n",
                       frontend, origin_address(origin));
}

static void expect_refused(struct usher *usher, unsigned times)
{
    eventually(usher_log_count(usher, "ending=proxy-header") == times, 3000);
    cr_expect(usher_logged(usher, "no proper PROXY header",
                           "accept-proxy-from does not list its sender", NULL),
              "%s", usher_log(usher));
    cr_expect_eq(usher_count(usher, "web", "FRONTEND", "ereq"), times);
}

Test(stranger, that_sends_a_header_is_refused)
{
    struct usher *usher = start("");

    for (size_t i = 0; i < HEADERS; i++) {
        struct client *client = client_connect(usher);

        cr_expect_str_eq(client_hear(client), "welcome");
        client_put(client, headers[i].bytes, headers[i].length);
        cr_expect_eq(client_end(client, patience_ms(5000)), STREAM_RESET, "case %zu", i);
        client_close(client);
    }
    expect_refused(usher, HEADERS);
    cr_expect_eq(origin_facts(origin)->received, 0);
    usher_stop(usher);
}

Test(stranger, that_sends_a_header_in_pieces_is_refused)
{
    struct usher *usher = start("greet-timeout = 20s\n");

    for (size_t i = 0; i < HEADERS; i++) {
        struct client *client = client_connect(usher);
        size_t length = headers[i].bytes[0] == 'P' ? 6 : 12;

        for (size_t at = 0; at < length; at++) {
            if (at == 2)
                cr_expect_str_eq(client_hear(client), "welcome");
            client_put(client, headers[i].bytes + at, 1);
        }
        cr_expect_eq(client_end(client, patience_ms(5000)), STREAM_RESET, "case %zu", i);
        client_close(client);
    }
    expect_refused(usher, HEADERS);
    usher_stop(usher);
}

Test(stranger, that_sends_something_else_is_served)
{
    static const char *const lines[] = { "hello", "PROX", "PROXIMITY", "\r", "" };
    struct usher *usher = start("greet-timeout = 20s\n");

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct client *client = client_connect(usher);

        client_say(client, lines[i]);
        cr_expect_str_eq(client_hear(client), "welcome");
        client_say(client, " is said\n");
        cr_expect_str_eq(client_hear(client), kept_format("%s is said", lines[i]));
        client_close(client);
    }
    usher_stop(usher);
}

Test(stranger, that_ends_within_a_header_is_served)
{
    struct usher *usher = start("greet-timeout = 20s\n");
    struct client *client = client_connect(usher);

    cr_expect_str_eq(client_hear(client), "welcome");
    client_say(client, "PRO");
    client_half_close(client);
    cr_expect_str_eq(client_hear_all(client), "PRO");
    usher_stop(usher);
}

/* Where the client has to speak first, and where it has not. */
Test(stranger, that_stalls_within_a_header_has_the_time_of_a_greeting)
{
    static const char *const lines[] = { "", "route = no-tls -> app\n" };

    for (int i = 0; i < 2; i++) {
        struct usher *usher = start(kept_format("greet-timeout = 400ms\n%s", lines[i]));
        struct client *client = client_connect(usher);
        uint64_t began = patience_now_ms();

        client_say(client, "PRO");
        cr_expect_eq(client_end(client, patience_ms(5000)), STREAM_RESET);
        cr_expect_geq(patience_now_ms() - began, 350);
        eventually(usher_logged(usher, "ending=greet-timeout", NULL), 3000);
        cr_expect_eq(usher_count(usher, "web", "FRONTEND", "ereq"), 1);
        usher_stop(usher);
    }
}

Test(stranger, that_sends_a_header_is_refused_where_a_greeting_is_awaited)
{
    struct authority *authority = authority_create("tests");
    const char *lines[] = {
        "route = no-tls -> app\n",
        kept_format("tls-cert = %s\n", authority_name(authority, "a.test")),
    };

    for (int i = 0; i < 2; i++) {
        struct usher *usher = start(lines[i]);

        for (size_t j = 0; j < HEADERS; j++) {
            struct client *client = client_connect(usher);

            client_put(client, headers[j].bytes, headers[j].length);
            cr_expect_eq(client_end(client, patience_ms(5000)), STREAM_RESET);
            client_close(client);
        }
        expect_refused(usher, HEADERS);
        cr_expect_eq(origin_facts(origin)->accepted, 0);
        usher_stop(usher);
    }
    authority_remove(authority);
}
