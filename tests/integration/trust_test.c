/* Client certificates, and sessions that are resumed: who was not let in once is not let
 * in by a ticket either. */
#include "support/authority.h"
#include "support/kept.h"
#include "support/openssl.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/usher.h"

#include <stdio.h>
#include <string.h>

TestSuite(trust, .timeout = 90);

static struct authority *clients, *strangers;
static const char *web_pem; /* what usher shows */

static void prepare(void)
{
    clients = authority_create("clients");
    strangers = authority_create("strangers");
    web_pem = authority_name(clients, "web.test");
}

static void clear(void)
{
    authority_remove(clients);
    authority_remove(strangers);
}

#define TRUST_TEST(name) Test(trust, name, .init = prepare, .fini = clear)

static struct origin *serve_once(const char *name)
{
    return origin_serve((struct origin_plan){ .name = name, .script = origin_once });
}

static struct usher *start(const char *frontend)
{
    return usher_start(USHER_WEB "tls-cert = %s\n%s" USHER_APP
                                 "check = off\nserver = a %s\n",
                       web_pem, frontend, origin_address(serve_once("a")));
}

static const char *ask_for(const char *mode)
{
    return kept_format("tls-client-ca = %s\ntls-verify = %s\n", authority_file(clients),
                       mode);
}

static const char *sign_client(struct authority *authority, int days)
{
    return authority_sign(authority, (struct identity){ .subject = "client",
                                                        .days = days,
                                                        .purpose = "clientAuth" });
}

static const char *show(const char *path)
{
    return kept_format("-cert %s", path);
}

static bool is_served_at(const char *address, const char *options, const char *more)
{
    struct spawned spawned = openssl_ask(address, "%s %s", options, more);

    return openssl_heard(&spawned, "a");
}

/* In either version of TLS: they refuse at different moments. */
static void expect_served(struct usher *usher, const char *options)
{
    cr_expect(is_served_at(usher_web(usher), options, "-tls1_2"), "1.2: %s", options);
    cr_expect(is_served_at(usher_web(usher), options, "-tls1_3"), "1.3: %s", options);
}

static void expect_refused(struct usher *usher, const char *options, const char *why)
{
    unsigned before = usher_log_count(usher, why);

    cr_expect(!is_served_at(usher_web(usher), options, "-tls1_2"), "1.2: %s", options);
    cr_expect(!is_served_at(usher_web(usher), options, "-tls1_3"), "1.3: %s", options);
    eventually(usher_log_count(usher, why) == before + 2, 3000);
}

static const char *wrong_purpose(void)
{
    return authority_sign(clients, (struct identity){ .subject = "server",
                                                      .purpose = "serverAuth" });
}

TRUST_TEST(lets_in_only_clients_with_a_good_certificate)
{
    struct usher *usher = start(ask_for("required"));

    expect_served(usher, show(sign_client(clients, 0)));
    expect_refused(usher, "", "no certificate was shown");
    expect_refused(usher, show(sign_client(clients, -1)),
                   "certificate verify failed: certificate has expired");
    expect_refused(usher, show(sign_client(strangers, 0)),
                   "certificate verify failed: unable to get local issuer");
    expect_refused(usher, show(wrong_purpose()), "certificate verify failed: unsu");
    cr_expect_eq(usher_count(usher, "app", "a", "stot"), 2, "others got to the server");
    usher_stop(usher);
}

TRUST_TEST(takes_no_certificate_but_no_bad_one_when_it_is_optional)
{
    struct usher *usher = start(ask_for("optional"));

    expect_served(usher, "");
    expect_served(usher, show(sign_client(clients, 0)));
    expect_refused(usher, show(sign_client(strangers, 0)), "certificate verify failed");
    expect_refused(usher, show(sign_client(clients, -1)), "has expired");
    usher_stop(usher);
}

TRUST_TEST(asks_for_no_certificate_when_none_is_wanted)
{
    struct usher *usher = start("");

    expect_served(usher, "");
    expect_served(usher, show(sign_client(strangers, 0)));
    usher_stop(usher);
}

TRUST_TEST(sends_revoked_clients_away)
{
    const char *good = sign_client(clients, 0), *bad = sign_client(clients, 0);
    const char *list = authority_revoke(clients, bad);
    struct usher *usher = start(
        kept_format("%stls-crl = %s\n", ask_for("required"), list));

    expect_served(usher, show(good));
    expect_refused(usher, show(bad), "certificate verify failed: certificate revoked");
    usher_stop(usher);
}

static const char *ticket_file(void)
{
    return scratch_path(authority_folder(clients), "ticket");
}

static struct spawned take_ticket(const char *address, const char *options)
{
    (void)remove(ticket_file());
    return openssl_ask(address, "-sess_out %s %s", ticket_file(), options);
}

static struct spawned use_ticket(const char *address, const char *options)
{
    return openssl_ask(address, "-sess_in %s %s", ticket_file(), options);
}

static const char *const versions[] = { "-tls1_2", "-tls1_3" };

enum { VERSIONS = sizeof versions / sizeof versions[0] };

TRUST_TEST(resumes_sessions_on_every_worker_and_after_a_reload)
{
    struct origin *origin = serve_once("a");
    const char *config = kept_format(USHER_WEB "tls-cert = %s\n" USHER_APP
                                               "check = off\nserver = a %s\n",
                                     web_pem, origin_address(origin));
    struct usher *usher = usher_start("%s", config);

    for (size_t i = 0; i < VERSIONS; i++) {
        struct spawned spawned = take_ticket(usher_web(usher), versions[i]);

        cr_assert(openssl_heard(&spawned, "a"), "%s%s", spawned.out, spawned.err);
        for (int j = 0; j < 6; j++) {
            if (j == 3)
                (void)usher_reload(usher, "%s# changed %zu\n", config, i);
            spawned = use_ticket(usher_web(usher), versions[i]);
            cr_expect(openssl_heard(&spawned, "a"), "%s%s", spawned.out, spawned.err);
            cr_expect(openssl_wrote(&spawned, "\nReused, TLSv1."),
                      "visit %d is not resumed: %s", j, versions[i]);
        }
    }
    usher_stop(usher);
}

/* A ticket of an open frontend, shown at one that wants certificates. */
TRUST_TEST(lets_nobody_in_by_a_ticket_of_another_frontend)
{
    struct origin *origin = serve_once("a");
    struct usher *usher =
        usher_start(USHER_WEB "tls-cert = %s\n[frontend vault]\nbind = 127.0.0.1:0\n"
                              "backend = app\ntls-cert = %s\n%s" USHER_APP
                              "check = off\nserver = a %s\n",
                    web_pem, web_pem, ask_for("required"), origin_address(origin));
    const char *vault = usher_address(usher, "vault", 0);
    const char *good = show(sign_client(clients, 0));

    for (size_t i = 0; i < VERSIONS; i++) {
        struct spawned spawned = take_ticket(usher_web(usher), versions[i]);
        const char *with_good = kept_format("%s %s", versions[i], good);

        cr_assert(openssl_heard(&spawned, "a"), "%s%s", spawned.out, spawned.err);
        spawned = use_ticket(vault, versions[i]);
        cr_expect(!openssl_heard(&spawned, "a"), "bypassed by %s", versions[i]);
        cr_expect(!openssl_wrote(&spawned, "\nReused, "));
        spawned = use_ticket(vault, with_good);
        cr_expect(openssl_heard(&spawned, "a"), "%s%s", spawned.out, spawned.err);
        cr_expect(!openssl_wrote(&spawned, "\nReused, "));
        spawned = take_ticket(vault, with_good);
        spawned = use_ticket(vault, versions[i]);
        cr_expect(openssl_heard(&spawned, "a"), "who showed one need not again");
        cr_expect(openssl_wrote(&spawned, "\nReused, "));
    }
    usher_stop(usher);
}

/* Who was let in by the old rules has to show something else under the new ones. */
TRUST_TEST(lets_nobody_in_by_a_ticket_from_before_the_rules_changed)
{
    struct origin *origin = serve_once("a");
    const char *rest = kept_format(USHER_APP "check = off\nserver = a %s\n",
                                   origin_address(origin));
    const char *good = show(sign_client(clients, 0));
    const char *other_rules = kept_format("tls-client-ca = %s\ntls-verify = required\n",
                                          authority_file(strangers));

    for (size_t i = 0; i < VERSIONS; i++) {
        struct usher *usher = usher_start(USHER_WEB "tls-cert = %s\n%s%s", web_pem,
                                          ask_for("required"), rest);
        struct spawned spawned = take_ticket(usher_web(usher),
                                             kept_format("%s %s", versions[i], good));

        cr_assert(openssl_heard(&spawned, "a"), "%s%s", spawned.out, spawned.err);
        (void)usher_reload(usher, USHER_WEB "tls-cert = %s\n%s%s", web_pem, other_rules,
                           rest);
        spawned = use_ticket(usher_web(usher), versions[i]);
        cr_expect(!openssl_heard(&spawned, "a"), "bypassed by %s", versions[i]);
        usher_stop(usher);
    }
}

/* The same file, but now the client is on the list of the revoked. */
TRUST_TEST(lets_nobody_in_by_a_ticket_once_the_certificate_is_revoked)
{
    struct origin *origin = serve_once("a");
    const char *path = sign_client(clients, 0), *list = authority_list_revoked(clients);
    const char *config = kept_format(USHER_WEB "tls-cert = %s\n%stls-crl = %s\n" USHER_APP
                                               "check = off\nserver = a %s\n",
                                     web_pem, ask_for("required"), list,
                                     origin_address(origin));
    struct usher *usher = usher_start("%s", config);

    for (size_t i = 0; i < VERSIONS; i++) {
        struct spawned spawned = take_ticket(usher_web(usher),
                                             kept_format("%s %s", versions[i],
                                                         show(path)));

        cr_assert(openssl_heard(&spawned, "a"), "%s%s", spawned.out, spawned.err);
        (void)rename(ticket_file(), kept_format("%s%zu", ticket_file(), i));
    }
    (void)authority_revoke(clients, path);
    (void)usher_reload(usher, "%s", config);
    for (size_t i = 0; i < VERSIONS; i++) {
        struct spawned spawned;

        (void)rename(kept_format("%s%zu", ticket_file(), i), ticket_file());
        spawned = use_ticket(usher_web(usher), versions[i]);
        cr_expect(!openssl_heard(&spawned, "a"), "bypassed by %s", versions[i]);
    }
    usher_stop(usher);
}

/* Policy and route come from the name in this greeting, never from the ticket's. */
TRUST_TEST(routes_a_resumed_session_by_the_name_asked_for_now)
{
    struct usher *usher = usher_start(
        USHER_WEB "tls-cert = %s\nroute = b.test -> b\n" USHER_APP
                  "check = off\nserver = a %s\n[backend b]\ncheck = off\nserver = b %s\n",
        web_pem, origin_address(serve_once("a")), origin_address(serve_once("b")));

    for (size_t i = 0; i < VERSIONS; i++) {
        struct spawned spawned = take_ticket(usher_web(usher),
                                             kept_format("%s -servername a.test",
                                                         versions[i]));

        cr_assert(openssl_heard(&spawned, "a"), "%s%s", spawned.out, spawned.err);
        spawned = use_ticket(usher_web(usher),
                             kept_format("%s -servername b.test", versions[i]));
        cr_expect(openssl_heard(&spawned, "b"), "%s: %s%s", versions[i], spawned.out,
                  spawned.err);
    }
    usher_stop(usher);
}

/* When usher is asked, when it starts, and with every reload. */
TRUST_TEST(warns_of_an_expired_list_of_the_revoked)
{
    static const char said[] = "the list of revoked certificates expired on 2020-01-01";
    const char *config = kept_format(USHER_WEB "tls-cert = %s\n%stls-crl = %s\n" USHER_APP
                                               "check = off\nserver = a 127.0.0.1:1\n",
                                     web_pem, ask_for("required"),
                                     authority_list_expired(clients));
    const char *file = scratch_write(authority_folder(clients), "usher.ini", config);
    struct spawned spawned = spawn_line("%s -t -c %s", usher_program(), file);
    struct usher *usher = usher_start("%s", config);

    cr_expect_eq(spawned.status, 0);
    cr_expect(strstr(spawned.err, said) || strstr(spawned.out, said), "%s%s", spawned.out,
              spawned.err);
    cr_expect_eq(usher_log_count(usher, said), 1, "%s", usher_log(usher));
    (void)usher_reload(usher, "%s", config);
    cr_expect_eq(usher_log_count(usher, said), 2, "%s", usher_log(usher));
    usher_stop(usher);
}
