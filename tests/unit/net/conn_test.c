#include "net/conn.h"

#include "net/socket.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct ev_loop *loop;
static struct conn conn;
static int peer;
static int heard; /* the last events */
static int times;

static void on_ready(struct ev_loop *ready_loop, ev_io *io, int events)
{
    (void)ready_loop;
    *(int *)io->data = events;
    times++;
}

static void set_up(void)
{
    int pair[2];

    loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    cr_assert_neq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0,
                             pair),
                  -1);
    peer = pair[1];
    conn_init(&conn, on_ready, &heard);
    cr_assert_not(conn_is_open(&conn));
    conn_open(&conn, pair[0]);
}

static void tear_down(void)
{
    conn_close(&conn, loop);
    conn_close(&conn, loop);
    ev_loop_destroy(loop);
}

TestSuite(conn, .timeout = 20, .init = set_up, .fini = tear_down);

static void turn(void)
{
    ev_run(loop, EVRUN_NOWAIT);
}

/* A pair over TCP, where resets exist. */
static void use_tcp(void)
{
    struct socket_options options = { .backlog = 1 };
    struct address_parts parts;
    struct address where;
    struct endpoint client;
    struct pollfd waiting = { .events = POLLIN };

    cr_assert_null(address_parse("127.0.0.1:0", &parts));
    waiting.fd = socket_bind(&parts.address, &options);
    cr_assert(socket_listen(waiting.fd, 1));
    cr_assert(socket_local_address(waiting.fd, &where));
    conn_close(&conn, loop);
    peer = socket_connect(&where, 0);
    cr_assert_eq(poll(&waiting, 1, 5000), 1);
    conn_open(&conn, socket_accept(waiting.fd, &client));
}

static void wait_for_input(void)
{
    struct pollfd waiting = { .fd = conn_fd(&conn), .events = POLLIN };

    cr_assert_eq(poll(&waiting, 1, 5000), 1);
}

Test(conn, reads_what_is_there_and_then_waits)
{
    char bytes[8];
    size_t got = 99;

    cr_expect_eq(conn_read(&conn, bytes, sizeof bytes, &got), IO_AGAIN);
    cr_expect_eq(got, 0);
    cr_assert_eq(write(peer, "usher", 5), 5);

    cr_expect_eq(conn_read(&conn, bytes, sizeof bytes, &got), IO_DONE);

    cr_expect_eq(got, 5);
    cr_expect_arr_eq(bytes, "usher", 5);
    cr_expect_eq(conn_pending(&conn), 0);
    cr_expect(conn_is_plain(&conn));
}

Test(conn, shakes_no_hands_when_it_is_plain)
{
    cr_expect_eq(conn_handshake(&conn), IO_DONE);
    cr_expect_eq(conn.wants, 0);
    cr_expect_str_eq(conn_trouble(&conn), "");
}

Test(conn, writes_until_the_peer_is_full)
{
    static const char bytes[65536];
    size_t put;
    enum io io;

    cr_expect_eq(conn_write(&conn, "a", 1, &put), IO_DONE);
    cr_expect_eq(put, 1);
    do
        io = conn_write(&conn, bytes, sizeof bytes, &put);
    while (io == IO_DONE);

    cr_expect_eq(io, IO_AGAIN);
    cr_expect_eq(put, 0);
}

Test(conn, tells_the_end_both_ways)
{
    char byte;
    size_t got;

    conn_finish(&conn);
    cr_expect_eq(read(peer, &byte, 1), 0);
    cr_assert_eq(write(peer, "a", 1), 1);
    cr_assert_eq(shutdown(peer, SHUT_WR), 0);

    cr_expect_eq(conn_read(&conn, &byte, 1, &got), IO_DONE);
    cr_expect_eq(conn_read(&conn, &byte, 1, &got), IO_ENDED);
    cr_expect_not(conn.was_reset);
}

Test(conn, fails_without_a_signal_when_nobody_reads)
{
    size_t put;

    (void)close(peer);

    cr_expect_eq(conn_write(&conn, "a", 1, &put), IO_FAILED);
    cr_expect(conn.was_reset);
}

Test(conn, does_not_take_a_reset_for_an_end)
{
    char byte;
    size_t got;

    use_tcp();
    socket_close_by_reset(peer);
    wait_for_input();

    cr_expect_eq(conn_read(&conn, &byte, 1, &got), IO_FAILED);
    cr_expect(conn.was_reset);
    cr_expect_eq(conn_read(&conn, &byte, 1, &got), IO_FAILED);
}

Test(conn, still_reads_what_came_before_a_reset)
{
    char byte = 0;
    size_t moved;

    use_tcp();
    cr_assert_eq(write(peer, "a", 1), 1);
    socket_close_by_reset(peer);
    wait_for_input();
    cr_expect_eq(conn_failure(&conn, EPIPE), IO_FAILED);

    cr_expect_neq(conn_read(&conn, &byte, 1, &moved), IO_ENDED);
    cr_expect_eq(conn_read(&conn, &byte, 1, &moved), IO_FAILED);
}

Test(conn, resets_the_peer_when_told_to)
{
    struct pollfd waiting;
    char byte;

    use_tcp();
    conn_close_by_reset(&conn, loop);
    waiting = (struct pollfd){ .fd = peer, .events = POLLIN };
    cr_assert_eq(poll(&waiting, 1, 5000), 1);

    cr_expect_eq(read(peer, &byte, 1), -1);
    cr_expect_eq(errno, ECONNRESET);
    cr_expect_not(conn_is_open(&conn));
}

Test(conn, knows_what_an_error_says_of_the_peer)
{
    static const struct {
        int error;
        enum io io;
        bool was_reset;
    } cases[] = {
        { EAGAIN, IO_AGAIN, false },     { EINTR, IO_AGAIN, false },
        { ECONNRESET, IO_FAILED, true }, { EPIPE, IO_FAILED, true },
        { ETIMEDOUT, IO_FAILED, true },  { EHOSTUNREACH, IO_FAILED, true },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        conn.was_reset = false;
        cr_expect_eq(conn_failure(&conn, cases[i].error), cases[i].io);
        cr_expect_eq(conn.was_reset, cases[i].was_reset);
    }
}

Test(conn, believes_an_end_only_without_a_reset)
{
    cr_expect_eq(conn_end(&conn), IO_ENDED);
    conn.was_reset = true;
    cr_expect_eq(conn_end(&conn), IO_FAILED);
}

Test(conn, sees_that_the_peer_is_gone_without_reading)
{
    char byte = 0;
    size_t got;

    use_tcp();
    cr_expect_not(conn_is_broken(&conn));
    cr_assert_eq(write(peer, "a", 1), 1);
    cr_assert_eq(shutdown(peer, SHUT_WR), 0);
    wait_for_input();
    cr_expect_not(conn_is_broken(&conn));
    cr_expect_eq(conn_read(&conn, &byte, 1, &got), IO_DONE);

    socket_close_by_reset(peer);
    while (!conn_is_broken(&conn))
        continue;
    cr_expect_eq(byte, 'a');
}

Test(conn, hears_only_what_it_awaits)
{
    cr_assert_eq(write(peer, "a", 1), 1);
    turn();
    cr_expect_eq(times, 0);

    conn_await(&conn, loop, EV_READ);
    turn();
    cr_expect_eq(heard, EV_READ);

    conn_await(&conn, loop, EV_READ | EV_WRITE);
    turn();
    cr_expect_eq(heard, EV_READ | EV_WRITE);

    conn_await(&conn, loop, EV_WRITE);
    conn_await(&conn, loop, EV_WRITE);
    turn();
    cr_expect_eq(heard, EV_WRITE);
    cr_expect_eq(times, 3);

    conn_await(&conn, loop, 0);
    turn();
    cr_expect_eq(times, 3);
    cr_expect_not(ev_is_active(&conn.io));

    conn_await(&conn, loop, EV_READ);
    turn();
    cr_expect_eq(times, 4);
}

Test(conn, can_be_opened_again)
{
    int pair[2];

    conn_await(&conn, loop, EV_READ | EV_WRITE);
    conn.was_reset = true;
    conn_close(&conn, loop);
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);

    conn_open(&conn, pair[0]);
    conn_await(&conn, loop, EV_WRITE);
    turn();

    cr_expect_eq(heard, EV_WRITE);
    cr_expect_not(conn.was_reset);
}
