/* Every kind of address, for clients to come to and for servers to be at. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/spawn.h"
#include "support/usher.h"
#include "support/wire.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(listen, .timeout = 60);

static struct usher *start(const char *binds, const struct origin *origin)
{
    return usher_start("[frontend web]\nbackend = app\n%s" USHER_APP "server = a %s\n",
                       binds, origin_address(origin));
}

static unsigned port_of(const char *address)
{
    unsigned port = 0;

    cr_assert_eq(sscanf(strrchr(address, ':'), ":%u", &port), 1, "no port: %s", address);
    return port;
}

Test(listen, on_ip4)
{
    struct usher *usher = start("bind = 127.0.0.1:0\n", origin_start("a"));

    cr_expect_eq(strncmp(usher_web(usher), "127.0.0.1:", 10), 0, "%s", usher_web(usher));
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    usher_stop(usher);
}

Test(listen, on_ip6)
{
    struct usher *usher = start("bind = [::1]:0\n", origin_start("a"));

    cr_expect_eq(strncmp(usher_web(usher), "[::1]:", 6), 0, "%s", usher_web(usher));
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    usher_stop(usher);
}

Test(listen, on_both_families_at_once)
{
    struct usher *usher = start("bind = [::]:0\n", origin_start("a"));
    unsigned port = port_of(usher_web(usher));

    cr_expect_str_eq(client_ask_once(kept_format("[::1]:%u", port)), "a");
    cr_expect_str_eq(client_ask_once(kept_format("127.0.0.1:%u", port)), "a");
    usher_stop(usher);
}

Test(listen, on_ip6_only)
{
    struct usher *usher = start("bind = [::]:0 v6only\n", origin_start("a"));
    unsigned port = port_of(usher_web(usher));

    cr_expect_str_eq(client_ask_once(kept_format("[::1]:%u", port)), "a");
    cr_expect_str_eq(client_ask_once(kept_format("127.0.0.1:%u", port)), "");
    usher_stop(usher);
}

Test(listen, on_all_addresses)
{
    struct usher *usher = start("bind = :0\n", origin_start("a"));

    cr_expect_str_eq(client_ask_once(
                         kept_format("127.0.0.1:%u", port_of(usher_web(usher)))),
                     "a");
    usher_stop(usher);
}

Test(listen, on_a_unix_socket)
{
    const char *folder = scratch_create();
    struct usher *usher = start(kept_format("bind = unix:%s/door mode=0640\n", folder),
                                origin_start("a"));
    const char *door = scratch_path(folder, "door");
    struct stat status;

    cr_expect_str_eq(usher_web(usher), kept_format("unix:%s", door));
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    cr_assert_eq(stat(door, &status), 0);
    cr_expect_eq(status.st_mode & 0777, 0640, "mode %o", status.st_mode & 0777);
    usher_stop(usher);
    cr_expect_eq(access(door, F_OK), -1, "the socket was left behind");
    scratch_remove(folder);
}

Test(listen, on_a_unix_socket_that_a_dead_process_left_behind)
{
    const char *folder = scratch_create();
    const char *address = kept_format("unix:%s/door", folder);
    struct usher *usher;

    (void)close(wire_listen(address, 1));
    usher = start(kept_format("bind = %s\n", address), origin_start("a"));
    cr_expect_str_eq(client_ask_once(address), "a");
    usher_stop(usher);
    scratch_remove(folder);
}

Test(listen, on_several_addresses)
{
    const char *folder = scratch_create();
    struct usher *usher = start(kept_format("bind = 127.0.0.1:0\nbind = [::1]:0\n"
                                            "bind = 127.0.0.2:0\nbind = unix:%s/door\n",
                                            folder),
                                origin_start("a"));

    for (unsigned i = 0; i < 4; i++) {
        const char *address = usher_address(usher, "web", i);

        for (int j = 0; j < 4; j++)
            cr_assert_str_eq(client_ask_once(address), "a", "at %s", address);
    }
    cr_expect_str_eq(usher_address(usher, "web", 4), "");
    usher_stop(usher);
    scratch_remove(folder);
}

Test(listen, on_an_inherited_descriptor)
{
    struct origin *origin = origin_start("a");
    int fd = wire_listen("127.0.0.1:0", 100);
    const char *address = wire_address(fd);
    struct usher *usher = usher_start_with(
        (struct usher_options){ .pass_fd = fd },
        "[frontend web]\nbind = fd@3\nbackend = app\n" USHER_APP "server = a %s\n",
        origin_address(origin));

    for (int i = 0; i < 20; i++)
        cr_assert_str_eq(client_ask_once(address), "a");
    cr_expect(
        strncmp(usher_reload(usher,
                             "[frontend web]\nbind = fd@3\nbackend = app\n" USHER_APP
                             "server = a %s\n",
                             origin_address(origin)),
                "applied", 7) == 0);
    cr_expect_str_eq(client_ask_once(address), "a");
    usher_stop(usher);
}

/* In the order of the unit's file; usher starts when the first client comes. */
Test(listen, on_the_sockets_of_a_systemd_unit)
{
    const char *folder = scratch_create(), *config;
    pid_t pid;

    if (spawn_line("which systemd-socket-activate").status != 0)
        cr_skip("systemd-socket-activate is not installed");
    config = scratch_write(
        folder, "usher.ini",
        kept_format("[frontend one]\nbind = fd@3\nbackend = a\n[frontend two]\n"
                    "bind = fd@4\nbackend = b\n[backend a]\nserver = a %s\n"
                    "[backend b]\nserver = b %s\n",
                    origin_address(origin_start("a")),
                    origin_address(origin_start("b"))));
    pid = spawn_begin_line(scratch_path(folder, "log"),
                           "systemd-socket-activate -l %s/one -l %s/two %s -c %s", folder,
                           folder, usher_program(), config);
    eventually(strcmp(client_ask_once(kept_format("unix:%s/one", folder)), "a") == 0,
               10000);
    for (int i = 0; i < 10; i++)
        cr_assert_str_eq(client_ask_once(kept_format("unix:%s/two", folder)), "b");
    (void)kill(pid, SIGTERM);
    cr_expect_eq(spawn_wait(pid, patience_ms(10000)), 0, "%s",
                 kept_file(scratch_path(folder, "log")));
    scratch_remove(folder);
}

Test(listen, for_servers_on_ip6_and_unix_sockets)
{
    const char *folder = scratch_create();
    struct origin *six = origin_serve(
        (struct origin_plan){ .name = "six", .address = "[::1]:0" });
    struct origin *local = origin_serve((struct origin_plan){
        .name = "local", .address = kept_format("unix:%s/server", folder) });
    struct usher *usher = usher_start(USHER_WEB USHER_APP "server = six %s\n"
                                                          "server = local %s\n",
                                      origin_address(six), origin_address(local));
    const char *first = client_ask_once(usher_web(usher));
    const char *second = client_ask_once(usher_web(usher));

    cr_expect((strcmp(first, "six") == 0 && strcmp(second, "local") == 0) ||
                  (strcmp(first, "local") == 0 && strcmp(second, "six") == 0),
              "%s, then %s", first, second);
    cr_expect_str_eq(usher_stat(usher, "app", "local", "status"), "UP");
    cr_expect_str_eq(usher_stat(usher, "app", "local", "addr"), "unix");
    cr_expect_str_eq(usher_stat(usher, "app", "six", "addr"), origin_address(six));
    origin_kill(local);
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "six");
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "six");
    usher_stop(usher);
    scratch_remove(folder);
}

Test(listen, for_servers_known_by_name)
{
    struct origin *origin = origin_start("a");
    struct usher *usher = usher_start(USHER_WEB USHER_APP "server = a localhost:%u\n",
                                      origin_port(origin));

    eventually(client_ask_once(usher_web(usher))[0], 5000);
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    usher_stop(usher);
}

Test(listen, although_a_name_does_not_resolve)
{
    struct origin *origin = origin_start("a");
    struct usher *usher =
        usher_start("[global]\nworkers = 2\nstart-wait = 200ms\n" USHER_WEB USHER_APP
                    "server = a %s\nserver = lost nobody.invalid:80\n",
                    origin_address(origin));

    for (int i = 0; i < 6; i++)
        cr_assert_str_eq(client_ask_once(usher_web(usher)), "a");
    eventually(usher_logged(usher, "warning", "nobody.invalid", "app/lost", NULL), 20000);
    usher_stop(usher);
}

Test(listen, to_connections_that_came_while_nobody_accepted)
{
    int fd = wire_listen("127.0.0.1:0", 100);
    const char *address = wire_address(fd);
    struct client *early = client_dial(address);
    struct usher *usher = usher_start_with(
        (struct usher_options){ .pass_fd = fd },
        "[frontend web]\nbind = fd@3\nbackend = app\n" USHER_APP "server = a %s\n",
        origin_address(origin_start("a")));

    cr_expect_str_eq(client_ask(early, "who"), "a");
    usher_stop(usher);
}
