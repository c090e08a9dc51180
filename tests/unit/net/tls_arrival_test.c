#include "net/tls_arrival.h"

#include "net/socket.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int here, there;
static struct tls_arrival arrival;

static void set_up(void)
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
    there = socket_connect(&where, 0);
    cr_assert_eq(poll(&waiting, 1, 5000), 1);
    here = socket_accept(waiting.fd, &client);
    (void)close(waiting.fd);
}

TestSuite(tls_arrival, .timeout = 20, .init = set_up);

static void say(const char *bytes, size_t length)
{
    cr_assert_eq(send(there, bytes, length, 0), (ssize_t)length);
}

static bool is_readable(int timeout_ms)
{
    struct pollfd waiting = { .fd = here, .events = POLLIN };

    return poll(&waiting, 1, timeout_ms) == 1;
}

static void expect_all_there(size_t length)
{
    char bytes[64];

    cr_expect_eq(recv(here, bytes, sizeof bytes, 0), (ssize_t)length);
}

Test(tls_arrival, waits_for_the_whole_record)
{
    cr_expect_not(tls_arrival_is_due(&arrival, here));
    say("\26\3", 2);
    cr_expect(is_readable(5000));
    cr_expect_not(tls_arrival_is_due(&arrival, here));
    cr_expect_not(is_readable(0));
    say("\1\0\6", 3);
    cr_expect(is_readable(5000));
    cr_expect_not(tls_arrival_is_due(&arrival, here));
    say("hello", 5);
    cr_expect_not(is_readable(0));
    say("!", 1);
    cr_expect(is_readable(5000));
    cr_expect(tls_arrival_is_due(&arrival, here));
    expect_all_there(11);
    say("a", 1);
    cr_expect(is_readable(5000));
}

Test(tls_arrival, goes_on_with_what_is_no_greeting)
{
    say("GET", 3);
    cr_expect(is_readable(5000));
    cr_expect(tls_arrival_is_due(&arrival, here));
    expect_all_there(3);
}

Test(tls_arrival, goes_on_with_a_record_that_is_too_long)
{
    say("\26\3\1\377\377", 5);
    cr_expect(is_readable(5000));
    cr_expect(tls_arrival_is_due(&arrival, here));
}

Test(tls_arrival, goes_on_when_the_client_has_left)
{
    say("\26\3\1\0\6h", 6);
    cr_expect(is_readable(5000));
    cr_expect_not(tls_arrival_is_due(&arrival, here));
    cr_assert_eq(shutdown(there, SHUT_WR), 0);
    cr_expect(is_readable(5000));
    cr_expect(tls_arrival_is_due(&arrival, here));
}

Test(tls_arrival, does_not_wait_for_ever_where_the_kernel_cannot)
{
    int pair[2];

    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
    cr_assert_eq(send(pair[0], "\26\3\1\0\6h", 6, 0), 6);
    cr_expect_not(tls_arrival_is_due(&arrival, pair[1]));
    cr_expect(tls_arrival_is_due(&arrival, pair[1]));
}
