#include "net/conn_tls.h"

#include "tls_pair.h"

enum { MEGABYTE = 1024 * 1024, ROOM = 64 * 1024 };

/* A byte stream that shows where a piece of it belongs. */
struct way {
    struct conn *from, *to;
    size_t length, put, got;
    bool is_finished, has_ended;
};

static unsigned char sent[ROOM], received[ROOM];

static unsigned char byte_at(size_t at)
{
    return (unsigned char)(at * 31 + at / 251);
}

static void put_some(struct way *way)
{
    size_t length = way->length - way->put, put = 0;

    if (way->is_finished)
        return;
    if (length > sizeof sent)
        length = sizeof sent;
    for (size_t i = 0; i < length; i++)
        sent[i] = byte_at(way->put + i);
    cr_assert_neq(conn_write(way->from, sent, length, &put), IO_FAILED);
    way->put += put;
    if (way->put < way->length)
        return;
    way->is_finished = true;
    conn_finish(way->from);
}

static void get_some(struct way *way)
{
    size_t got = 0;
    enum io io;

    if (way->has_ended)
        return;
    io = conn_read(way->to, received, sizeof received, &got);
    cr_assert_neq(io, IO_FAILED, "%s", conn_trouble(way->to));
    for (size_t i = 0; i < got; i++)
        cr_assert_eq(received[i], byte_at(way->got + i));
    way->got += got;
    way->has_ended = io == IO_ENDED;
}

static void carry(struct way *way)
{
    for (int round = 0; round < 1000 && !way->has_ended; round++) {
        put_some(way);
        get_some(way);
    }
    cr_expect(way->has_ended);
    cr_expect_eq(way->got, way->length);
}

/* The raw end of a conn's peer: what it does is not what a conn would do. */
static void end_raw(struct conn *conn)
{
    cr_assert_eq(SSL_shutdown(ssl_of(conn)), 0);
}

static void turn(void)
{
    ev_run(loop, EVRUN_NOWAIT);
}

TestSuite(conn_tls, .timeout = 60, .init = set_up_pair, .fini = tear_down_pair);

Test(conn_tls, carries_a_megabyte_both_ways)
{
    for (int is_old = 0; is_old <= 1; is_old++) {
        struct way in = { .from = &client, .to = &server, .length = MEGABYTE };
        struct way out = { .from = &server, .to = &client, .length = MEGABYTE };

        close_pair();
        connect_pair();
        meet_plainly(is_old);
        cr_expect_str_eq(tls_facts(&server).version, is_old ? "TLSv1.2" : "TLSv1.3");
        while (!in.has_ended || !out.has_ended) {
            put_some(&in);
            put_some(&out);
            get_some(&in);
            get_some(&out);
        }
        cr_expect_eq(in.got, MEGABYTE);
        cr_expect_eq(out.got, MEGABYTE);
        cr_expect_not(server.was_truncated);
    }
}

Test(conn_tls, goes_on_one_way_when_the_other_has_ended)
{
    for (int i = 0; i < 4; i++) {
        struct conn *first = i & 1 ? &client : &server;
        struct conn *second = i & 1 ? &server : &client;
        struct way early = { .from = first, .to = second, .length = 5 };
        struct way late = { .from = second, .to = first, .length = MEGABYTE };

        close_pair();
        connect_pair();
        meet_plainly(i & 2);
        carry(&early);
        carry(&late);
    }
}

Test(conn_tls, tells_a_client_that_was_cut_off_from_one_that_ended)
{
    size_t put;

    meet_plainly(false);
    cr_assert_eq(conn_write(&client, "a", 1, &put), IO_DONE);
    cr_assert_eq(shutdown(conn_fd(&client), SHUT_WR), 0);

    cr_expect_eq(read_one(&server), IO_DONE);
    cr_expect_eq(read_one(&server), IO_ENDED);
    cr_expect(server.was_truncated);
    cr_expect_not(server.was_reset);
    cr_expect_eq(conn_write(&server, "b", 1, &put), IO_DONE);
    cr_expect_eq(read_one(&client), IO_DONE);
}

/* The socket has ended both ways then, which is what a reset looks like, too. */
Test(conn_tls, takes_no_bare_end_for_a_reset_after_its_own)
{
    for (int is_old = 0; is_old <= 1; is_old++) {
        size_t put;

        close_pair();
        connect_pair();
        meet_plainly(is_old);
        conn_finish(&server);
        cr_expect_eq(read_one(&client), IO_ENDED);
        cr_assert_eq(conn_write(&client, "a", 1, &put), IO_DONE);
        cr_assert_eq(shutdown(conn_fd(&client), SHUT_WR), 0);

        cr_expect_eq(read_one(&server), IO_DONE);
        cr_expect_eq(read_one(&server), IO_ENDED);
        cr_expect_eq(read_one(&server), IO_ENDED);
        cr_expect(server.was_truncated);
        cr_expect_not(server.was_reset);
    }
}

Test(conn_tls, fails_when_a_server_is_cut_off)
{
    for (int is_old = 0; is_old <= 1; is_old++) {
        size_t put;

        close_pair();
        connect_pair();
        meet_plainly(is_old);
        cr_assert_eq(conn_write(&server, "a", 1, &put), IO_DONE);
        cr_assert_eq(shutdown(conn_fd(&server), SHUT_WR), 0);

        cr_expect_eq(read_one(&client), IO_DONE);
        cr_expect_eq(read_one(&client), IO_FAILED);
        cr_expect_eq(read_one(&client), IO_FAILED);
        cr_expect_str_eq(conn_trouble(&client), "the server left without a farewell");
    }
}

Test(conn_tls, announces_what_it_holds)
{
    static const char bytes[40000];
    char room[1000];
    int heard = 0;
    size_t moved, sum = 0;

    meet_plainly(false);
    client.io.data = &heard;
    cr_assert_eq(conn_write(&server, bytes, sizeof bytes, &moved), IO_DONE);
    while (sum < sizeof bytes) {
        heard = 0;
        conn_await(&client, loop, EV_READ);
        turn();
        turn();
        cr_assert(heard & EV_READ, "after %zu", sum);
        cr_assert_eq(conn_read(&client, room, sizeof room, &moved), IO_DONE);
        sum += moved;
    }
    heard = 0;
    cr_expect_eq(conn_pending(&client), 0);
    conn_await(&client, loop, EV_READ);
    turn();
    turn();
    cr_expect_eq(heard, 0);
}

Test(conn_tls, says_nothing_to_an_owner_that_does_not_listen)
{
    char room[10];
    int heard = 0;
    size_t moved;

    meet_plainly(false);
    client.io.data = &heard;
    cr_assert_eq(conn_write(&server, "twenty bytes are here", 20, &moved), IO_DONE);
    cr_assert_eq(conn_read(&client, room, sizeof room, &moved), IO_DONE);
    cr_expect_eq(conn_pending(&client), 10);
    conn_await(&client, loop, EV_READ);
    conn_await(&client, loop, 0);
    turn();
    turn();
    cr_expect_eq(heard, 0);
    conn_await(&client, loop, EV_WRITE);
    turn();
    cr_expect_eq(heard, EV_WRITE);
}

Test(conn_tls, announces_an_end_that_came_with_the_last_bytes)
{
    char room[100];
    int heard = 0;
    size_t moved;

    meet_plainly(false);
    server.io.data = &heard;
    cr_assert_eq(conn_write(&client, "bye", 3, &moved), IO_DONE);
    end_raw(&client);
    cr_assert_eq(conn_read(&server, room, sizeof room, &moved), IO_DONE);
    conn_await(&server, loop, EV_READ);
    turn();
    turn();
    cr_assert_eq(heard, EV_READ);
    cr_expect_eq(conn_read(&server, room, sizeof room, &moved), IO_ENDED);
    cr_expect_not(server.was_truncated);
}

Test(conn_tls, announces_what_came_with_the_handshake)
{
    int heard = 0;
    size_t put;

    meet_plainly(false);
    close_pair();
    connect_pair();
    {
        struct tls_acceptor *acceptor = accept_with((struct tls_acceptor_settings){ 0 },
                                                    in_folder("a.pem"));
        struct tls_connector *connector = connect_with(
            (struct tls_connector_settings){ 0 });

        begin(acceptor, connector, "a.test");
        tls_acceptor_destroy(acceptor);
        tls_connector_destroy(connector);
    }
    server.io.data = &heard;
    (void)conn_handshake(&client);
    (void)conn_handshake(&server);
    cr_assert_eq(conn_handshake(&client), IO_DONE);
    cr_assert_eq(conn_write(&client, "early", 5, &put), IO_DONE);
    cr_assert_eq(conn_handshake(&server), IO_DONE);
    conn_await(&server, loop, EV_READ);
    turn();
    turn();
    cr_expect_eq(heard, EV_READ);
    cr_expect_eq(read_one(&server), IO_DONE);
}

/* Until the peer's buffer takes no further byte. */
static void fill(const struct conn *conn)
{
    static const char bytes[4096];

    while (send(conn_fd(conn), bytes, sizeof bytes, MSG_NOSIGNAL) > 0)
        continue;
}

Test(conn_tls, sends_its_end_when_there_is_room_again)
{
    static char bytes[ROOM];
    int heard = 0;

    meet_plainly(false);
    client.io.data = &heard;
    fill(&client);
    conn_finish(&client);
    cr_expect_eq(client.wants, EV_WRITE);
    conn_await(&client, loop, EV_READ);
    turn();
    cr_expect_eq(client.wants, EV_WRITE);
    while (recv(conn_fd(&server), bytes, sizeof bytes, 0) > 0)
        continue;
    turn();
    cr_expect_eq(client.wants, 0);
    cr_expect_eq(heard, 0);
    cr_expect_gt(recv(conn_fd(&server), bytes, sizeof bytes, 0), 5);
    cr_expect_eq(recv(conn_fd(&server), bytes, sizeof bytes, 0), 0);
}

Test(conn_tls, does_not_take_a_failed_write_for_an_end)
{
    size_t put;

    meet_plainly(false);
    end_raw(&client);
    cr_expect_eq(read_one(&server), IO_ENDED);
    (void)close(conn_fd(&client));
    client.io.fd = open("/dev/null", O_RDWR | O_CLOEXEC);

    cr_expect_eq(conn_write(&server, "a", 1, &put), IO_FAILED);
    cr_expect_eq(conn_write(&server, "a", 1, &put), IO_FAILED);
    cr_expect(server.was_reset);
}

Test(conn_tls, still_reads_what_came_before_a_failed_write)
{
    size_t put;

    meet_plainly(false);
    cr_assert_eq(conn_write(&client, "a", 1, &put), IO_DONE);
    (void)close(conn_fd(&client));
    client.io.fd = open("/dev/null", O_RDWR | O_CLOEXEC);

    cr_expect_eq(conn_write(&server, "b", 1, &put), IO_FAILED);
    cr_expect_eq(read_one(&server), IO_DONE);
    cr_expect(server.was_reset);
    cr_expect_str_eq(conn_trouble(&server), "the client is gone: Broken pipe");
}

Test(conn_tls, ends_politely_when_closed_but_not_when_reset)
{
    meet_plainly(false);
    conn_close(&server, loop);
    cr_expect_eq(read_one(&client), IO_ENDED);

    close_pair();
    connect_pair();
    meet_plainly(false);
    conn_close_by_reset(&server, loop);
    cr_expect_eq(read_one(&client), IO_FAILED);
}

Test(conn_tls, refuses_damaged_records)
{
    static const unsigned char damaged[] = { 23, 3,  3,  0,  30, 1,  2,  3,  4,
                                             5,  6,  7,  8,  9,  10, 11, 12, 13,
                                             14, 15, 16, 17, 18, 19, 20, 21, 22,
                                             23, 24, 25, 26, 27, 28, 29, 30 };

    meet_plainly(false);
    cr_assert_eq(send(conn_fd(&client), damaged, sizeof damaged, 0), sizeof damaged);

    cr_expect_eq(read_one(&server), IO_FAILED);
    cr_expect(server.was_reset);
    cr_expect_str_eq(conn_trouble(&server), "the client sent a damaged record");
    cr_expect_eq(read_one(&client), IO_FAILED);
}

Test(conn_tls, goes_on_after_new_keys_were_asked_for)
{
    struct way in = { .from = &client, .to = &server, .length = MEGABYTE };
    struct way out = { .from = &server, .to = &client, .length = MEGABYTE };

    meet_plainly(false);
    cr_assert(SSL_key_update(ssl_of(&client), SSL_KEY_UPDATE_REQUESTED));
    carry(&in);
    carry(&out);
}

/* As one who does not count. */
static void change_keys(const struct conn *conn, int times)
{
    SSL_set_info_callback(ssl_of(conn), NULL);
    for (int i = 0; i < times; i++) {
        cr_assert(SSL_key_update(ssl_of(conn), SSL_KEY_UPDATE_NOT_REQUESTED));
        cr_assert_eq(SSL_do_handshake(ssl_of(conn)), 1);
    }
}

/* OpenSSL reads them all in one call: a peer that sends nothing else would keep us. */
Test(conn_tls, ends_a_peer_that_changes_keys_without_end)
{
    for (int is_client = 0; is_client <= 1; is_client++) {
        struct conn *peer = is_client ? &client : &server;
        struct conn *victim = is_client ? &server : &client;
        size_t put;

        close_pair();
        connect_pair();
        meet_plainly(false);
        change_keys(peer, 100);
        cr_assert_eq(conn_write(peer, "a", 1, &put), IO_DONE);

        cr_expect_eq(read_one(victim), IO_FAILED);
        cr_expect_str_eq(conn_trouble(victim), "too many key updates");
        cr_expect(victim->was_reset);
        cr_expect_eq(conn_write(victim, "a", 1, &put), IO_FAILED);
    }
}

Test(conn_tls, bears_new_keys_as_long_as_data_comes_in_between)
{
    size_t put;

    meet_plainly(false);
    for (int i = 0; i < 20; i++) {
        change_keys(&client, 32);
        cr_assert_eq(conn_write(&client, "a", 1, &put), IO_DONE);
        cr_expect_eq(read_one(&server), IO_DONE, "%s", conn_trouble(&server));
        change_keys(&client, 32);
        cr_expect_eq(read_one(&server), IO_AGAIN);
        cr_assert_eq(conn_write(&server, "b", 1, &put), IO_DONE);
        cr_expect_eq(read_one(&client), IO_DONE);
    }
}

Test(conn_tls, names_a_client_that_wants_to_renegotiate)
{
    SSL *raw;

    meet_plainly(true);
    raw = ssl_of(&client);
    (void)SSL_clear_options(raw, SSL_OP_NO_RENEGOTIATION);
    cr_assert(SSL_renegotiate(raw));
    (void)SSL_do_handshake(raw);

    cr_expect_eq(read_one(&server), IO_AGAIN);
    cr_expect_neq(SSL_do_handshake(raw), 1);
    cr_expect_eq(read_one(&server), IO_FAILED);
    cr_expect_str_eq(conn_trouble(&server), "the client wants to renegotiate");
}

Test(conn_tls, can_be_opened_again_as_a_plain_one)
{
    int heard = 0;

    meet_plainly(false);
    close_pair();
    connect_pair();
    client.io.data = &heard;

    cr_expect(conn_is_plain(&client));
    cr_expect_eq(conn_handshake(&client), IO_DONE);
    cr_expect_str_eq(conn_trouble(&client), "");
    cr_expect_str_eq(tls_facts(&client).version, "");
    conn_await(&client, loop, EV_WRITE);
    turn();
    cr_expect_eq(heard, EV_WRITE);
}
