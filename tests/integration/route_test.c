/* Which backend a client comes to: by the name and the protocols in its TLS greeting, of
 * which nothing is taken away, by its network, and by share. */
#include "support/authority.h"
#include "support/client.h"
#include "support/greeting.h"
#include "support/kept.h"
#include "support/load.h"
#include "support/openssl.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/proc.h"
#include "support/tunnel.h"
#include "support/usher.h"
#include "support/wire.h"

#include <stdlib.h>
#include <string.h>

TestSuite(route, .timeout = 90);

/* Says who it is, then gives back every byte. */
static void tell_and_echo(struct visit *visit)
{
    visit_say(visit, visit->plan->name);
    visit_say(visit, "\n");
    origin_echo(visit);
}

static const char *const names[] = { "a", "wild", "h2", "nameless", "plain", "other" };

enum { BACKENDS = sizeof names / sizeof names[0] };

static struct origin *origins[BACKENDS];

static const char *backend_of(const char *name, const struct origin *origin)
{
    return kept_format("[backend %s]\ncheck = off\nserver = %s %s\n", name, name,
                       origin_address(origin));
}

/* A backend for each kind of client. */
static struct usher *start(const char *frontend)
{
    const char *text = kept_format(
        "[frontend web]\nbind = 127.0.0.1:0\nbackend = other\n"
        "route = a.test also-a.test -> a\nroute = *.wild.test -> wild\n"
        "route = alpn:h2 -> h2\nroute = no-name -> nameless\nroute = no-tls -> plain\n%s",
        frontend);

    for (size_t i = 0; i < BACKENDS; i++) {
        origins[i] = origin_serve(
            (struct origin_plan){ .name = names[i], .script = tell_and_echo });
        text = kept_format("%s%s", text, backend_of(names[i], origins[i]));
    }
    return usher_start("%s", text);
}

/* Who answered has the greeting as a whole, and what follows it. */
static void expect_whole(struct client *client, const struct greeting *greeting,
                         const char *backend)
{
    static unsigned char back[GREETING_MOST];
    const char *name = client_hear(client);

    cr_assert(name, "no answer from %s", backend);
    cr_assert_str_eq(name, backend);
    client_take(client, back, greeting->length);
    cr_assert_arr_eq(back, greeting->bytes, greeting->length);
    cr_assert_str_eq(client_ask(client, "more"), "more");
}

static void expect_route(struct usher *usher, const struct greeting *greeting,
                         const char *backend)
{
    struct client *client = client_connect(usher);

    client_put(client, greeting->bytes, greeting->length);
    expect_whole(client, greeting, backend);
    client_close(client);
}

static const struct wish {
    const char *name, *alpn, *backend;
} wishes[] = {
    { "a.test", NULL, "a" },
    { "A.Test", NULL, "a" },
    { "a.test.", NULL, "a" },
    { "also-a.test", "\2h2", "a" },
    { "x.wild.test", NULL, "wild" },
    { "X.Wild.Test", NULL, "wild" },
    { "x.y.wild.test", NULL, "other" },
    { "wild.test", NULL, "other" },
    { "b.test", NULL, "other" },
    { "b.test", "\2h2", "h2" },
    { "b.test", "\10http/1.1\2h2", "h2" },
    { "b.test", "\10http/1.1", "other" },
    { "b.test", "\3h2c", "other" },
    { NULL, "\2h2", "h2" },
    { NULL, NULL, "nameless" },
};

Test(route, is_by_the_name_and_the_protocols_of_the_greeting)
{
    struct usher *usher = start("");

    for (size_t i = 0; i < sizeof wishes / sizeof wishes[0]; i++) {
        struct greeting greeting = greeting_make(wishes[i].name, wishes[i].alpn);

        expect_route(usher, &greeting, wishes[i].backend);
    }
    usher_stop(usher);
}

Test(route, of_what_is_no_tls_is_its_own)
{
    static const char *const texts[] = { "GET / HTTP/1.1\r\n", "*1\r\n", "who\n",
                                         "\x80" };
    struct usher *usher = start("");

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct greeting greeting = { .length = strlen(texts[i]) };

        memcpy(greeting.bytes, texts[i], greeting.length);
        expect_route(usher, &greeting, "plain");
    }
    usher_stop(usher);
}

/* So that usher sees it in two pieces, for sure. */
static void put_in_two(struct client *client, const struct greeting *greeting, size_t cut)
{
    const char *near = wire_address(client_fd(client));
    unsigned port = (unsigned)atoi(strrchr(near, ':') + 1);

    client_put(client, greeting->bytes, cut);
    eventually(proc_has_read(port), 3000);
    client_put(client, greeting->bytes + cut, greeting->length - cut);
}

Test(route, is_the_same_wherever_the_greeting_is_cut)
{
    struct usher *usher = start("");
    struct greeting greeting = greeting_make("a.test", NULL);
    size_t step = patience_is_sanitized() ? 11 : 1;

    for (size_t cut = 1; cut < greeting.length; cut += step) {
        struct client *client = client_connect(usher);

        put_in_two(client, &greeting, cut);
        expect_whole(client, &greeting, "a");
        client_close(client);
    }
    usher_stop(usher);
}

Test(route, is_the_same_however_the_greeting_lies_in_records)
{
    static const size_t sizes[] = { 1, 2, 3, 5, 16, 64, 100, 250 };
    struct usher *usher = start("");
    struct greeting whole = greeting_make("x.wild.test", NULL);

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct greeting greeting = greeting_split(&whole, sizes[i]);
        struct client *client;

        expect_route(usher, &greeting, "wild");
        client = client_connect(usher);
        put_in_two(client, &greeting, greeting.length / 2);
        expect_whole(client, &greeting, "wild");
        client_close(client);
    }
    usher_stop(usher);
}

Test(route, is_found_in_a_greeting_that_comes_byte_by_byte)
{
    struct usher *usher = start("");
    struct greeting greeting = greeting_make("a.test", "\2h2");
    struct client *client = client_connect(usher);

    for (size_t i = 0; i < greeting.length; i++)
        client_put(client, greeting.bytes + i, 1);
    expect_whole(client, &greeting, "a");
    usher_stop(usher);
}

/* What a greeting is spoilt with: a byte at a place. */
static const struct spoilt {
    const char *what;
    size_t at;
    unsigned char byte;
} spoilt[] = {
    { "another message than a greeting", 5, 2 },
    { "a length of the message over everything", 6, 0xff },
    { "a session id that is too long", 43, 0xff },
    { "an empty record", 4, 0 },
};

Test(route, is_none_for_a_malformed_greeting)
{
    struct usher *usher = start("");

    for (size_t i = 0; i < sizeof spoilt / sizeof spoilt[0]; i++) {
        struct greeting greeting = greeting_make("a.test", NULL);
        struct client *client = client_connect(usher);

        greeting.bytes[spoilt[i].at] = spoilt[i].byte;
        if (greeting.bytes[4] == 0)
            greeting.bytes[3] = 0;
        client_put(client, greeting.bytes, greeting.length);
        cr_expect_neq(client_end(client, patience_ms(5000)), STREAM_OPEN, "%s",
                      spoilt[i].what);
        eventually(usher_log_count(usher, "ending=greeting") == i + 1, 3000);
        client_close(client);
    }
    cr_expect(usher_logged(usher, "its TLS greeting is malformed", NULL));
    for (size_t i = 0; i < BACKENDS; i++)
        cr_expect_eq(origin_facts(origins[i])->accepted, 0, "%s was bothered", names[i]);
    cr_expect_eq(usher_count(usher, "web", "FRONTEND", "ereq"),
                 sizeof spoilt / sizeof spoilt[0]);
    usher_stop(usher);
}

/* It announces 16 MB and goes on and on. */
Test(route, is_none_for_a_greeting_without_end)
{
    struct usher *usher = start("");
    struct client *client = client_connect(usher);
    unsigned char record[5 + 1024] = { 0x16, 3, 1, 4, 0, 1, 0xff, 0xff, 0xff, 3, 3 };

    client_put(client, record, sizeof record);
    memset(record + 5, 0, sizeof record - 5);
    for (int i = 0; i < 15; i++)
        if (!client_try_put(client, record, sizeof record))
            break;
    cr_expect_neq(client_end(client, patience_ms(5000)), STREAM_OPEN);
    eventually(usher_logged(usher, "ending=greeting", NULL), 3000);
    usher_stop(usher);
}

Test(route, is_none_for_who_does_not_finish_its_greeting)
{
    struct usher *usher = start("greet-timeout = 400ms\n");
    struct greeting greeting = greeting_make("a.test", NULL);
    size_t cuts[] = { 0, 1, 5, 100, greeting.length - 1 };

    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        struct client *client = client_connect(usher);
        uint64_t began = patience_now_ms(), took;

        client_put(client, greeting.bytes, cuts[i]);
        cr_expect_neq(client_end(client, patience_ms(5000)), STREAM_OPEN);
        took = patience_now_ms() - began;
        cr_expect(took >= 350 && took < patience_ms(1400), "after %d ms", (int)took);
        client_close(client);
    }
    eventually(usher_log_count(usher, "ending=greet-timeout") == 5, 3000);
    usher_stop(usher);
}

Test(route, is_by_the_clients_network)
{
    struct origin *usual = origin_start("usual"), *near = origin_start("near");
    struct usher *usher = usher_start(USHER_WEB
                                      "route = 127.0.0.2 127.1.0.0/16 -> near\n%s%s",
                                      backend_of("app", usual), backend_of("near", near));
    static const struct {
        const char *source, *answer;
    } cases[] = { { "127.0.0.1:0", "usual" },
                  { "127.0.0.2:0", "near" },
                  { "127.0.0.3:0", "usual" },
                  { "127.1.2.3:0", "near" } };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct client *client = client_dial_from(cases[i].source, usher_web(usher));

        cr_expect_str_eq(client_ask(client, "who"), cases[i].answer, "%s",
                         cases[i].source);
    }
    usher_stop(usher);
}

Test(route, is_by_share)
{
    struct origin *usual = origin_start("usual"), *canary = origin_start("canary");
    struct usher *usher = usher_start(USHER_WEB "route = 30%% -> canary\n%s%s",
                                      backend_of("app", usual),
                                      backend_of("canary", canary));
    struct load_report report = load_run(
        (struct load_plan){ .address = usher_web(usher), .clients = 4, .requests = 100 });

    cr_expect_eq(report.failed, 0, "%s", report.first_failure);
    cr_expect(load_count(&report, "canary") > 70 && load_count(&report, "canary") < 170,
              "%d of 400", (int)load_count(&report, "canary"));
    usher_stop(usher);
}

Test(route, of_who_comes_before_the_server_speaks_needs_no_greeting)
{
    struct origin *usual = origin_serve(
        (struct origin_plan){ .name = "usual", .script = tell_and_echo });
    struct usher *usher = usher_start(USHER_WEB "route = 127.0.0.9 -> app\n%s",
                                      backend_of("app", usual));

    cr_expect_str_eq(client_hear(client_connect(usher)), "usual");
    usher_stop(usher);
}

static struct tunnel *wrap(struct authority *authority, const char *name)
{
    struct origin *origin = origin_serve(
        (struct origin_plan){ .name = name, .script = origin_once });

    return tunnel_start(
        (struct tunnel_plan){ .to = origin_address(origin),
                              .takes_tls = true,
                              .certificate = authority_name(authority, name) });
}

static void expect_real(struct usher *usher, struct authority *authority,
                        const char *name)
{
    struct spawned spawned = openssl_ask(usher_web(usher),
                                         "-CAfile %s -verify_return_error -servername %s"
                                         " -verify_hostname %s",
                                         authority_file(authority), name, name);

    cr_expect(openssl_heard(&spawned, name), "%s%s", spawned.out, spawned.err);
}

Test(route, leaves_the_tls_to_the_servers)
{
    struct authority *authority = authority_create("origins");
    struct usher *usher = usher_start(USHER_WEB
                                      "route = b.test -> b\n" USHER_APP
                                      "check = off\nserver = a %s\n"
                                      "[backend b]\ncheck = off\nserver = b %s\n",
                                      tunnel_address(wrap(authority, "a.test")),
                                      tunnel_address(wrap(authority, "b.test")));

    for (int i = 0; i < 3; i++) {
        expect_real(usher, authority, "a.test");
        expect_real(usher, authority, "b.test");
    }
    usher_stop(usher);
    authority_remove(authority);
}

/* Where usher itself speaks TLS, names and protocols lead the same way. */
Test(route, is_by_name_and_protocol_under_ushers_own_tls)
{
    struct authority *authority = authority_create("usher");
    struct usher *usher;

    for (size_t i = 0; i < 3; i++)
        origins[i] = origin_serve(
            (struct origin_plan){ .name = names[i], .script = origin_once });
    usher = usher_start(USHER_WEB "tls-cert = %s\ntls-alpn = h2\nroute = *.wild.test -> "
                                  "wild\nroute = alpn:h2 -> h2\n%s%s%s",
                        authority_name(authority, "a.test"),
                        backend_of("app", origins[0]), backend_of("wild", origins[1]),
                        backend_of("h2", origins[2]));
    for (int i = 0; i < 2; i++) {
        const char *version = i ? "-tls1_3" : "-tls1_2";
        struct spawned usual = openssl_ask(usher_web(usher), "%s -servername b.test",
                                           version);
        struct spawned wild = openssl_ask(usher_web(usher),
                                          "%s -servername X.wild.test -alpn h2", version);
        struct spawned h2 = openssl_ask(usher_web(usher), "%s -alpn h2", version);

        cr_expect(openssl_heard(&usual, "a"), "%s", usual.out);
        cr_expect(openssl_heard(&wild, "wild"), "%s", wild.out);
        cr_expect(openssl_heard(&h2, "h2"), "%s", h2.out);
    }
    usher_stop(usher);
    authority_remove(authority);
}
