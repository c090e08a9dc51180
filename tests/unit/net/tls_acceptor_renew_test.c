#include "net/tls_acceptor.h"

#include "net/tls_chain.h"
#include "tls_pair.h"

TestSuite(tls_acceptor_renew, .timeout = 60, .init = set_up_pair, .fini = tear_down_pair);

static char text[32768];

/* The text of a file with another certificate. */
static const char *pem_of(const char *subject, const char *names)
{
    struct wish wish = { .subject = subject, .names = names, .issuer = &authority };
    FILE *file = fopen(issue("pem", &wish), "r");

    cr_assert(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    (void)fclose(file);
    return text;
}

static struct tls_acceptor *make(struct tls_acceptor_settings *settings, const char *path)
{
    static const char *only;

    only = path;
    *settings = (struct tls_acceptor_settings){ .policy = "web",
                                                .paths = &only,
                                                .path_count = 1 };
    return accept_with(*settings, path);
}

static const char *shown(const struct tls_acceptor *acceptor, const char *host)
{
    static char name[64];
    struct tls_connector *connector = connect_with((struct tls_connector_settings){ 0 });
    X509 *leaf;

    cr_assert(meet(acceptor, connector, host), "%s", conn_trouble(&client));
    leaf = SSL_get0_peer_certificate(ssl_of(&client));
    (void)X509_NAME_get_text_by_NID(X509_get_subject_name(leaf), NID_commonName, name,
                                    sizeof name);
    tls_connector_destroy(connector);
    return name;
}

Test(tls_acceptor_renew, puts_one_certificate_in_the_place_of_another)
{
    struct wish wish = { .subject = "old", .names = "DNS:a.test", .issuer = &authority };
    struct wish other = { .subject = "b", .names = "DNS:b.test", .issuer = &authority };
    const char *paths[] = { issue("a.pem", &wish), issue("b.pem", &other) };
    struct tls_acceptor_settings settings = { .policy = "web",
                                              .paths = paths,
                                              .path_count = 2 };
    struct tls_acceptor *old = accept_with(settings, NULL), *next;
    struct tls_chain chain = { paths[0], pem_of("new", "DNS:a.test") };

    next = tls_acceptor_renew(old, &settings, &chain, problems);
    cr_assert(next, "%s", said(problems));

    cr_expect_str_eq(shown(next, "a.test"), "new");
    cr_expect_str_eq(shown(next, "b.test"), "b");
    cr_expect_str_eq(shown(old, "a.test"), "old");
    cr_expect_str_eq(tls_acceptor_path(next, 0), paths[0]);
    cr_expect_str_eq(tls_acceptor_path(next, 1), paths[1]);
    cr_expect_null(tls_acceptor_path(next, 2));
    tls_acceptor_destroy(old);
    cr_expect_str_eq(shown(next, "a.test"), "new");
    tls_acceptor_destroy(next);
}

Test(tls_acceptor_renew, adds_one_certificate)
{
    struct wish wish = { .subject = "a", .names = "DNS:a.test", .issuer = &authority };
    struct tls_acceptor_settings settings;
    struct tls_acceptor *old = make(&settings, issue("a.pem", &wish)), *next, *last;
    struct tls_chain chain = { "/b.pem", pem_of("b", "DNS:b.test") };

    next = tls_acceptor_renew(old, &settings, &chain, problems);
    cr_assert(next, "%s", said(problems));
    cr_expect_str_eq(shown(next, "a.test"), "a");
    cr_expect_str_eq(shown(next, "b.test"), "b");

    chain.pem = pem_of("again", "DNS:b.test");
    last = tls_acceptor_renew(next, &settings, &chain, problems);
    cr_assert(last, "%s", said(problems));
    cr_expect_str_eq(shown(last, "b.test"), "again");
    cr_expect_null(tls_acceptor_path(last, 2));
    tls_acceptor_destroy(old);
    tls_acceptor_destroy(next);
    tls_acceptor_destroy(last);
}

/* Files that were changed or lost meanwhile are not looked at. */
Test(tls_acceptor_renew, reads_no_file)
{
    struct wish wish = { .names = "DNS:a.test", .issuer = &authority };
    struct wish guest = { .subject = "guest", .issuer = &authority };
    const char *path = issue("a.pem", &wish), *visitor = issue("guest.pem", &guest);
    struct tls_chain chain = { "/b.pem", pem_of("b", "DNS:b.test") };
    struct tls_acceptor_settings settings = {
        .policy = "web",
        .paths = &path,
        .path_count = 1,
        .rules.alpn = "h2",
        .verify = TLS_VERIFY_REQUIRED,
        .client_ca = write_certificate("ca", &authority)
    };
    struct tls_connector *connector = connect_with(
        (struct tls_connector_settings){ .certificate = visitor, .rules.alpn = "h2" });
    struct tls_acceptor *old = accept_with(settings, path), *next;

    cr_assert_eq(unlink(path), 0);
    cr_assert_eq(unlink(settings.client_ca), 0);
    next = tls_acceptor_renew(old, &settings, &chain, problems);
    cr_assert(next, "%s", said(problems));
    tls_acceptor_destroy(old);
    cr_assert(meet(next, connector, "a.test"), "%s", conn_trouble(&server));
    cr_expect_str_eq(tls_facts(&server).client_name, "guest");
    cr_expect_str_eq(tls_facts(&server).alpn, "h2");
    tls_connector_destroy(connector);

    connector = connect_with((struct tls_connector_settings){ .rules.alpn = "h2" });
    cr_expect_not(meet(next, connector, "a.test"));
    tls_connector_destroy(connector);
    tls_acceptor_destroy(next);
}

Test(tls_acceptor_renew, takes_the_tickets_of_the_one_before)
{
    struct wish wish = { .names = "DNS:a.test", .issuer = &authority };
    struct tls_connector *connector = connect_with((struct tls_connector_settings){ 0 });
    struct tls_acceptor_settings settings;
    struct tls_acceptor *old = make(&settings, issue("a.pem", &wish)), *next;
    struct tls_chain chain = { tls_acceptor_path(old, 0), pem_of("b", "DNS:a.test") };

    cr_assert(meet(old, connector, "a.test"));
    next = tls_acceptor_renew(old, &settings, &chain, problems);
    cr_assert(next, "%s", said(problems));
    cr_assert(meet(next, connector, "a.test"));
    cr_expect(tls_facts(&server).is_resumed);
    tls_acceptor_destroy(old);
    tls_acceptor_destroy(next);
    tls_connector_destroy(connector);
}

Test(tls_acceptor_renew, refuses_what_cannot_be_used)
{
    struct wish wish = { .names = "DNS:a.test", .issuer = &authority };
    struct tls_acceptor_settings settings;
    struct tls_acceptor *old = make(&settings, issue("a.pem", &wish));
    struct tls_chain chain = { "/b.pem", "nonsense" };

    cr_expect_null(tls_acceptor_renew(old, &settings, &chain, problems));
    cr_expect_str_eq(said(problems), "/b.pem: there is no certificate in it\n");
    tls_acceptor_destroy(old);
}

Test(tls_acceptor_renew, describes_its_certificates)
{
    struct wish wish = { .subject = "a", .names = "DNS:a.test,IP:127.0.0.1" };
    const char *path = issue("a.pem", &wish);
    struct tls_acceptor_settings settings;
    struct tls_acceptor *acceptor = make(&settings, path);
    struct buffer facts = { 0 };

    cr_expect_not(tls_acceptor_describe(acceptor, "/other", &facts));
    cr_expect_str_eq(buffer_text(&facts), "");
    cr_expect(tls_acceptor_describe(acceptor, path, &facts));
    cr_expect(strstr(buffer_text(&facts),
                     "\nSubject Alternative Name: DNS:a.test, IP Address:127.0.0.1\n"
                     "Algorithm: EC256\nSHA1 FingerPrint: "),
              "%s", buffer_text(&facts));
    cr_expect(strstr(buffer_text(&facts), "\nSubject: /CN=a\nIssuer: /CN=a\n"));
    buffer_deinit(&facts);
    tls_acceptor_destroy(acceptor);
}
