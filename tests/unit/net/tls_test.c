#include "net/tls.h"

#include "tls_pair.h"

static void set_up(void)
{
    struct wish wish = { .names = "DNS:a.test", .issuer = &authority };

    set_up_pair();
    (void)issue("a.pem", &wish);
}

TestSuite(tls, .timeout = 60, .init = set_up, .fini = tear_down_pair);

static void accept_alone(void)
{
    struct tls_acceptor *acceptor = accept_with((struct tls_acceptor_settings){ 0 },
                                                in_folder("a.pem"));

    cr_assert(tls_accept(&server, acceptor, 0));
    tls_acceptor_destroy(acceptor);
}

Test(tls, tells_what_came_of_the_handshake)
{
    struct tls_facts facts = tls_facts(&client);

    cr_expect_str_eq(facts.version, "");
    cr_expect_str_eq(facts.name, "");
    meet_plainly(false);
    facts = tls_facts(&server);
    cr_expect_str_eq(facts.version, "TLSv1.3");
    cr_expect_str_eq(facts.cipher, "TLS_AES_256_GCM_SHA384");
    cr_expect_str_eq(facts.name, "a.test");
    cr_expect_str_eq(facts.alpn, "");
    cr_expect_str_eq(facts.client_name, "");
    cr_expect_not(facts.has_certificate || facts.is_verified || facts.is_resumed);

    facts = tls_facts(&client);
    cr_expect(facts.has_certificate && facts.is_verified);
}

/* Sixty-four of them are as long as a common name may be. */
#define BIRDS "\xf0\x9f\x90\xa6\xf0\x9f\x90\xa6\xf0\x9f\x90\xa6\xf0\x9f\x90\xa6"
#define FLOCK BIRDS BIRDS BIRDS BIRDS

/* As it is, for a server to compare: nothing escaped, nothing cut. */
Test(tls, knows_a_client_by_its_certificate)
{
    static const struct {
        const char *subject;
        int length;
        const char *name;
    } cases[] = {
        { "Jos\xc3\xa9 \n\x01", 0, "Jos\xc3\xa9 \n\x01" },
        { FLOCK FLOCK FLOCK FLOCK, 0, FLOCK FLOCK FLOCK FLOCK },
        { "admin\0.test", 11, "" },
    };
    struct tls_acceptor *acceptor =
        accept_with((struct tls_acceptor_settings){ .verify = TLS_VERIFY_REQUIRED,
                                                    .client_ca = authority_path },
                    in_folder("a.pem"));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct wish wish = { .subject = cases[i].subject,
                             .subject_length = cases[i].length,
                             .issuer = &authority };
        struct tls_connector *connector = connect_with(
            (struct tls_connector_settings){ .certificate = issue("client.pem", &wish) });
        struct tls_facts facts;

        cr_assert(meet(acceptor, connector, "a.test"), "%s", conn_trouble(&server));
        facts = tls_facts(&server);
        cr_expect(facts.has_certificate && facts.is_verified);
        cr_expect_str_eq(facts.client_name, cases[i].name);
        tls_connector_destroy(connector);
    }
    tls_acceptor_destroy(acceptor);
}

Test(tls, says_what_strangers_speak)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *trouble;
    } cases[] = {
        { "GET / HTTP/1.1\r\n\r\n", 18, "the client speaks HTTP without TLS" },
        { "POST / HTTP/1.1\r\n\r\n", 19, "the client speaks HTTP without TLS" },
        { "CONNECT a:1 HTTP/1.1\r\n\r\n", 24,
          "the client speaks to an HTTP proxy without TLS" },
        { "SSH-2.0-OpenSSH_9.2\r\n", 21, "the client does not speak TLS" },
        { "\0\0\0\0\0\0\0\0\0\0\0\0", 12, "the client does not speak TLS" },
        { "\26\3\1\377\377aaaaaaaaa", 14, "the client sent a record that is too long" },
        { "\26\3\1\0\4\1\0\0\0", 9, NULL },
        { "\25\3\1\0\2\2\50", 7, NULL },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        close_pair();
        connect_pair();
        accept_alone();
        cr_expect_eq(conn_handshake(&server), IO_AGAIN);
        cr_expect_eq(server.wants, EV_READ);
        cr_assert_eq(send(conn_fd(&client), cases[i].bytes, cases[i].length, 0),
                     (ssize_t)cases[i].length);
        cr_expect_eq(conn_handshake(&server), IO_FAILED);
        cr_expect_eq(conn_handshake(&server), IO_FAILED);
        if (cases[i].trouble)
            cr_expect_str_eq(conn_trouble(&server), cases[i].trouble);
        cr_expect_str_not_empty(conn_trouble(&server));
    }
}

Test(tls, says_that_a_server_speaks_no_tls)
{
    struct tls_connector *connector = connect_with((struct tls_connector_settings){ 0 });

    cr_assert(tls_connect(&client, connector, 0, "a.test"));
    cr_expect_eq(conn_handshake(&client), IO_AGAIN);
    cr_assert_eq(send(conn_fd(&server), "220 mail ready\r\n", 16, 0), 16);
    cr_expect_eq(conn_handshake(&client), IO_FAILED);
    cr_expect_str_eq(conn_trouble(&client), "the server does not speak TLS");
    tls_connector_destroy(connector);
}

Test(tls, says_that_a_peer_left)
{
    struct tls_connector *connector = connect_with((struct tls_connector_settings){ 0 });

    accept_alone();
    cr_assert_eq(shutdown(conn_fd(&client), SHUT_WR), 0);
    cr_expect_eq(conn_handshake(&server), IO_FAILED);
    cr_expect_str_eq(conn_trouble(&server), "the client left without a farewell");

    close_pair();
    connect_pair();
    cr_assert(tls_connect(&client, connector, 0, "a.test"));
    cr_assert_eq(shutdown(conn_fd(&server), SHUT_WR), 0);
    cr_expect_eq(conn_handshake(&client), IO_FAILED);
    cr_expect_str_eq(conn_trouble(&client), "the server left without a farewell");
    tls_connector_destroy(connector);
}

Test(tls, finds_no_version_in_common)
{
    enum io of_client, of_server;
    struct tls_acceptor *acceptor =
        accept_with((struct tls_acceptor_settings){ .rules.min_version = TLS_1_3 },
                    in_folder("a.pem"));
    struct tls_connector *connector = connect_with((struct tls_connector_settings){ 0 });

    begin(acceptor, connector, "a.test");
    SSL_set_max_proto_version(ssl_of(&client), TLS1_2_VERSION);
    shake(&of_client, &of_server);
    cr_expect_eq(of_server, IO_FAILED);
    cr_expect_str_eq(conn_trouble(&server), "no protocol version in common");
    cr_expect_str_eq(conn_trouble(&client),
                     "the server refused: no protocol version in common");
    tls_acceptor_destroy(acceptor);
    tls_connector_destroy(connector);
}

/* One byte from each side to the other, with as many events as there are bytes. */
static void pass_byte(int from, int to)
{
    char byte;

    if (recv(from, &byte, 1, 0) == 1)
        cr_assert_eq(send(to, &byte, 1, 0), 1);
}

Test(tls, does_not_mind_single_bytes)
{
    struct tls_acceptor *acceptor = accept_with((struct tls_acceptor_settings){ 0 },
                                                in_folder("a.pem"));
    struct tls_connector *connector = connect_with((struct tls_connector_settings){ 0 });
    enum io of_client = IO_AGAIN, of_server = IO_AGAIN;
    struct conn other = client;
    int ends[2];

    /* client -- other's socket, the test's two ends, server */
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends),
                 0);
    conn_init(&client, on_anything, NULL);
    conn_open(&client, ends[0]);
    begin(acceptor, connector, "a.test");
    for (int i = 0; i < 20000 && (of_client == IO_AGAIN || of_server == IO_AGAIN); i++) {
        of_client = conn_handshake(&client);
        of_server = conn_handshake(&server);
        pass_byte(ends[1], conn_fd(&other));
        pass_byte(conn_fd(&other), ends[1]);
    }
    cr_expect_eq(of_client, IO_DONE);
    cr_expect_eq(of_server, IO_DONE);
    conn_close(&other, loop);
    (void)close(ends[1]);
    tls_acceptor_destroy(acceptor);
    tls_connector_destroy(connector);
}

/* The same greeting, but in records of seven bytes each. */
static void split(int from, int to)
{
    unsigned char greeting[2048], record[5 + 7] = { 22, 3, 1, 0, 7 };
    ssize_t length = recv(from, greeting, sizeof greeting, 0);

    cr_assert_gt(length, 5);
    for (ssize_t at = 5; at < length; at += 7) {
        ssize_t count = length - at < 7 ? length - at : 7;

        memcpy(record + 5, greeting + at, (size_t)count);
        record[4] = (unsigned char)count;
        cr_assert_eq(send(to, record, (size_t)count + 5, 0), count + 5);
    }
}

/* Traefik CVE-2026-32305: a name that was not found chose the rules of nobody. */
Test(tls, finds_the_name_in_a_greeting_of_many_records)
{
    struct tls_acceptor *acceptor = accept_with(
        (struct tls_acceptor_settings){ .strict_sni = true }, in_folder("a.pem"));
    struct tls_connector *connector = connect_with((struct tls_connector_settings){ 0 });
    static const char *const names[] = { "a.test", "b.test" };

    for (size_t i = 0; i < COUNT(names); i++) {
        int ends[2];

        close_pair();
        connect_pair();
        cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
        cr_assert(tls_connect(&client, connector, 0, names[i]));
        cr_expect_eq(conn_handshake(&client), IO_AGAIN);
        split(conn_fd(&server), ends[0]);
        conn_close(&server, loop);
        conn_open(&server, ends[1]);
        cr_assert(tls_accept(&server, acceptor, 0));
        cr_expect_eq(conn_handshake(&server), i == 0 ? IO_AGAIN : IO_FAILED);
        cr_expect_str_eq(tls_facts(&server).name, names[i]);
        cr_expect_str_eq(conn_trouble(&server),
                         i == 0 ? "" : "no certificate for the name b.test");
        (void)close(ends[0]);
    }
    tls_acceptor_destroy(acceptor);
    tls_connector_destroy(connector);
}

Test(tls, survives_what_made_it)
{
    struct tls_acceptor *acceptor = accept_with((struct tls_acceptor_settings){ 0 },
                                                in_folder("a.pem"));
    struct tls_connector *connector = connect_with((struct tls_connector_settings){ 0 });

    begin(acceptor, connector, "a.test");
    cr_expect_eq(conn_handshake(&client), IO_AGAIN);
    tls_acceptor_destroy(acceptor);
    tls_connector_destroy(connector);
    cr_expect(is_shaken());
}

Test(tls, takes_only_names_it_can_ask_for)
{
    struct tls_connector *connector = connect_with((struct tls_connector_settings){ 0 });
    char name[300] = { 0 };

    memset(name, 'a', sizeof name - 1);
    cr_expect_not(tls_connect(&client, connector, 0, name));
    tls_connector_destroy(connector);
}
