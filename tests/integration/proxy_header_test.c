/* PROXY headers: believed when they come from who is listed, told to servers that want
 * them. */
#include "support/authority.h"
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/proc.h"
#include "support/tunnel.h"
#include "support/usher.h"
#include "support/wire.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

TestSuite(proxy_header, .timeout = 60);

#define LISTED "127.0.0.2:0"
#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
/* A text with NULs, and its length. */
#define BYTES(text) text, sizeof(text) - 1

static struct origin *echo;

/* Believes who comes from 127.0.0.2, and tells the server, who repeats it. */
static struct usher *start(const char *frontend, const char *backend)
{
    echo = origin_serve((struct origin_plan){ .name = "a", .script = origin_echo });
    return usher_start(USHER_WEB "accept-proxy-from = 127.0.0.2\n%s" USHER_APP
                                 "check = off\n%sserver = a %s\n",
                       frontend, backend, origin_address(echo));
}

static struct usher *start_telling(void)
{
    return start("", "send-proxy = v1\n");
}

static struct client *come(struct usher *usher, const void *bytes, size_t length)
{
    struct client *client = client_dial_from(LISTED, usher_web(usher));

    client_put(client, bytes, length);
    return client;
}

static unsigned port_of(const char *address)
{
    return (unsigned)atoi(strrchr(address, ':') + 1);
}

/* What usher itself sees of the connection. */
static const char *seen(struct usher *usher, struct client *client, const char *ip)
{
    return kept_format("PROXY TCP4 %s 127.0.0.1 %u %u\r", ip,
                       port_of(wire_address(client_fd(client))),
                       usher_port(usher, "web"));
}

/* A good header, and what the server is told; NULL: what usher sees itself. */
static const struct good {
    const char *bytes;
    size_t length;
    const char *told;
} good[] = {
    { BYTES("PROXY TCP4 192.0.2.1 192.0.2.2 1111 2222\r\n"),
      "PROXY TCP4 192.0.2.1 192.0.2.2 1111 2222\r" },
    { BYTES("PROXY TCP6 2001:db8::1 2001:db8::2 1 65535\r\n"),
      "PROXY TCP6 2001:db8::1 2001:db8::2 1 65535\r" },
    { BYTES("PROXY UNKNOWN\r\n"), NULL },
    { BYTES("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n"), NULL },
    { BYTES(SIGNATURE "\x21\x11\0\x0c\xc0\0\2\1\xc0\0\2\2\x04\x57\x08\xae"),
      "PROXY TCP4 192.0.2.1 192.0.2.2 1111 2222\r" },
    { BYTES(SIGNATURE "\x21\x21\0\x24\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
                      "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\2\0\1\xff\xff"),
      "PROXY TCP6 2001:db8::1 2001:db8::2 1 65535\r" },
    /* With TLVs: an empty one, and one of nobody's. */
    { BYTES(SIGNATURE "\x21\x11\0\x13\xc0\0\2\1\xc0\0\2\2\x04\x57\x08\xae"
                      "\5\0\0\xe0\0\1x"),
      "PROXY TCP4 192.0.2.1 192.0.2.2 1111 2222\r" },
    { BYTES(SIGNATURE "\x20\0\0\0"), NULL },
    /* LOCAL with addresses, UNSPEC, UNIX. */
    { BYTES(SIGNATURE "\x20\x11\0\x0c\xc0\0\2\1\xc0\0\2\2\x04\x57\x08\xae"), NULL },
    { BYTES(SIGNATURE "\x21\0\0\3xyz"), NULL },
};

enum { GOOD = sizeof good / sizeof good[0] };

static void expect_told(struct usher *usher, struct client *client,
                        const struct good *one)
{
    const char *told = one->told ? one->told : seen(usher, client, "127.0.0.2");

    client_say(client, "hello\n");
    cr_expect_str_eq(client_hear(client), told);
    cr_expect_str_eq(client_hear(client), "hello");
}

Test(proxy_header, of_who_is_listed_is_believed)
{
    struct usher *usher = start_telling();

    for (size_t i = 0; i < GOOD; i++) {
        struct client *client = come(usher, good[i].bytes, good[i].length);

        expect_told(usher, client, &good[i]);
        client_close(client);
    }
    eventually(usher_log_count(usher, "client=192.0.2.1:1111") == 3, 3000);
    eventually(usher_log_count(usher, "client=[2001:db8::1]:1") == 2, 3000);
    usher_stop(usher);
}

Test(proxy_header, may_come_byte_by_byte_and_cut_anywhere)
{
    struct usher *usher = start_telling();
    size_t step = patience_is_sanitized() ? 5 : 1;

    for (size_t i = 0; i < GOOD; i++) {
        for (size_t cut = 1; cut < good[i].length; cut += step) {
            struct client *client = come(usher, good[i].bytes, cut);

            eventually(proc_has_read(port_of(wire_address(client_fd(client)))), 3000);
            client_put(client, good[i].bytes + cut, good[i].length - cut);
            expect_told(usher, client, &good[i]);
            client_close(client);
        }
    }
    usher_stop(usher);
}

Test(proxy_header, may_come_with_what_follows_it)
{
    struct usher *usher = start_telling();
    struct client *client =
        come(usher, BYTES("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nPROXY is data\nmore\n"));

    cr_expect_str_eq(client_hear(client), "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r");
    cr_expect_str_eq(client_hear(client), "PROXY is data");
    cr_expect_str_eq(client_hear(client), "more");
    usher_stop(usher);
}

Test(proxy_header, may_be_of_any_length)
{
    static unsigned char header[16 + 65535] = SIGNATURE "\x21\x11\xff\xff";
    struct usher *usher = start_telling();
    struct client *client;

    memcpy(header + 16, "\xc0\0\2\1\xc0\0\2\2\x04\x57\x08\xae\xe0\xff\xf0", 15);
    client = come(usher, header, sizeof header);
    client_say(client, "hello\n");
    cr_expect_str_eq(client_hear(client), good[0].told);
    cr_expect_str_eq(client_hear(client), "hello");
    usher_stop(usher);
}

static const struct bad {
    const char *bytes;
    size_t length;
    const char *why;
} bad[] = {
    { BYTES("GET / HTTP/1.1\r\n"), "it is not a PROXY header" },
    { BYTES("\x16\x03\x01"), "it is not a PROXY header" },
    { BYTES("PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n"),
      "the protocol is not TCP4, TCP6 or UNKNOWN" },
    { BYTES("PROXY TCP4 192.0.2.256 192.0.2.2 1 2\r\n"), "an address is malformed" },
    { BYTES("PROXY TCP4 ::1 ::1 1 2\r\n"), "an address is malformed" },
    { BYTES("PROXY TCP4 1.2.3.4 5.6.7.8 1 65536\r\n"), "a port is not a number" },
    { BYTES("PROXY TCP4 1.2.3.4 5.6.7.8 01 2\r\n"), "a port begins with a zero" },
    { BYTES("PROXY TCP4 1.2.3.4  5.6.7.8 1 2\r\n"), "" },
    { BYTES("PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n"), "" },
    { BYTES("PROXY UNKNOWN xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n"),
      "the line does not end within 107 bytes" },
    { BYTES(SIGNATURE "\x11\x11\0\x0c"), "the version is not 2" },
    { BYTES(SIGNATURE "\x22\x11\0\x0c"), "the command is neither LOCAL nor PROXY" },
    { BYTES(SIGNATURE "\x21\x41\0\x0c"), "the address family is unknown" },
    { BYTES(SIGNATURE "\x21\x13\0\x0c"), "the transport protocol is unknown" },
    { BYTES(SIGNATURE "\x21\x11\0\x0b"), "the header is too short for its addresses" },
    { BYTES(SIGNATURE "\x21\x11\0\x10\xc0\0\2\1\xc0\0\2\2\x04\x57\x08\xae\5\0\2x"),
      "a TLV runs over the end of the header" },
    { BYTES(SIGNATURE "\x21\x11\0\x13\xc0\0\2\1\xc0\0\2\2\x04\x57\x08\xae\3\0\4\0\0\0\0"),
      "the checksum is wrong" },
};

enum { BAD = sizeof bad / sizeof bad[0] };

Test(proxy_header, that_is_malformed_ends_the_session_with_the_reason)
{
    struct usher *usher = start_telling();

    for (size_t i = 0; i < BAD; i++) {
        struct client *client = come(usher, bad[i].bytes, bad[i].length);
        enum stream_end end = client_end(client, patience_ms(5000));

        cr_expect_eq(end, STREAM_RESET, "case %zu: %s", i, stream_end_name(end));
        client_close(client);
        eventually(usher_log_count(usher, "ending=proxy-header") == i + 1, 3000);
        cr_expect(usher_logged(usher, "no proper PROXY header", bad[i].why, NULL),
                  "not said: %s", bad[i].why);
    }
    cr_expect_eq(origin_facts(echo)->accepted, 0);
    cr_expect_eq(usher_count(usher, "web", "FRONTEND", "ereq"), BAD);
    usher_stop(usher);
}

Test(proxy_header, that_breaks_off_or_stalls_ends_the_session)
{
    struct usher *usher = start("greet-timeout = 400ms\n", "");
    struct client *client = come(usher, BYTES("PROXY TCP4 192."));
    uint64_t began;

    client_half_close(client);
    cr_expect_neq(client_end(client, patience_ms(5000)), STREAM_OPEN);
    client_close(client);
    eventually(usher_logged(usher, "stage=greet", "ending=client-closed", NULL), 3000);
    for (int i = 0; i < 2; i++) {
        began = patience_now_ms();
        client = come(usher, SIGNATURE "\x21\x11", i ? 14 : 0);
        cr_expect_neq(client_end(client, patience_ms(5000)), STREAM_OPEN);
        cr_expect_geq(patience_now_ms() - began, 350);
        cr_expect_lt(patience_now_ms() - began, patience_ms(1400));
        client_close(client);
    }
    eventually(usher_log_count(usher, "ending=greet-timeout") == 2, 3000);
    cr_expect_eq(origin_facts(echo)->accepted, 0);
    usher_stop(usher);
}

Test(proxy_header, is_who_is_allowed_and_routed)
{
    struct origin *near = origin_start("near");
    struct usher *usher = start(
        kept_format("deny = 192.0.2.0/24\nroute = 198.51.100.7 -> near\n[backend near]\n"
                    "check = off\nserver = near %s\n",
                    origin_address(near)),
        "");
    struct client *denied = come(usher,
                                 BYTES("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nwho\n"));
    struct client *routed = come(usher,
                                 BYTES("PROXY TCP4 198.51.100.7 192.0.2.2 1 2\r\nwho\n"));
    struct client *usual = come(usher,
                                BYTES("PROXY TCP4 198.51.100.8 192.0.2.2 1 2\r\nwho\n"));

    cr_expect_eq(client_end(denied, patience_ms(5000)), STREAM_RESET);
    cr_expect_str_eq(client_hear(routed), "near");
    cr_expect_str_eq(client_hear(usual), "who");
    eventually(usher_logged(usher, "client=192.0.2.1:1", "ending=not-allowed", NULL),
               3000);
    usher_stop(usher);
}

/* Nobody can use up what belongs to the address that announces clients. */
Test(proxy_header, is_whom_the_limits_count)
{
    struct usher *usher = start("client-maxconn = 1\n", "");
    struct client *clients[3];

    for (int i = 0; i < 3; i++) {
        const char *header = kept_format("PROXY TCP4 192.0.2.%d 192.0.2.9 1 2\r\n", i);

        clients[i] = come(usher, header, strlen(header));
        cr_expect_str_eq(client_ask(clients[i], "one"), "one");
    }
    cr_expect_eq(client_end(come(usher, BYTES("PROXY TCP4 192.0.2.1 192.0.2.9 3 2\r\n")),
                            patience_ms(5000)),
                 STREAM_RESET);
    /* The same /64 of IPv6 is the same client. */
    cr_expect_str_eq(
        client_ask(come(usher, BYTES("PROXY TCP6 2001:db8:0:1::1 ::1 1 2\r\n")), "six"),
        "six");
    cr_expect_eq(client_end(come(usher,
                                 BYTES("PROXY TCP6 2001:db8:0:1:ffff::2 ::1 1 2\r\n")),
                            patience_ms(5000)),
                 STREAM_RESET);
    cr_expect_str_eq(
        client_ask(come(usher, BYTES("PROXY TCP6 2001:db8:0:2::1 ::1 1 2\r\n")), "six"),
        "six");
    usher_stop(usher);
}

static size_t take_v2(struct client *client, unsigned char *header)
{
    size_t length;

    client_take(client, header, 16);
    cr_assert_arr_eq(header, SIGNATURE, 12);
    length = (size_t)header[14] << 8 | header[15];
    cr_assert_leq(length, 1000);
    client_take(client, header + 16, length);
    return 16 + length;
}

/* The value of a TLV between these places, as text; NULL: there is none. */
static const char *find_tlv(const unsigned char *at, const unsigned char *end, int type)
{
    while (at + 3 <= end) {
        size_t length = (size_t)at[1] << 8 | at[2];

        if (*at == type)
            return kept_format("%.*s", (int)length, (const char *)at + 3);
        at += 3 + length;
    }
    return NULL;
}

Test(proxy_header, of_version_2_tells_a_plain_client)
{
    struct usher *usher = start("", "send-proxy = v2\n");
    struct client *client = client_connect(usher);
    unsigned char header[1024], wanted[12] = { 127, 0, 0, 1, 127, 0, 0, 1 };
    unsigned near = port_of(wire_address(client_fd(client)));
    unsigned far = usher_port(usher, "web");

    wanted[8] = (unsigned char)(near >> 8), wanted[9] = (unsigned char)near;
    wanted[10] = (unsigned char)(far >> 8), wanted[11] = (unsigned char)far;
    client_say(client, "hello\n");
    cr_expect_eq(take_v2(client, header), 28);
    cr_expect_arr_eq(header + 12, "\x21\x11", 2);
    cr_expect_arr_eq(header + 16, wanted, 12);
    cr_expect_str_eq(client_hear(client), "hello");
    usher_stop(usher);
}

enum { TLV_ALPN = 1, TLV_NAME = 2, TLV_TLS = 0x20, TLV_VERSION = 0x21, TLV_CN = 0x22 };

#define CLIENT "Jos\xc3\xa9-of-a-house-with-more-than-thirty-two-letters"

/* With TLS facts: what the client asked for and what it proved. */
Test(proxy_header, of_version_2_tells_of_tls)
{
    struct authority *authority = authority_create("tests");
    const char *own = authority_name(authority, "a.test");
    struct usher *usher =
        start(kept_format("tls-cert = %s\ntls-alpn = h2\ntls-client-ca = %s\n"
                          "tls-verify = optional\n",
                          own, authority_file(authority)),
              "send-proxy = v2\n");
    const char *certificate = authority_sign(
        authority, (struct identity){ .subject = CLIENT, .purpose = "clientAuth" });

    for (int i = 0; i < 2; i++) {
        struct tunnel *tunnel = tunnel_start(
            (struct tunnel_plan){ .to = usher_web(usher),
                                  .certificate = i ? certificate : NULL,
                                  .authority = authority_file(authority),
                                  .name = "a.test",
                                  .alpn = "\2h2" });
        struct client *client = client_dial(tunnel_address(tunnel));
        unsigned char header[1024], *end, *tls;

        client_say(client, "hello\n");
        end = header + take_v2(client, header);
        cr_expect_str_eq(find_tlv(header + 28, end, TLV_ALPN), "h2");
        cr_expect_str_eq(find_tlv(header + 28, end, TLV_NAME), "a.test");
        for (tls = header + 28; tls < end && *tls != TLV_TLS;)
            tls += 3 + ((size_t)tls[1] << 8 | tls[2]);
        cr_assert(tls < end, "no TLV of TLS");
        /* TLS; and a certificate in this connection and in this session. */
        cr_expect_eq(tls[3], i ? 7 : 1, "flags %d", tls[3]);
        cr_expect_arr_eq(tls + 4, i ? "\0\0\0\0" : "\0\0\0\1", 4);
        cr_expect_str_eq(find_tlv(tls + 8, end, TLV_VERSION), "TLSv1.3");
        if (i)
            cr_expect_str_eq(find_tlv(tls + 8, end, TLV_CN), CLIENT);
        else
            cr_expect_null(find_tlv(tls + 8, end, TLV_CN));
        cr_expect_str_eq(client_hear(client), "hello");
        client_close(client);
    }
    usher_stop(usher);
    authority_remove(authority);
}

/* The header is in clear and before TLS; the far usher believes it. */
Test(proxy_header, goes_through_a_chain_of_two_in_front_of_tls)
{
    static const char *const versions[] = { "v1", "v2" };
    struct authority *authority = authority_create("tests");
    const char *own = authority_sign(authority, (struct identity){
                                                    "a.test", "IP:127.0.0.1", 0, NULL });
    struct origin *origin = origin_serve(
        (struct origin_plan){ .name = "a", .script = origin_echo });

    for (size_t i = 0; i < 2; i++) {
        struct usher *far = usher_start(
            USHER_WEB "tls-cert = %s\naccept-proxy-from = 127.0.0.1\n" USHER_APP
                      "check = off\nsend-proxy = v1\nserver = a %s\n",
            own, origin_address(origin));
        struct usher *near = usher_start(
            USHER_WEB USHER_APP USHER_QUICK_CHECKS
            "server-tls = yes\nserver-tls-ca = %s\nsend-proxy = %s\nserver = far %s\n",
            authority_file(authority), versions[i], usher_web(far));
        struct client *client;

        eventually(usher_stat_is(near, "app/far", "status", "UP"), 5000);
        client = client_dial_from("127.0.0.7:0", usher_web(near));
        client_say(client, "hello\n");
        cr_expect_str_eq(client_hear(client), seen(near, client, "127.0.0.7"));
        cr_expect_str_eq(client_hear(client), "hello");
        cr_expect(!usher_logged(far, "ending=proxy-header", NULL));
        client_close(client);
        usher_stop(near);
        usher_stop(far);
    }
    authority_remove(authority);
}

/* Shared with the origin's process. */
static char *heard;

static void note_first(struct visit *visit)
{
    ssize_t got = recv(visit->fd, heard, 255, 0);

    if (got > 0)
        heard[got] = '\0';
    visit_listen(visit);
}

Test(proxy_header, comes_first_in_checks_too)
{
    struct origin *origin;
    struct usher *usher;

    heard = mmap(NULL, 256, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    origin = origin_serve((struct origin_plan){ .name = "a", .script = note_first });
    usher = usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                        "send-proxy = v1\nserver = a %s\n",
                        origin_address(origin));
    eventually(strncmp(heard, "PROXY ", 6) == 0 && strstr(heard, "\r\n"), 5000);
    eventually(usher_stat_is(usher, "app/a", "status", "UP"), 5000);
    usher_stop(usher);
    heard[0] = '\0';
    usher = usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                        "send-proxy = v2\nserver = a %s\n",
                        origin_address(origin));
    eventually(memcmp(heard, SIGNATURE "\x20", 13) == 0, 5000);
    usher_stop(usher);
}
