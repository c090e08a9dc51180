#include "net/tls_ticket.h"

#include "tls_pair.h"

static struct tls_ticket_keys keys;
static struct tls_connector *connector;

static void set_up(void)
{
    struct wish wish = { .names = "DNS:a.test,DNS:b.test", .issuer = &authority };
    struct wish own = { .subject = "somebody", .issuer = &authority };

    set_up_pair();
    (void)issue("a.pem", &wish);
    (void)issue("client.pem", &own);
    connector = connect_with((struct tls_connector_settings){ 0 });
    tls_ticket_keys_rotate(&keys);
    tls_ticket_use(&keys);
}

static void tear_down(void)
{
    tls_connector_destroy(connector);
    tear_down_pair();
}

TestSuite(tls_ticket, .timeout = 60, .init = set_up, .fini = tear_down);

static struct tls_acceptor *make(const char *policy, enum tls_verify verify)
{
    struct tls_acceptor_settings settings = { .policy = policy, .verify = verify };

    if (verify)
        settings.client_ca = authority_path;
    return accept_with(settings, in_folder("a.pem"));
}

/* The handshake of another pair; what came of it. */
static bool visit(const struct tls_acceptor *acceptor, unsigned worker, bool is_old)
{
    close_pair();
    connect_pair();
    cr_assert(tls_accept(&server, acceptor, worker));
    cr_assert(tls_connect(&client, connector, 0, "a.test"));
    if (is_old)
        SSL_set_max_proto_version(ssl_of(&client), TLS1_2_VERSION);
    return is_shaken();
}

static bool is_resumed(void)
{
    return tls_facts(&server).is_resumed && tls_facts(&client).is_resumed;
}

Test(tls_ticket, is_good_with_every_worker)
{
    for (int is_old = 0; is_old <= 1; is_old++) {
        struct tls_acceptor *acceptor = make("web", TLS_VERIFY_NONE);

        cr_expect(visit(acceptor, 0, is_old));
        if (!is_old)
            cr_expect_not(is_resumed());
        for (unsigned worker = 0; worker <= WORKERS; worker++) {
            cr_expect(visit(acceptor, worker, is_old));
            cr_expect(is_resumed(), "%d %u", is_old, worker);
            cr_expect_str_eq(tls_facts(&server).name, "a.test");
        }
        tls_acceptor_destroy(acceptor);
        tls_connector_destroy(connector);
        connector = connect_with((struct tls_connector_settings){ 0 });
    }
}

Test(tls_ticket, is_the_only_one_of_its_handshake)
{
    struct tls_acceptor *acceptor = make("web", TLS_VERIFY_NONE);

    cr_expect(visit(acceptor, 0, false));
    cr_expect_eq(SSL_get_num_tickets(ssl_of(&server)), 1);
    tls_acceptor_destroy(acceptor);
}

Test(tls_ticket, outlives_the_acceptor_that_gave_it)
{
    struct tls_acceptor *acceptor = make("web", TLS_VERIFY_NONE);

    cr_expect(visit(acceptor, 0, false));
    tls_acceptor_destroy(acceptor);
    acceptor = make("web", TLS_VERIFY_NONE);
    cr_expect(visit(acceptor, 1, false));
    cr_expect(is_resumed());
    tls_acceptor_destroy(acceptor);
}

Test(tls_ticket, is_good_for_two_rotations)
{
    for (int is_old = 0; is_old <= 1; is_old++) {
        struct tls_acceptor *acceptor = make("web", TLS_VERIFY_NONE);
        SSL_SESSION *session;

        cr_expect(visit(acceptor, 0, is_old));
        session = SSL_get1_session(ssl_of(&client));
        for (int rotations = 1; rotations <= 3; rotations++) {
            tls_ticket_keys_rotate(&keys);
            tls_ticket_use(&keys);
            close_pair();
            connect_pair();
            begin(acceptor, connector, "a.test");
            if (is_old)
                SSL_set_max_proto_version(ssl_of(&client), TLS1_2_VERSION);
            resume(session);
            cr_assert(is_shaken());
            cr_expect_eq(is_resumed(), rotations <= 2, "%d: %d", is_old, rotations);
        }
        SSL_SESSION_free(session);
        tls_acceptor_destroy(acceptor);
        tls_connector_destroy(connector);
        connector = connect_with((struct tls_connector_settings){ 0 });
    }
}

/* nginx CVE-2025-23419: who got a ticket where nobody is asked for a certificate came in
 * with it where everybody is. */
Test(tls_ticket, opens_no_door_where_more_is_asked)
{
    for (int is_old = 0; is_old <= 1; is_old++) {
        struct tls_acceptor *open = make("open", TLS_VERIFY_NONE);
        struct tls_acceptor *closed = make("closed", TLS_VERIFY_REQUIRED);
        struct tls_acceptor *same = make("open", TLS_VERIFY_REQUIRED);

        cr_expect(visit(open, 0, is_old));
        cr_expect(visit(open, 0, is_old) && is_resumed());
        cr_expect_not(visit(closed, 0, is_old));
        cr_expect_str_eq(conn_trouble(&server), "no certificate was shown");
        cr_expect_not(visit(same, 0, is_old));
        cr_expect_str_eq(conn_trouble(&server), "no certificate was shown");
        tls_acceptor_destroy(open);
        tls_acceptor_destroy(closed);
        tls_acceptor_destroy(same);
        tls_connector_destroy(connector);
        connector = connect_with((struct tls_connector_settings){ 0 });
    }
}

Test(tls_ticket, is_asked_anew_under_another_policy)
{
    struct tls_acceptor *one = make("one", TLS_VERIFY_NONE);
    struct tls_acceptor *other = make("other", TLS_VERIFY_NONE);

    for (int is_old = 0; is_old <= 1; is_old++) {
        cr_expect(visit(one, 0, is_old));
        cr_expect(visit(other, 0, is_old));
        cr_expect_not(is_resumed());
    }
    tls_acceptor_destroy(one);
    tls_acceptor_destroy(other);
}

Test(tls_ticket, remembers_the_certificate_of_the_client)
{
    tls_connector_destroy(connector);
    connector = connect_with(
        (struct tls_connector_settings){ .certificate = in_folder("client.pem") });
    for (int is_old = 0; is_old <= 1; is_old++) {
        struct tls_acceptor *acceptor = make("web", TLS_VERIFY_REQUIRED);

        cr_expect(visit(acceptor, 0, is_old));
        cr_expect(visit(acceptor, 1, is_old));
        cr_expect(is_resumed());
        cr_expect(tls_facts(&server).is_verified);
        cr_expect_str_eq(tls_facts(&server).client_name, "somebody");
        tls_acceptor_destroy(acceptor);
    }
}

Test(tls_ticket, has_a_key_when_none_was_given)
{
    struct tls_acceptor *acceptor = make("web", TLS_VERIFY_NONE);

    tls_ticket_use(&(struct tls_ticket_keys){ 0 });
    cr_expect(visit(acceptor, 0, false));
    cr_expect(visit(acceptor, 0, false));
    cr_expect(is_resumed());
    tls_acceptor_destroy(acceptor);
}

Test(tls_ticket, has_three_keys_at_most)
{
    struct tls_ticket_keys some = { 0 };
    unsigned char first[TLS_TICKET_KEY_BYTES];

    tls_ticket_keys_rotate(&some);
    memcpy(first, some.bytes[0], sizeof first);
    for (unsigned i = 2; i < 6; i++) {
        tls_ticket_keys_rotate(&some);
        cr_expect_eq(some.count, i < 3 ? i : 3);
        if (i <= 3)
            cr_expect_arr_eq(some.bytes[i - 1], first, sizeof first);
    }
    cr_expect_arr_neq(some.bytes[2], first, sizeof first);
}
