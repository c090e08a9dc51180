#include "net/tls_connector.h"

#include "tls_pair.h"

#include <arpa/inet.h>

static void set_up(void)
{
    struct wish wish = { .names = "DNS:a.test,DNS:*.b.test,IP:127.0.0.1,IP:::1",
                         .issuer = &authority };

    set_up_pair();
    (void)issue("a.pem", &wish);
}

TestSuite(tls_connector, .timeout = 60, .init = set_up, .fini = tear_down_pair);

static struct tls_acceptor *accept_here(const char *path)
{
    return accept_with((struct tls_acceptor_settings){ 0 }, path);
}

Test(tls_connector, verifies_names_and_ips)
{
    static const struct {
        const char *host, *trouble;
    } cases[] = {
        { "a.test", "" },
        { "a.test.", "" },
        { "A.Test", "" },
        { "x.b.test", "" },
        { "127.0.0.1", "" },
        { "::1", "" },
        { "c.test", "certificate verify failed: hostname mismatch" },
        { "b.test", "certificate verify failed: hostname mismatch" },
        { "x.y.b.test", "certificate verify failed: hostname mismatch" },
        { "127.0.0.2", "certificate verify failed: IP address mismatch" },
    };
    struct tls_acceptor *acceptor = accept_here(in_folder("a.pem"));
    struct tls_connector *connector = connect_with((struct tls_connector_settings){ 0 });

    for (size_t i = 0; i < COUNT(cases); i++) {
        cr_expect_eq(meet(acceptor, connector, cases[i].host), !*cases[i].trouble);
        cr_expect_str_eq(conn_trouble(&client), cases[i].trouble, "%s: %s", cases[i].host,
                         conn_trouble(&client));
    }
    tls_acceptor_destroy(acceptor);
    tls_connector_destroy(connector);
}

Test(tls_connector, asks_for_the_name_it_was_told)
{
    struct tls_acceptor *acceptor = accept_here(in_folder("a.pem"));
    struct tls_connector *connector = connect_with(
        (struct tls_connector_settings){ .name = "x.b.test" });

    cr_expect(meet(acceptor, connector, "127.0.0.9"));
    cr_expect_str_eq(tls_facts(&server).name, "x.b.test");
    cr_expect_str_eq(tls_facts(&client).name, "127.0.0.9");
    tls_acceptor_destroy(acceptor);
    tls_connector_destroy(connector);
}

Test(tls_connector, asks_for_no_ip)
{
    struct tls_acceptor *acceptor = accept_here(in_folder("a.pem"));
    struct tls_connector *connector = connect_with((struct tls_connector_settings){ 0 });

    cr_expect(meet(acceptor, connector, "::1"));
    cr_expect_str_eq(tls_facts(&server).name, "");
    tls_acceptor_destroy(acceptor);
    tls_connector_destroy(connector);
}

Test(tls_connector, trusts_only_whom_it_should)
{
    struct identity other = make_identity(&(struct wish){ .subject = "other" });
    struct wish by_other = { .names = "DNS:a.test", .issuer = &other };
    struct wish expired = {
        .names = "DNS:a.test", .issuer = &authority, .from_day = -9, .to_day = -2
    };
    struct wish own = { .names = "DNS:a.test" };
    const struct {
        const char *path, *trouble;
    } cases[] = {
        { issue("other.pem", &by_other),
          "certificate verify failed: unable to get local issuer certificate" },
        { issue("expired.pem", &expired),
          "certificate verify failed: certificate has expired" },
        { issue("own.pem", &own), "certificate verify failed: self-signed certificate" },
    };
    struct tls_connector *connector = connect_with((struct tls_connector_settings){ 0 });

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct tls_acceptor *acceptor = accept_here(cases[i].path);

        cr_expect_not(meet(acceptor, connector, "a.test"));
        cr_expect_str_eq(conn_trouble(&client), cases[i].trouble, "%s",
                         conn_trouble(&client));
        tls_acceptor_destroy(acceptor);
    }
    tls_connector_destroy(connector);
    drop_identity(&other);
}

Test(tls_connector, trusts_a_certificate_that_is_its_own_authority)
{
    struct identity own = make_identity(&(struct wish){ .names = "DNS:a.test" });
    struct tls_acceptor *acceptor = accept_here(write_both("own.pem", &own));
    struct tls_connector *connector = connect_with(
        (struct tls_connector_settings){ .ca = write_certificate("ca.pem", &own) });

    cr_expect(meet(acceptor, connector, "a.test"));
    tls_acceptor_destroy(acceptor);
    tls_connector_destroy(connector);
    drop_identity(&own);
}

Test(tls_connector, verifies_nothing_when_told)
{
    struct wish own = { .names = "DNS:other.test" };
    struct tls_connector_settings settings = { .verify = false };
    struct tls_acceptor *acceptor = accept_here(issue("own.pem", &own));
    struct tls_connector *connector = tls_connector_create(&settings, WORKERS, problems);

    cr_assert(connector);
    cr_expect(meet(acceptor, connector, "a.test"));
    cr_expect(tls_facts(&client).has_certificate);
    cr_expect_not(tls_facts(&client).is_verified);
    tls_acceptor_destroy(acceptor);
    tls_connector_destroy(connector);
}

Test(tls_connector, trusts_the_authorities_of_the_system)
{
    struct tls_acceptor *acceptor = accept_here(in_folder("a.pem"));
    struct tls_connector_settings settings = { .verify = true };
    struct tls_connector *connector;

    cr_assert_eq(setenv("SSL_CERT_FILE", authority_path, 1), 0);
    connector = tls_connector_create(&settings, WORKERS, problems);
    cr_assert(connector, "%s", said(problems));
    cr_expect(meet(acceptor, connector, "a.test"));
    tls_acceptor_destroy(acceptor);
    tls_connector_destroy(connector);
}

Test(tls_connector, says_what_it_cannot_read)
{
    struct tls_connector_settings settings = { .place = { "usher.ini", 7 },
                                               .verify = true,
                                               .ca = "/nowhere",
                                               .certificate = "/neither" };

    cr_expect_null(tls_connector_create(&settings, WORKERS, problems));
    cr_expect_str_eq(said(problems),
                     "usher.ini:7: /nowhere: cannot be read: No such file or directory\n"
                     "usher.ini:7: /neither: cannot be read: No such file or "
                     "directory\n");
}

Test(tls_connector, resumes_with_the_same_host_only)
{
    for (int is_old = 0; is_old <= 1; is_old++) {
        struct tls_acceptor *acceptor = accept_here(in_folder("a.pem"));
        struct tls_connector *connector = connect_with(
            (struct tls_connector_settings){ .name = "a.test" });
        static const struct {
            const char *host;
            bool is_resumed;
        } visits[] = { { "one", false },
                       { "one", true },
                       { "two", false },
                       { "one", true },
                       { "two", true } };

        for (size_t i = 0; i < COUNT(visits); i++) {
            close_pair();
            connect_pair();
            begin(acceptor, connector, visits[i].host);
            if (is_old)
                SSL_set_max_proto_version(ssl_of(&client), TLS1_2_VERSION);
            cr_expect(is_shaken());
            cr_expect_eq(tls_facts(&client).is_resumed, visits[i].is_resumed, "%d %zu",
                         is_old, i);
            cr_expect(tls_facts(&client).is_verified);
        }
        tls_acceptor_destroy(acceptor);
        tls_connector_destroy(connector);
    }
}

Test(tls_connector, remembers_as_many_hosts_as_it_has_room_for)
{
    struct tls_acceptor *acceptor = accept_here(in_folder("a.pem"));
    struct tls_connector *connector = connect_with(
        (struct tls_connector_settings){ .name = "a.test" });
    char host[16];

    for (int i = 0; i < 80; i++) {
        (void)snprintf(host, sizeof host, "host%d", i);
        cr_expect(meet(acceptor, connector, host));
        cr_expect(meet(acceptor, connector, "first"));
        cr_expect_eq(tls_facts(&client).is_resumed, i > 0);
    }
    cr_expect(meet(acceptor, connector, "host79"));
    cr_expect(tls_facts(&client).is_resumed);
    cr_expect(meet(acceptor, connector, "host3"));
    cr_expect_not(tls_facts(&client).is_resumed);
    tls_acceptor_destroy(acceptor);
    tls_connector_destroy(connector);
}

Test(tls_connector, forgets_sessions_that_failed)
{
    struct tls_acceptor *acceptor = accept_here(in_folder("a.pem"));
    struct tls_connector *connector = connect_with((struct tls_connector_settings){ 0 });

    cr_expect(meet(acceptor, connector, "a.test"));
    conn_close_by_reset(&server, loop);
    cr_expect_eq(read_one(&client), IO_FAILED);
    cr_expect(meet(acceptor, connector, "a.test"));
    tls_acceptor_destroy(acceptor);
    tls_connector_destroy(connector);
}
