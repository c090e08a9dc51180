#include "admin/caller.h"

#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(caller);

Test(caller, by_a_unix_socket_is_a_process_of_a_user)
{
    char by[CALLER_SIZE], wanted[CALLER_SIZE];
    int ends[2];

    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    caller_name(ends[0], by);
    (void)snprintf(wanted, sizeof wanted, "uid=%u pid=%d", (unsigned)getuid(),
                   (int)getpid());
    cr_expect_str_eq(by, wanted);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

Test(caller, by_tcp_is_an_address)
{
    struct sockaddr_in place = { .sin_family = AF_INET,
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct sockaddr *any = (struct sockaddr *)&place;
    socklen_t length = sizeof place;
    int door = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
    char by[CALLER_SIZE], wanted[CALLER_SIZE];
    int accepted;

    cr_assert_eq(bind(door, any, length), 0);
    cr_assert_eq(listen(door, 1), 0);
    cr_assert_eq(getsockname(door, any, &length), 0);
    cr_assert_eq(connect(client, any, length), 0);
    accepted = accept(door, NULL, NULL);
    cr_assert_eq(getsockname(client, any, &length), 0);
    caller_name(accepted, by);
    (void)snprintf(wanted, sizeof wanted, "address=127.0.0.1:%u", ntohs(place.sin_port));
    cr_expect_str_eq(by, wanted);
    (void)close(accepted);
    (void)close(client);
    (void)close(door);
}

Test(caller, of_what_is_no_socket_is_unknown)
{
    char by[CALLER_SIZE];

    caller_name(-1, by);
    cr_expect_str_eq(by, "unknown");
}
