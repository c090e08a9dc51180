/* TLS towards clients: which certificate, which version, and who is sent away. */
#include "support/authority.h"
#include "support/client.h"
#include "support/kept.h"
#include "support/openssl.h"
#include "support/origin.h"
#include "support/passage.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/tunnel.h"
#include "support/usher.h"
#include "support/wire.h"

#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

TestSuite(tls, .timeout = 90);

enum { UPLOAD = 4 * 1024 * 1024 };

static struct authority *authority;

static void prepare(void)
{
    authority = authority_create("tests");
}

static void clear(void)
{
    authority_remove(authority);
}

#define TLS_TEST(name) Test(tls, name, .init = prepare, .fini = clear)

static struct origin *serve_once(const char *name)
{
    return origin_serve((struct origin_plan){ .name = name, .script = origin_once });
}

/* In front of one who answers a line, with these lines for the frontend. */
static struct usher *start(const char *frontend)
{
    return usher_start(USHER_WEB "%s" USHER_APP "check = off\nserver = a %s\n", frontend,
                       origin_address(serve_once("a")));
}

static const char *certificate_line(const char *name)
{
    return kept_format("tls-cert = %s\n", authority_name(authority, name));
}

static bool is_served(struct usher *usher, const char *options)
{
    struct spawned spawned = openssl_ask(usher_web(usher), "%s", options);

    return openssl_heard(&spawned, "a");
}

/* Who is sent away hears nothing of the server, and the log has the reason. */
static void expect_refused(struct usher *usher, const char *options, const char *why)
{
    cr_expect(!is_served(usher, options), "served with %s", options);
    eventually(usher_logged(usher, "ending=client-tls", why, NULL), 3000);
}

TLS_TEST(serves_a_client_that_verifies_everything)
{
    struct usher *usher = start(certificate_line("a.test"));
    struct spawned spawned =
        openssl_ask(usher_web(usher),
                    "-CAfile %s -verify_return_error -verify_hostname a.test"
                    " -servername a.test",
                    authority_file(authority));

    cr_expect(openssl_heard(&spawned, "a"), "%s%s", spawned.out, spawned.err);
    cr_expect(openssl_wrote(&spawned, "New, TLSv1.3"));
    eventually(usher_logged(usher, "session over", "tls=TLSv1.3 name=a.test ", NULL),
               3000);
    eventually(usher_logged(usher, "ending=server-closed", "in=4 out=10", NULL), 3000);
    usher_stop(usher);
}

/* What is asked for, and the subject of the certificate that is shown. */
static const struct choice {
    const char *asked, *shown;
} choices[] = {
    { "first.test", "first.test" },
    { "b.test", "b.test" },
    { "B.Test", "b.test" },
    { "b.test.", "b.test" },
    { "also-b.test", "b.test" },
    { "x.wild.test", "wild" },
    { "Y.WILD.test", "wild" },
    { "x.y.wild.test", "first.test" },
    { "wild.test", "first.test" },
    { "other.test", "first.test" },
    { "special.wild.test", "special" },
    { "", "first.test" },
};

static const char *sign_all(void)
{
    const char *first = authority_name(authority, "first.test");
    const char *b = authority_sign(authority,
                                   (struct identity){
                                       "b.test", "DNS:b.test,DNS:also-b.test", 0, NULL });
    const char *wild = authority_sign(authority,
                                      (struct identity){ "wild", "DNS:*.wild.test", 0,
                                                         NULL });
    const char *special = authority_sign(
        authority, (struct identity){ "special", "DNS:special.wild.test", 0, NULL });

    return kept_format("tls-cert = %s\ntls-cert = %s\ntls-cert = %s\ntls-cert = %s\n",
                       first, b, wild, special);
}

static const char *name_option(const char *name)
{
    return *name ? kept_format("-servername %s", name) : "-noservername";
}

TLS_TEST(shows_the_certificate_of_the_name_that_is_asked_for)
{
    struct usher *usher = start(sign_all());

    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
        struct spawned spawned = openssl_ask(usher_web(usher), "%s",
                                             name_option(choices[i].asked));

        cr_expect(openssl_heard(&spawned, "a"), "\"%s\" is not served", choices[i].asked);
        cr_expect(openssl_wrote(&spawned,
                                kept_format("\nsubject=CN = %s\n", choices[i].shown)),
                  "\"%s\" is shown another than %s", choices[i].asked, choices[i].shown);
    }
    usher_stop(usher);
}

TLS_TEST(refuses_unknown_names_when_it_is_strict)
{
    struct usher *usher = start(kept_format("%stls-strict-sni = yes\n", sign_all()));

    cr_expect(is_served(usher, "-servername b.test"));
    cr_expect(is_served(usher, "-servername x.wild.test"));
    expect_refused(usher, "-servername other.test",
                   "no certificate for the name other.test");
    expect_refused(usher, "-noservername", "no certificate: no name was asked for");
    cr_expect(!is_served(usher, "-servername x.y.wild.test"));
    usher_stop(usher);
}

TLS_TEST(takes_all_certificates_of_a_folder)
{
    struct usher *usher;
    const char *folder = scratch_create();

    (void)scratch_write(folder, "1.pem",
                        kept_file(authority_name(authority, "one.test")));
    (void)scratch_write(folder, "2.pem",
                        kept_file(authority_name(authority, "two.test")));
    usher = start(kept_format("tls-cert = %s\n", folder));
    for (int i = 0; i < 2; i++) {
        const char *name = i ? "two.test" : "one.test";
        struct spawned spawned = openssl_ask(usher_web(usher), "-servername %s", name);

        cr_expect(openssl_wrote(&spawned, kept_format("\nsubject=CN = %s\n", name)));
    }
    usher_stop(usher);
    scratch_remove(folder);
}

TLS_TEST(speaks_1_2_and_1_3_and_nothing_older)
{
    struct usher *usher = start(certificate_line("a.test"));

    cr_expect(is_served(usher, "-tls1_3"));
    cr_expect(is_served(usher, "-tls1_2"));
    expect_refused(usher, "-tls1_1 -cipher DEFAULT@SECLEVEL=0",
                   "no protocol version in common");
    usher_stop(usher);
}

TLS_TEST(speaks_1_3_only_when_it_shall)
{
    struct usher *usher = start(
        kept_format("%stls-min = 1.3\n", certificate_line("a.test")));

    cr_expect(is_served(usher, ""));
    expect_refused(usher, "-tls1_2", "no protocol version in common");
    usher_stop(usher);
}

TLS_TEST(keeps_to_the_ciphers_and_groups_of_the_file)
{
    struct usher *usher = start(kept_format("%stls-ciphers = ECDHE+CHACHA20\n"
                                            "tls-ciphersuites = TLS_AES_256_GCM_SHA384\n"
                                            "tls-groups = P-256\n",
                                            certificate_line("a.test")));
    struct spawned spawned = openssl_ask(usher_web(usher), "-tls1_3");

    cr_expect(openssl_wrote(&spawned, "Cipher is TLS_AES_256_GCM_SHA384"));
    cr_expect(openssl_wrote(&spawned, "Server Temp Key: ECDH, prime256v1"));
    cr_expect(is_served(usher, "-tls1_2 -cipher ECDHE+CHACHA20"));
    expect_refused(usher, "-tls1_2 -cipher ECDHE+AESGCM", "no cipher in common");
    expect_refused(usher, "-groups X25519", "no group in common");
    usher_stop(usher);
}

/* The client's own order begins with AES-256. One that wants ChaCha20 most has no
 * instructions for AES. */
TLS_TEST(agrees_on_the_cheapest_cipher)
{
    struct usher *usher = start(certificate_line("a.test"));
    struct spawned plain = openssl_ask(usher_web(usher), "-tls1_3");
    struct spawned small = openssl_ask(usher_web(usher), "-ciphersuites %s",
                                       "TLS_CHACHA20_POLY1305_SHA256:"
                                       "TLS_AES_128_GCM_SHA256");

    cr_expect(openssl_wrote(&plain, "Cipher is TLS_AES_128_GCM_SHA256"));
    cr_expect(openssl_wrote(&small, "Cipher is TLS_CHACHA20_POLY1305_SHA256"));
    usher_stop(usher);
}

TLS_TEST(agrees_on_the_protocol_it_wants_most)
{
    struct usher *usher = start(
        kept_format("%stls-alpn = h2,http/1.1\n", certificate_line("a.test")));
    struct spawned both = openssl_ask(usher_web(usher), "-alpn http/1.1,h2");
    struct spawned one = openssl_ask(usher_web(usher), "-alpn http/1.1");
    struct spawned other = openssl_ask(usher_web(usher), "-alpn redis");

    cr_expect(openssl_wrote(&both, "ALPN protocol: h2"));
    cr_expect(openssl_wrote(&one, "ALPN protocol: http/1.1"));
    cr_expect(openssl_wrote(&other, "No ALPN negotiated"));
    cr_expect(openssl_heard(&other, "a"));
    usher_stop(usher);
}

TLS_TEST(refuses_other_protocols_when_it_is_strict)
{
    struct usher *usher = start(kept_format("%stls-alpn = h2\ntls-alpn-strict = yes\n",
                                            certificate_line("a.test")));

    cr_expect(is_served(usher, "-alpn h2"));
    cr_expect(is_served(usher, ""));
    expect_refused(usher, "-alpn redis", "no application protocol in common");
    usher_stop(usher);
}

TLS_TEST(staples_what_lies_beside_the_certificate)
{
    const char *path = authority_name(authority, "a.test");
    const char *folder = authority_folder(authority);
    struct spawned made = spawn_line(
        "openssl ocsp -index %s/index -CA %s -rsigner %s -rkey %s/ca.key -issuer %s"
        " -cert %s -respout %s.ocsp -ndays 7",
        folder, authority_file(authority), authority_file(authority), folder,
        authority_file(authority), path, path);
    struct usher *usher;
    struct spawned spawned;

    cr_assert_eq(made.status, 0, "%s%s", made.out, made.err);
    usher = start(kept_format("tls-cert = %s\n", path));
    spawned = openssl_ask(usher_web(usher), "-status");
    cr_expect(openssl_wrote(&spawned, "OCSP Response Status: successful"));
    usher_stop(usher);
}

/* What comes instead of a greeting, and what the log says of it. */
static const struct stranger {
    const char *says, *why;
} strangers[] = {
    { "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n", "the client speaks HTTP without TLS" },
    { "POST /x HTTP/1.0\r\n\r\n", "the client speaks HTTP without TLS" },
    { "CONNECT a.test:443 HTTP/1.1\r\n\r\n",
      "the client speaks to an HTTP proxy without TLS" },
    { "*1\r\n$4\r\nPING\r\n", "the client does not speak TLS" },
    { "SSH-2.0-OpenSSH_9.2p1 Debian\r\n", "the client does not speak TLS" },
    { "\x16\x03\x01\xff\xff garbage of some length", "" },
    { "\x15\x03\x01\x00\x02\x02\x28", "" },
};

TLS_TEST(names_what_comes_instead_of_tls)
{
    struct usher *usher = start(
        kept_format("%sgreet-timeout = 1s\n", certificate_line("a.test")));
    struct client *client;

    for (size_t i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        client = client_connect(usher);
        client_say(client, strangers[i].says);
        cr_expect_neq(client_end(client, patience_ms(5000)), STREAM_OPEN);
        client_close(client);
        if (*strangers[i].why)
            eventually(usher_logged(usher, "ending=client-tls", strangers[i].why, NULL),
                       3000);
        cr_expect(is_served(usher, ""), "nobody is served after case %zu", i);
    }
    cr_expect_eq(usher_count(usher, "web", "FRONTEND", "ereq"),
                 sizeof strangers / sizeof strangers[0]);
    usher_stop(usher);
}

/* Nothing at all, half a greeting, and a whole one without what has to follow. */
TLS_TEST(ends_a_stalled_handshake_at_the_greet_timeout)
{
    static const char *const beginnings[] = { "", "\x16", "\x16\x03\x01\x02" };
    struct usher *usher = start(
        kept_format("%sgreet-timeout = 500ms\n", certificate_line("a.test")));

    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        struct client *client = client_connect(usher);
        uint64_t began = patience_now_ms(), took;

        client_say(client, beginnings[i]);
        cr_expect_neq(client_end(client, patience_ms(5000)), STREAM_OPEN);
        took = patience_now_ms() - began;
        cr_expect(took >= 450 && took < patience_ms(1500), "after %d ms", (int)took);
        client_close(client);
    }
    eventually(usher_log_count(usher, "ending=greet-timeout") == 3, 3000);
    cr_expect(is_served(usher, ""));
    usher_stop(usher);
}

TLS_TEST(bears_many_stalled_handshakes_and_serves_others)
{
    struct usher *usher = start(
        kept_format("%sgreet-timeout = 5s\n", certificate_line("a.test")));
    uint64_t began;

    for (int i = 0; i < 200; i++)
        client_say(client_connect(usher), "\x16\x03\x01");
    began = patience_now_ms();
    cr_expect(is_served(usher, ""));
    cr_expect_lt(patience_now_ms() - began, patience_ms(3000));
    usher_stop(usher);
}

static struct client *dial_tls(struct usher *usher, const char *name)
{
    struct tunnel *tunnel = tunnel_start((struct tunnel_plan){
        .to = usher_web(usher), .authority = authority_file(authority), .name = name });

    return client_dial(tunnel_address(tunnel));
}

static const char *config(const struct origin *origin, const char *certificate)
{
    return kept_format(USHER_WEB "tls-cert = %s\n" USHER_APP
                                 "check = off\nserver = a %s\n",
                       certificate, origin_address(origin));
}

TLS_TEST(replaces_certificates_without_touching_sessions)
{
    struct origin *origin = origin_start("a");
    const char *path = authority_name(authority, "old.test");
    struct usher *usher = usher_start("%s", config(origin, path));
    struct client *early = dial_tls(usher, "old.test"), *late;

    cr_expect_str_eq(client_ask(early, "who"), "a");
    (void)scratch_write("/", path, kept_file(authority_name(authority, "new.test")));
    (void)usher_reload(usher, "%s", config(origin, path));
    late = dial_tls(usher, "new.test");
    cr_expect_str_eq(client_ask(late, "who"), "a");
    cr_expect_str_eq(client_ask(early, "who"), "a");
    client_half_close(early);
    cr_expect_eq(client_end(early, patience_ms(5000)), STREAM_FIN);
    usher_stop(usher);
}

TLS_TEST(keeps_the_old_certificates_when_the_new_ones_are_bad)
{
    struct origin *origin = origin_start("a");
    const char *path = authority_name(authority, "old.test");
    struct usher *usher = usher_start("%s", config(origin, path));
    const char *answer;

    (void)scratch_write("/", path, "no certificate\n");
    answer = usher_reload(usher, "%s", config(origin, path));
    cr_expect(strstr(answer, path), "%s", answer);
    cr_expect_str_eq(client_ask(dial_tls(usher, "old.test"), "who"), "a");
    usher_stop(usher);
}

/* A certificate file, what is wrong with it, and whether usher starts all the same. */
static void expect_said(const char *path, const char *sentence, bool is_good)
{
    const char *file = scratch_write(authority_folder(authority), "usher.ini",
                                     kept_format(USHER_WEB "tls-cert = %s\n" USHER_APP
                                                           "server = a 127.0.0.1:1\n",
                                                 path));
    struct spawned spawned = spawn_line("%s -t -c %s", usher_program(), file);

    cr_expect_eq(spawned.status, is_good ? 0 : 1, "status %d for %s", spawned.status,
                 sentence);
    cr_expect(strstr(spawned.err, sentence) || strstr(spawned.out, sentence),
              "wanted %s, got %s%s", sentence, spawned.out, spawned.err);
}

TLS_TEST(says_what_is_wrong_with_a_certificate)
{
    const char *folder = authority_folder(authority);
    const char *expired = authority_sign(authority,
                                         (struct identity){ "late.test", "DNS:late.test",
                                                            -1, NULL });
    const char *good = authority_name(authority, "a.test");
    const char *other = authority_name(authority, "b.test");

    expect_said(expired, "the certificate expired on", true);
    expect_said(scratch_path(folder, "1.crt"), "key", false);
    expect_said(scratch_write(folder, "mixed.pem",
                              kept_format("%s%s",
                                          kept_file(scratch_path(folder, "2.crt")),
                                          kept_file(scratch_path(folder, "3.key")))),
                "key", false);
    expect_said(scratch_write(folder, "empty.pem", ""), "empty.pem", false);
    expect_said("/nowhere/at-all", "/nowhere/at-all", false);
    cr_expect(good && other);
}

/* A FIN without the farewell of TLS may be somebody's cut. */
TLS_TEST(tells_a_farewell_from_a_cut)
{
    struct origin *origin = origin_start("a");
    struct usher *usher = usher_start("%s", config(origin,
                                                   authority_name(authority, "a.test")));
    struct tunnel_plan plan = { .to = usher_web(usher) };
    struct client *polite = client_dial(tunnel_address(tunnel_start(plan))), *curt;

    plan.is_curt = true;
    curt = client_dial(tunnel_address(tunnel_start(plan)));
    (void)client_ask(polite, "who");
    client_half_close(polite);
    cr_expect_eq(client_end(polite, patience_ms(5000)), STREAM_FIN);
    eventually(usher_log_count(usher, "session over") == 1, 3000);
    cr_expect(!usher_logged(usher, "session over", "farewell", NULL));
    (void)client_ask(curt, "who");
    client_half_close(curt);
    cr_expect_eq(client_end(curt, patience_ms(5000)), STREAM_FIN);
    eventually(usher_log_count(usher, "session over") == 2, 3000);
    cr_expect(usher_logged(usher, "session over", "farewell", NULL), "%s",
              usher_log(usher));
    usher_stop(usher);
}

/* The socket has ended both ways then, which is what a reset looks like, too. */
TLS_TEST(takes_a_whole_upload_from_a_client_that_ends_curtly_after_its_server)
{
    struct origin *origin = origin_serve(
        (struct origin_plan){ .name = "a", .script = origin_early, .bytes = 1000 });
    struct usher *usher = usher_start("%s", config(origin,
                                                   authority_name(authority, "a.test")));
    struct tunnel *tunnel = tunnel_start(
        (struct tunnel_plan){ .to = usher_web(usher), .is_curt = true });
    struct client *client = client_dial(tunnel_address(tunnel));

    client_receive(client, 1000);
    cr_expect_eq(client_end(client, patience_ms(5000)), STREAM_FIN);
    client_send(client, UPLOAD);
    client_half_close(client);
    eventually(origin_facts(origin)->fins == 1, 10000);
    cr_expect_eq(origin_facts(origin)->received, UPLOAD);
    cr_expect_eq(origin_facts(origin)->resets, 0);
    eventually(usher_log_count(usher, "session over") == 1, 3000);
    cr_expect(usher_logged(usher, "ending=server-closed", "farewell", NULL), "%s",
              usher_log(usher));
    usher_stop(usher);
}

/* Nobody who was reset, but one who was given up. */
TLS_TEST(says_what_went_wrong_with_tls_in_the_midst_of_a_session)
{
    static const char damaged[] = "\x17\x03\x03\0\x20 not what TLS would have written";
    struct usher *usher = start(certificate_line("a.test"));
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    struct client *client = client_connect(usher);
    SSL *ssl = SSL_new(context);

    passage_block(client_fd(client));
    cr_assert(SSL_set_fd(ssl, client_fd(client)));
    cr_assert_eq(SSL_connect(ssl), 1);
    client_put(client, damaged, 5 + 32);
    eventually(usher_logged(usher,
                            "session over: TLS with the client failed: the client "
                            "sent a damaged record",
                            "stage=relay", "ending=client-fault", NULL),
               3000);
    cr_expect_eq(usher_count(usher, "app", "a", "cli_abrt"), 1);
    SSL_free(ssl);
    SSL_CTX_free(context);
    client_close(client);
    usher_stop(usher);
}
