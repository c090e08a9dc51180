#include "net/socket.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct socket_options plain = { .peer_timeout_ms = 60000, .mode = 0600 };
static char folder[] = "/tmp/socket_test.XXXXXX";

static struct address address_of(const char *text)
{
    struct address_parts parts;

    cr_assert_null(address_parse(text, &parts));
    return parts.address;
}

static int listen_on(const struct address *where, struct address *actual)
{
    int fd = socket_bind(where, &plain);

    cr_assert_neq(fd, -1, "%s", strerror(errno));
    cr_assert(socket_listen(fd, 16));
    cr_assert(socket_local_address(fd, actual));
    return fd;
}

static int listen_on_text(const char *text, struct address *actual)
{
    struct address where = address_of(text);

    return listen_on(&where, actual);
}

static void wait_for(int fd, short events)
{
    struct pollfd waiting = { .fd = fd, .events = events };

    cr_assert_eq(poll(&waiting, 1, 5000), 1);
}

static int option(int fd, int level, int name)
{
    int value = -1;
    socklen_t length = sizeof value;

    cr_assert_neq(getsockopt(fd, level, name, &value, &length), -1);
    return value;
}

static struct address local_address(const char *name)
{
    char text[100];

    (void)snprintf(text, sizeof text, "unix:%s/%s", folder, name);
    return address_of(text);
}

static void make_folder(void)
{
    cr_assert(mkdtemp(folder));
}

static void remove_folder(void)
{
    char command[100];

    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(socket, .timeout = 20, .init = make_folder, .fini = remove_folder);

Test(socket, brings_a_client_to_a_listener)
{
    struct address where, mine;
    struct endpoint client, expected;
    int listener = listen_on_text("127.0.0.1:0", &where);
    int from, to;

    cr_assert_eq(socket_accept(listener, &client), -1);
    cr_expect_eq(errno, EAGAIN);
    from = socket_connect(&where, NULL);
    cr_assert_neq(from, -1);
    wait_for(listener, POLLIN);
    wait_for(from, POLLOUT);

    to = socket_accept(listener, &client);

    cr_assert_neq(to, -1);
    cr_expect_eq(socket_connect_result(from), 0);
    cr_assert(socket_local_address(from, &mine));
    expected = endpoint_of(&mine.as.any);
    cr_expect_str_eq(endpoint_text(&client).chars, endpoint_text(&expected).chars);
    cr_expect(fcntl(to, F_GETFL) & O_NONBLOCK);
    cr_expect(fcntl(to, F_GETFD) & FD_CLOEXEC);
}

static unsigned packets_sent(int fd)
{
    struct tcp_info info = { 0 };
    socklen_t length = sizeof info;

    cr_assert_neq(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length), -1);
    return info.tcpi_segs_out;
}

/* On a machine that stalls the kernel may have sent it after all. */
Test(socket, spares_the_last_packet_of_a_silent_handshake)
{
    struct address where;
    unsigned packets = 0;

    (void)listen_on_text("127.0.0.1:0", &where);
    for (unsigned i = 0; i < 10 && packets != 1; i++) {
        int fd = socket_connect_silently(&where, NULL);

        cr_assert_neq(fd, -1);
        wait_for(fd, POLLOUT);
        cr_expect_eq(socket_connect_result(fd), 0);
        packets = packets_sent(fd);
        (void)close(fd);
    }
    cr_expect_eq(packets, 1);
}

Test(socket, ends_silently_without_a_reset)
{
    struct endpoint client;
    struct address where;
    int listener = listen_on_text("127.0.0.1:0", &where), from, to;
    char byte;

    from = socket_connect_silently(&where, NULL);
    cr_assert_neq(from, -1);
    wait_for(from, POLLOUT);

    (void)close(from);

    wait_for(listener, POLLIN);
    to = socket_accept(listener, &client);
    cr_assert_neq(to, -1);
    wait_for(to, POLLIN);
    cr_expect_eq(read(to, &byte, 1), 0);
}

Test(socket, lets_accepted_sockets_inherit_what_the_listener_was_given)
{
    struct address where;
    struct endpoint client;
    int listener = listen_on_text("127.0.0.1:0", &where);
    int from = socket_connect(&where, NULL), to, both[2];

    wait_for(listener, POLLIN);
    to = socket_accept(listener, &client);
    cr_assert_neq(to, -1);
    both[0] = from, both[1] = to;
    socket_watch_peer(from, 10000);

    for (int i = 0; i < 2; i++) {
        cr_expect_eq(option(both[i], IPPROTO_TCP, TCP_NODELAY), 1);
        cr_expect_eq(option(both[i], SOL_SOCKET, SO_KEEPALIVE), 1);
        cr_expect_eq(option(both[i], IPPROTO_TCP, TCP_KEEPIDLE), i ? 30 : 5);
        cr_expect_eq(option(both[i], IPPROTO_TCP, TCP_KEEPINTVL), i ? 10 : 1);
        cr_expect_eq(option(both[i], IPPROTO_TCP, TCP_USER_TIMEOUT), i ? 60000 : 10000);
    }
}

Test(socket, shares_a_tcp_port_with_others_of_ours)
{
    struct address where, again;
    int first = listen_on_text("127.0.0.1:0", &where);
    int second = listen_on(&where, &again);

    cr_expect_neq(first, second);
    cr_expect(address_is_equal(&where, &again));
}

Test(socket, serves_ip4_clients_on_every_address_unless_only_ip6)
{
    struct socket_options only = { .only_ip6 = true };
    struct address every = address_of("[::]:0"), actual, ip4 = address_of("127.0.0.1:1");
    int fd = socket_bind(&every, &only), from;

    if (fd == -1)
        cr_skip("this host has no IPv6");
    cr_expect_eq(option(fd, IPPROTO_IPV6, IPV6_V6ONLY), 1);

    fd = listen_on(&every, &actual);

    cr_expect_eq(option(fd, IPPROTO_IPV6, IPV6_V6ONLY), 0);
    address_set_port(&ip4, address_port(&actual));
    from = socket_connect(&ip4, 0);
    wait_for(from, POLLOUT);
    cr_expect_eq(socket_connect_result(from), 0);
}

Test(socket, tells_how_far_a_connect_is_when_asked_again)
{
    struct address listening, gone;
    int fd = listen_on_text("127.0.0.1:0", &listening);

    fd = socket_connect(&listening, NULL);
    wait_for(fd, POLLOUT);
    cr_expect_eq(socket_connect_again(fd, &listening), 0);
    cr_expect_eq(socket_connect_again(fd, &listening), 0);

    (void)close(listen_on_text("127.0.0.1:0", &gone));
    fd = socket_connect(&gone, NULL);
    cr_assert_neq(fd, -1);
    wait_for(fd, POLLOUT);
    cr_expect_eq(socket_connect_again(fd, &gone), ECONNREFUSED);
}

/* Nobody takes a connection beyond the backlog, so that its connect stays under way. */
Test(socket, tells_that_a_connect_is_under_way_when_asked_again)
{
    struct address where = address_of("127.0.0.1:0");
    int listener = socket_bind(&where, &plain), asked = 0;

    cr_assert(socket_listen(listener, 0));
    cr_assert(socket_local_address(listener, &where));
    for (int i = 0; i < 4 && asked != EINPROGRESS; i++)
        asked = socket_connect_again(socket_connect(&where, NULL), &where);
    cr_expect_eq(asked, EINPROGRESS);
}

/* Its listener, asked once more, would only tell that its backlog is full now. */
Test(socket, knows_that_a_unix_connect_is_over_though_the_backlog_is_full)
{
    struct address local = local_address("again");
    int listener = socket_bind(&local, &plain);

    cr_assert(socket_listen(listener, 0));
    cr_expect_eq(socket_connect_again(socket_connect(&local, NULL), &local), 0);
    cr_expect_eq(socket_connect(&local, NULL), -1);
    cr_expect_eq(errno, EAGAIN);
}

Test(socket, tells_once_why_a_connect_failed)
{
    struct address where;
    int listener = listen_on_text("127.0.0.1:0", &where), fd;

    (void)close(listener);
    fd = socket_connect(&where, 0);
    if (fd == -1) {
        cr_expect_eq(errno, ECONNREFUSED);
        return;
    }
    wait_for(fd, POLLOUT);

    cr_expect_eq(socket_connect_result(fd), ECONNREFUSED);
    cr_expect_eq(socket_connect_result(fd), 0);
}

Test(socket, gives_a_local_socket_its_mode_whatever_the_umask)
{
    struct address where = local_address("s"), actual;
    struct socket_options options = { .mode = 0666 };
    struct stat info;
    int fd;

    umask(0077);
    fd = socket_bind(&where, &options);

    cr_assert_neq(fd, -1);
    cr_assert_neq(stat(where.as.local.sun_path, &info), -1);
    cr_expect_eq(info.st_mode & 07777, 0666);
    cr_assert(socket_local_address(fd, &actual));
    cr_expect(address_is_equal(&actual, &where));
}

Test(socket, replaces_a_stale_local_socket_but_not_a_live_one)
{
    struct address where = local_address("s"), actual;
    int fd = listen_on(&where, &actual);

    cr_expect_eq(socket_bind(&where, &plain), -1);
    cr_expect_eq(errno, EADDRINUSE);
    (void)close(fd);

    fd = listen_on(&where, &actual);

    wait_for(socket_connect(&where, 0), POLLOUT);
    wait_for(fd, POLLIN);
}

Test(socket, never_removes_a_file_that_is_no_socket)
{
    struct address where = local_address("file");
    int file = open(where.as.local.sun_path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

    cr_assert_neq(file, -1);
    cr_expect_eq(socket_bind(&where, &plain), -1);
    cr_expect_eq(errno, EADDRINUSE);
    cr_expect_eq(access(where.as.local.sun_path, F_OK), 0);
}

Test(socket, takes_a_local_client)
{
    struct address where = local_address("s"), actual;
    struct endpoint client;
    int fd = listen_on(&where, &actual);

    cr_assert_neq(socket_connect(&where, NULL), -1);

    cr_assert_neq(socket_accept(fd, &client), -1);
    cr_expect(client.local);
}

Test(socket, adopts_only_what_listens)
{
    struct address where;
    int listener = listen_on_text("127.0.0.1:0", &where), pipes[2];

    cr_assert_neq(fcntl(listener, F_SETFL, 0), -1);
    cr_assert_neq(fcntl(listener, F_SETFD, 0), -1);
    cr_assert_neq(pipe2(pipes, O_CLOEXEC), -1);

    cr_expect(socket_adopt(listener, &plain));
    cr_expect(fcntl(listener, F_GETFL) & O_NONBLOCK);
    cr_expect(fcntl(listener, F_GETFD) & FD_CLOEXEC);
    cr_expect_not(socket_adopt(socket_connect(&where, 0), &plain));
    cr_expect_not(socket_adopt(pipes[0], &plain));
    cr_expect_not(socket_adopt(-1, &plain));
}

Test(socket, closes_by_reset)
{
    struct address where;
    struct endpoint client;
    int listener = listen_on_text("127.0.0.1:0", &where);
    int from = socket_connect(&where, 0), to;
    char byte;

    wait_for(listener, POLLIN);
    to = socket_accept(listener, &client);
    cr_assert_neq(to, -1);

    socket_close_by_reset(to);

    wait_for(from, POLLIN);
    cr_expect_eq(read(from, &byte, 1), -1);
    cr_expect_eq(errno, ECONNRESET);
}

Test(socket, counts_what_the_peer_has_not_taken)
{
    static const char bytes[1 << 20];
    struct address where;
    int listener = listen_on_text("127.0.0.1:0", &where),
        from = socket_connect(&where, 0);

    wait_for(listener, POLLIN);
    wait_for(from, POLLOUT);
    cr_expect_eq(socket_unsent(from), 0);
    while (write(from, bytes, sizeof bytes) > 0)
        continue;

    cr_expect_gt(socket_unsent(from), 0);
    cr_expect_eq(socket_unsent(-1), 0);
}

Test(socket, knows_which_failures_are_ours)
{
    cr_expect(socket_is_own_shortage(EMFILE));
    cr_expect(socket_is_own_shortage(EADDRNOTAVAIL));
    cr_expect_not(socket_is_own_shortage(ECONNREFUSED));
    cr_expect_not(socket_is_own_shortage(0));
}

Test(socket, watches_a_peer_only_where_there_is_something_to_watch)
{
    struct address where;
    int listener = listen_on_text("127.0.0.1:0", &where);
    int from = socket_connect(&where, 0), pair[2];

    cr_assert_neq(listener, -1);
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    cr_expect_eq(option(from, SOL_SOCKET, SO_KEEPALIVE), 0);
    cr_expect_eq(option(from, IPPROTO_TCP, TCP_NODELAY), 1);
    socket_watch_peer(from, 0);
    cr_expect_eq(option(from, SOL_SOCKET, SO_KEEPALIVE), 0);

    socket_watch_peer(from, 100000);
    socket_watch_peer(pair[0], 100000);

    cr_expect_eq(option(from, SOL_SOCKET, SO_KEEPALIVE), 1);
    cr_expect_eq(option(from, IPPROTO_TCP, TCP_KEEPIDLE), 50);
}

Test(socket, comes_from_the_source_it_is_given)
{
    struct address where;
    struct endpoint client;
    struct address_parts source;
    int listener = listen_on_text("127.0.0.1:0", &where), from;

    cr_assert_null(address_parse("127.0.0.7:0", &source));
    from = socket_connect(&where, &source.address);
    cr_assert_neq(from, -1);
    wait_for(listener, POLLIN);

    cr_assert_neq(socket_accept(listener, &client), -1);
    cr_expect_eq(strncmp(endpoint_text(&client).chars, "127.0.0.7:", 10), 0);
}
