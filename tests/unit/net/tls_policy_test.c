#include "net/tls_policy.h"

#include "tls_pair.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *issue_site(void)
{
    struct wish wish = { .names = "DNS:a.test", .issuer = &authority };

    return issue("a.pem", &wish);
}

TestSuite(tls_policy, .timeout = 60, .init = set_up_pair, .fini = tear_down_pair);

/* A greeting with the given SNI extension; the length of all is one byte each. */
static void greet_with(const char *extension, size_t length)
{
    unsigned char hello[256] = { 22, 3, 1, 0, 0, 1, 0, 0, 0, 3, 3 };
    size_t at = 11 + 32;
    static const unsigned char middle[] = { 0, 0, 2, 0xc0, 0x2f, 1, 0 };

    memcpy(hello + at, middle, sizeof middle);
    at += sizeof middle;
    hello[at + 1] = (unsigned char)(length + 4);
    hello[at + 5] = (unsigned char)length;
    memcpy(hello + at + 6, extension, length);
    at += 6 + length;
    hello[4] = (unsigned char)(at - 5);
    hello[8] = (unsigned char)(at - 9);
    cr_assert_eq(send(conn_fd(&client), hello, at, 0), (ssize_t)at);
}

Test(tls_policy, refuses_malformed_names)
{
    static const struct {
        const char *extension;
        size_t length;
        bool is_good;
    } cases[] = {
        { "\0\7\0\0\4a\0bc", 9, false },
        { "\0\7\0\0\4abc", 8, false },
        { "\0\7\0\0\5abcd", 9, false },
        { "\0\7\0\0\3abcd", 9, false },
        { "\0\7\1\0\4abcd", 9, false },
        { "\0\3\0\0\0", 5, false },
        { "", 0, false },
        { "\0", 1, false },
        { "\0\7\0\0\4a/cd", 9, false },
        { "\0\7\0\0\4a..d", 9, false },
        { "\0\7\0\0\4.bcd", 9, false },
        { "\0\10\0\0\1a\0\0\1b", 10, false },
        { "\0\7\0\0\4abcd", 9, true },
    };
    struct tls_acceptor *acceptor = accept_with((struct tls_acceptor_settings){ 0 },
                                                issue_site());

    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *trouble = cases[i].is_good ? "no signature algorithm in common"
                                               : "the client asked for a malformed name";

        close_pair();
        connect_pair();
        cr_assert(tls_accept(&server, acceptor, 0));
        greet_with(cases[i].extension, cases[i].length);
        (void)conn_handshake(&server);
        if (cases[i].is_good)
            cr_expect_str_eq(tls_facts(&server).name, "abcd");
        else
            cr_expect_str_eq(conn_trouble(&server), trouble, "%zu", i);
    }
    tls_acceptor_destroy(acceptor);
}

/* RFC 6066 3: addresses are no names. A router sees none, so there is none here. */
Test(tls_policy, takes_an_address_for_no_name)
{
    struct tls_acceptor *acceptor =
        accept_with((struct tls_acceptor_settings){ .strict_sni = true }, issue_site());

    cr_assert(tls_accept(&server, acceptor, 0));
    greet_with("\0\14\0\0\t127.0.0.1", 14);
    cr_expect_eq(conn_handshake(&server), IO_FAILED);
    cr_expect_str_eq(conn_trouble(&server), "no certificate: no name was asked for");
    cr_expect_str_eq(tls_facts(&server).name, "");
    tls_acceptor_destroy(acceptor);
}

/* The first greeting has no share of the only group, so that there is a second one. */
Test(tls_policy, refuses_a_second_greeting_for_another_name)
{
    struct tls_acceptor *acceptor = accept_with(
        (struct tls_acceptor_settings){ .rules.groups = "P-384" }, issue_site());
    struct tls_connector *connector = connect_with((struct tls_connector_settings){ 0 });
    static const char *const again[] = { "A.test.", "b.test", "" };

    for (size_t i = 0; i < COUNT(again); i++) {
        enum io of_client, of_server;

        close_pair();
        connect_pair();
        begin(acceptor, connector, "a.test");
        (void)conn_handshake(&client);
        cr_assert_eq(conn_handshake(&server), IO_AGAIN);
        cr_assert(SSL_ctrl(ssl_of(&client), SSL_CTRL_SET_TLSEXT_HOSTNAME,
                           TLSEXT_NAMETYPE_host_name,
                           *again[i] ? (void *)(uintptr_t)again[i] : NULL));
        shake(&of_client, &of_server);
        cr_expect_eq(of_server, i ? IO_FAILED : IO_DONE, "%s", conn_trouble(&server));
        cr_expect_str_eq(conn_trouble(&server),
                         i ? "the client's second greeting asks for another name" : "");
    }
    tls_acceptor_destroy(acceptor);
    tls_connector_destroy(connector);
}
