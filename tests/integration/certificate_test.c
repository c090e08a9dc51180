/* Certificates are replaced on the admin socket, as HAProxy's dialect has it. */
#include "support/authority.h"
#include "support/client.h"
#include "support/kept.h"
#include "support/openssl.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/tunnel.h"
#include "support/usher.h"

#include <string.h>
#include <unistd.h>

TestSuite(certificate, .timeout = 90);

#define ALL_DONE(path) kept_format("Committing %s\nSuccess!\n\n", path)

static struct authority *authority;

static void prepare(void)
{
    authority = authority_create("tests");
}

static void clear(void)
{
    authority_remove(authority);
}

#define CERTIFICATE_TEST(name) Test(certificate, name, .init = prepare, .fini = clear)

static struct usher *start(const char *frontend)
{
    struct origin *origin = origin_serve(
        (struct origin_plan){ .name = "a", .script = origin_once });

    return usher_start(USHER_WEB "%s" USHER_APP "check = off\nserver = a %s\n", frontend,
                       origin_address(origin));
}

static const char *line_for(const char *path)
{
    return kept_format("tls-cert = %s\n", path);
}

/* The number of the certificate that clients are shown; they must be served, too. */
static bool shows(struct usher *usher, const char *name, const char *subject)
{
    struct spawned spawned = openssl_ask(usher_web(usher), "-servername %s", name);

    cr_expect(openssl_heard(&spawned, "a"), "%s%s", spawned.out, spawned.err);
    return strstr(spawned.out, kept_format("subject=CN = %s\n", subject)) != NULL;
}

static const char *set(struct usher *usher, const char *path, const char *pem)
{
    return usher_admin(usher, "set ssl cert %s <<\n%s", path, pem);
}

static void expect_answer(const char *heard, const char *answer)
{
    cr_expect_str_eq(heard, answer, "%s", heard);
}

CERTIFICATE_TEST(is_replaced_for_clients_to_come)
{
    const char *path = authority_name(authority, "old.test");
    const char *next = kept_file(authority_name(authority, "new.test"));
    struct usher *usher = start(line_for(path));

    cr_expect(shows(usher, "x.test", "old.test"));
    expect_answer(usher_admin(usher, "show ssl cert"),
                  kept_format("# filename\n%s\n\n", path));
    expect_answer(set(usher, path, next),
                  kept_format("Transaction created for certificate %s!\n\n", path));
    expect_answer(set(usher, path, next),
                  kept_format("Transaction updated for certificate %s!\n\n", path));
    expect_answer(usher_admin(usher, "show ssl cert"),
                  kept_format("# transaction\n*%s\n# filename\n%s\n\n", path, path));
    cr_expect(shows(usher, "x.test", "old.test"));

    expect_answer(usher_admin(usher, "commit ssl cert %s", path), ALL_DONE(path));
    cr_expect(shows(usher, "x.test", "new.test"));
    cr_expect(
        usher_logged(usher, "was replaced", path, "frontends=1", "by=\"uid=", NULL));
    expect_answer(usher_admin(usher, "commit ssl cert %s", path),
                  kept_format("No ongoing transaction!\nCan't commit %s!\n\n", path));

    (void)usher_admin(usher, "reload");
    cr_expect(shows(usher, "x.test", "old.test"));
    usher_stop(usher);
}

CERTIFICATE_TEST(is_replaced_in_the_middle_of_sessions_and_greetings)
{
    const char *path = authority_name(authority, "old.test");
    const char *next = kept_file(authority_name(authority, "new.test"));
    struct usher *usher = usher_start(USHER_WEB "%s" USHER_APP "check = off\n"
                                                "server = a %s\n",
                                      line_for(path), origin_address(origin_start("a")));
    struct tunnel *tunnel = tunnel_start(
        (struct tunnel_plan){ .to = usher_web(usher), .name = "old.test" });
    struct client *early = client_dial(tunnel_address(tunnel));
    struct client *greeting = client_dial(usher_web(usher));

    cr_expect_str_eq(client_ask(early, "who"), "a");
    client_say(greeting, "\26\3\1");
    (void)set(usher, path, next);
    expect_answer(usher_admin(usher, "commit ssl cert %s", path), ALL_DONE(path));
    cr_expect_str_eq(client_ask(early, "who"), "a");
    cr_expect(client_is_open(greeting));
    client_close(greeting);
    cr_expect_str_eq(client_ask(early, "who"), "a");
    client_close(early);
    usher_stop(usher);
}

CERTIFICATE_TEST(is_one_of_a_folder)
{
    const char *folder = scratch_create();
    const char *path = scratch_write(folder, "b.pem",
                                     kept_file(authority_name(authority, "b.test")));
    const char *first = scratch_write(folder, "a.pem",
                                      kept_file(authority_name(authority, "a.test")));
    const char *next = kept_file(
        authority_sign(authority, (struct identity){ "again", "DNS:b.test", 0, NULL }));
    struct usher *usher = start(line_for(folder));

    expect_answer(usher_admin(usher, "show ssl cert"),
                  kept_format("# filename\n%s\n%s\n\n", first, path));
    (void)unlink(first);
    (void)set(usher, path, next);
    expect_answer(usher_admin(usher, "commit ssl cert %s", path), ALL_DONE(path));
    cr_expect(shows(usher, "b.test", "again"));
    cr_expect(shows(usher, "other.test", "a.test"));
    usher_stop(usher);
    scratch_remove(folder);
}

/* As scripts do for a certificate that is new. */
CERTIFICATE_TEST(is_added_to_a_folder)
{
    const char *folder = scratch_create();
    const char *path = scratch_path(folder, "c.pem");
    const char *pem = kept_file(authority_name(authority, "c.test"));
    struct usher *usher;

    (void)scratch_write(folder, "a.pem", kept_file(authority_name(authority, "a.test")));
    usher = start(line_for(folder));
    expect_answer(usher_admin(usher, "new ssl cert %s", path),
                  kept_format("New empty certificate store '%s'!\n\n", path));
    expect_answer(usher_admin(usher, "new ssl cert %s", path),
                  kept_format("Certificate '%s' already exists!\n\n", path));
    expect_answer(usher_admin(usher, "show ssl cert %s", path),
                  kept_format("Filename: %s\nStatus: Empty\n\n", path));
    expect_answer(usher_admin(usher, "add ssl crt-list %s %s", folder, path),
                  kept_format("Can't edit the crt-list: certificate '%s' is empty!\n\n",
                              path));
    (void)set(usher, path, pem);
    expect_answer(usher_admin(usher, "commit ssl cert %s", path), ALL_DONE(path));
    cr_expect(strstr(usher_admin(usher, "show ssl cert %s", path), "Status: Unused\n"));
    cr_expect(shows(usher, "c.test", "a.test"));
    expect_answer(usher_admin(usher, "add ssl crt-list %s/ %s", folder, path),
                  kept_format("Inserting certificate '%s' in crt-list '%s/'.\n"
                              "Success!\n\n",
                              path, folder));
    cr_expect(shows(usher, "c.test", "c.test"));
    cr_expect(strstr(usher_admin(usher, "show ssl cert %s", path), "Status: Used\n"));
    expect_answer(usher_admin(usher, "del ssl cert %s", path),
                  kept_format("Can't remove the certificate: certificate '%s' in use, "
                              "can't be deleted!\n\n",
                              path));
    usher_stop(usher);
    scratch_remove(folder);
}

CERTIFICATE_TEST(is_deleted_when_nobody_uses_it)
{
    const char *pem = kept_file(authority_name(authority, "c.test"));
    struct usher *usher = start(line_for(authority_name(authority, "a.test")));

    (void)usher_admin(usher, "new ssl cert /c.pem");
    (void)set(usher, "/c.pem", pem);
    expect_answer(usher_admin(usher, "del ssl cert /c.pem"),
                  "Certificate '/c.pem' deleted!\n\n");
    expect_answer(usher_admin(usher, "del ssl cert /c.pem"),
                  "Can't remove the certificate: certificate '/c.pem' doesn't "
                  "exist!\n\n");
    expect_answer(usher_admin(usher, "abort ssl cert /c.pem"),
                  "No ongoing transaction!\n\n");
    usher_stop(usher);
}

CERTIFICATE_TEST(is_aborted)
{
    const char *path = authority_name(authority, "old.test");
    struct usher *usher = start(line_for(path));

    (void)set(usher, path, kept_file(authority_name(authority, "new.test")));
    expect_answer(usher_admin(usher, "abort ssl cert %s", path),
                  kept_format("Transaction aborted for certificate '%s'!\n\n", path));
    expect_answer(usher_admin(usher, "abort ssl cert %s", path),
                  "No ongoing transaction!\n\n");
    expect_answer(usher_admin(usher, "commit ssl cert %s", path),
                  kept_format("No ongoing transaction!\nCan't commit %s!\n\n", path));
    cr_expect(shows(usher, "x.test", "old.test"));
    usher_stop(usher);
}

static const char *between(const char *text, const char *begin, const char *end)
{
    const char *from = strstr(text, begin), *to = strstr(text, end);

    cr_assert(from && to);
    return kept_format("%.*s", (int)(to - from + (long)strlen(end)), from);
}

#define CERTIFICATE_OF(text)                                                             \
    between(text, "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----\n")

CERTIFICATE_TEST(is_looked_at_when_it_is_set)
{
    const char *path = authority_name(authority, "old.test");
    const char *one = kept_file(path);
    const char *other = kept_file(authority_name(authority, "new.test"));
    const char *key = between(other, "-----BEGIN PRIVATE KEY",
                              "-----END PRIVATE KEY-----\n");
    const struct {
        const char *pem, *why;
    } cases[] = {
        { "", "there is no certificate in it" },
        { "nonsense\n", "there is no certificate in it" },
        { CERTIFICATE_OF(other), "the private key is missing" },
        { key, "there is no certificate in it" },
        { kept_format("%s%s", CERTIFICATE_OF(one), key),
          "the private key does not belong to the certificate" },
        { "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
          "certificate 1 cannot be read" },
    };
    struct usher *usher = start(line_for(path));

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *answer = set(usher, path, cases[i].pem);

        cr_expect(strstr(answer, cases[i].why), "%zu: %s", i, answer);
        cr_expect(strstr(answer, kept_format("\nCan't update %s!\n\n", path)), "%s",
                  answer);
    }
    expect_answer(usher_admin(usher, "commit ssl cert %s", path),
                  kept_format("No ongoing transaction!\nCan't commit %s!\n\n", path));
    cr_expect(shows(usher, "x.test", "old.test"));
    usher_stop(usher);
}

CERTIFICATE_TEST(is_refused_in_the_dialects_words)
{
    static const struct {
        const char *said, *answer;
    } cases[] = {
        { "set ssl cert",
          "'set ssl cert' expects a filename and a certificate as a payload\n\n" },
        { "set ssl cert /x.pem",
          "'set ssl cert' expects a filename and a certificate as a payload\n\n" },
        { "set ssl cert /x.pem <<\n",
          "Can't replace a certificate which is not referenced by the configuration!\n"
          "Can't update /x.pem!\n\n" },
        { "new ssl cert", "'new ssl cert' expects a filename\n\n" },
        { "commit ssl cert", "'commit ssl cert' expects a filename\n\n" },
        { "abort ssl cert", "'abort ssl cert' expects a filename\n\n" },
        { "del ssl cert", "'del ssl cert' expects a certificate name\n\n" },
        { "show ssl cert /x.pem", "Can't display the certificate: Not found or the "
                                  "certificate is a bundle!\n\n" },
        { "add ssl crt-list /nowhere /x.pem",
          "Can't edit the crt-list: crt-list '/nowhere' does not exist!\n\n" },
        { "operator; new ssl cert /x.pem", "\nPermission denied\n\n" },
        { "operator; commit ssl cert /x.pem", "\nPermission denied\n\n" },
        { "user; show ssl cert", "\nPermission denied\n\n" },
    };
    struct usher *usher = start(line_for(authority_name(authority, "a.test")));

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_answer(usher_admin(usher, "%s", cases[i].said), cases[i].answer);
    usher_stop(usher);
}

CERTIFICATE_TEST(is_described)
{
    static const char *const keys[] = {
        "Filename: ",       "Status: Used",       "Serial: ",
        "notBefore: ",      "notAfter: ",         "Subject Alternative Name: DNS:a.test",
        "Algorithm: EC256", "SHA1 FingerPrint: ", "Subject: /CN=a.test",
        "Issuer: /CN=tests"
    };
    const char *path = authority_name(authority, "a.test");
    struct usher *usher = start(line_for(path));
    const char *answer = usher_admin(usher, "show ssl cert %s", path), *at = answer;

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        cr_expect_eq(strncmp(at, keys[i], strlen(keys[i])), 0, "%s in %s", keys[i],
                     answer);
        at = strchr(at, '\n') + 1;
    }
    expect_answer(at, "\n");
    (void)set(usher, path, kept_file(authority_name(authority, "b.test")));
    answer = usher_admin(usher, "show ssl cert *%s", path);
    cr_expect(strstr(answer, kept_format("Filename: *%s\n", path)));
    cr_expect(strstr(answer, "Subject: /CN=b.test\n"), "%s", answer);
    usher_stop(usher);
}

CERTIFICATE_TEST(is_counted_by_the_handshakes_with_it)
{
    struct usher *usher = start(line_for(authority_name(authority, "a.test")));
    struct client *stranger;

    cr_expect(shows(usher, "a.test", "a.test"));
    cr_expect(shows(usher, "a.test", "a.test"));
    stranger = client_dial(usher_web(usher));
    client_say(stranger, "GET / HTTP/1.1\r\n\r\n");
    (void)client_end(stranger, CLIENT_MS);
    client_close(stranger);
    eventually(usher_stat_is(usher, "web/FRONTEND", "ssl_failed_handshake", "1"), 3000);
    cr_expect_eq(usher_count(usher, "web", "FRONTEND", "ssl_sess"), 2);
    cr_expect_eq(usher_count(usher, "web", "FRONTEND", "ssl_reused_sess"), 0);
    cr_expect_str_eq(usher_info(usher, "CumSslConns"), "3");
    eventually(!strcmp(usher_info(usher, "CurrSslConns"), "0"), 3000);
    usher_stop(usher);
}
