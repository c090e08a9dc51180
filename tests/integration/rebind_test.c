/* Reloads that change how and where usher listens. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/spawn.h"
#include "support/usher.h"
#include "support/wire.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(rebind, .timeout = 60);

static struct origin *a;

#define CONFIG "[frontend web]\nbackend = app\n%s" USHER_APP "server = a %s\n"

static struct usher *start(const char *binds)
{
    a = origin_start("a");
    return usher_start(CONFIG, binds, origin_address(a));
}

static void rebind(struct usher *usher, const char *binds)
{
    const char *answer = usher_reload(usher, CONFIG, binds, origin_address(a));

    cr_assert_eq(strncmp(answer, "applied", 7), 0, "%s%s", binds, answer);
}

static unsigned port_of(const char *address)
{
    unsigned port = 0;

    cr_assert_eq(sscanf(strrchr(address, ':'), ":%u", &port), 1, "no port: %s", address);
    return port;
}

static void expect_served(const char *address)
{
    cr_expect_str_eq(client_ask_once(address), "a", "nobody serves %s", address);
}

static void expect_nobody(const char *address)
{
    eventually(client_is_refused(address, 1000), 5000);
}

Test(rebind, from_all_addresses_to_one_and_back)
{
    struct usher *usher = start("bind = 0.0.0.0:0\n");
    unsigned port = port_of(usher_web(usher));
    const char *one = kept_format("127.0.0.1:%u", port);
    const char *other = kept_format("127.0.0.2:%u", port);

    rebind(usher, kept_format("bind = %s\n", one));
    expect_served(one);
    expect_nobody(other);
    rebind(usher, kept_format("bind = 0.0.0.0:%u\n", port));
    expect_served(one);
    expect_served(other);
    usher_stop(usher);
}

Test(rebind, from_both_families_to_ip6_only_and_back)
{
    struct usher *usher = start("bind = [::]:0\n");
    unsigned port = port_of(usher_web(usher));
    const char *four = kept_format("127.0.0.1:%u", port);
    const char *six = kept_format("[::1]:%u", port);

    expect_served(four);
    rebind(usher, kept_format("bind = [::]:%u v6only\n", port));
    expect_served(six);
    expect_nobody(four);
    rebind(usher, kept_format("bind = [::]:%u\n", port));
    expect_served(six);
    expect_served(four);
    usher_stop(usher);
}

/* Each worker's socket must have this backlog, as ss shows it. */
static void expect_backlog(const struct usher *usher, unsigned port, unsigned wanted)
{
    struct spawned spawned = spawn_line("ss -Hltn sport = :%u", port);
    unsigned backlog, count = 0;

    (void)usher;
    for (const char *line = spawned.out; *line; line = strchr(line, '\n') + 1) {
        cr_assert_eq(sscanf(line, "%*s %*u %u", &backlog), 1, "%s", line);
        cr_expect_eq(backlog, wanted, "%s", line);
        count++;
    }
    cr_expect_eq(count, 2);
}

Test(rebind, with_another_backlog)
{
    struct usher *usher = start("bind = 127.0.0.1:0 backlog=9\n");
    unsigned port = port_of(usher_web(usher));

    expect_backlog(usher, port, 9);
    rebind(usher, "bind = 127.0.0.1:0 backlog=7\n");
    cr_expect_eq(port_of(usher_web(usher)), port);
    expect_backlog(usher, port, 7);
    expect_served(usher_web(usher));
    usher_stop(usher);
}

static void expect_mode(const char *path, mode_t wanted)
{
    struct stat status;

    cr_assert_eq(stat(path, &status), 0);
    cr_expect_eq(status.st_mode & 0777, wanted, "mode %o", status.st_mode & 0777);
}

Test(rebind, with_another_mode_of_a_unix_socket)
{
    const char *folder = scratch_create(), *door = scratch_path(folder, "door");
    struct usher *usher = start(kept_format("bind = unix:%s mode=0660\n", door));

    expect_mode(door, 0660);
    rebind(usher, kept_format("bind = unix:%s mode=0600\n", door));
    expect_mode(door, 0600);
    expect_served(usher_web(usher));
    usher_stop(usher);
    scratch_remove(folder);
}

Test(rebind, away_from_an_inherited_descriptor_refuses_who_comes_there)
{
    int fd = wire_listen("127.0.0.1:0", 100);
    const char *address = wire_address(fd);
    struct usher *usher;

    a = origin_start("a");
    usher = usher_start_with((struct usher_options){ .pass_fd = fd }, CONFIG,
                             "bind = fd@3\nbind = 127.0.0.1:0\n", origin_address(a));
    (void)close(fd);
    expect_served(address);
    rebind(usher, "bind = 127.0.0.1:0\n");
    eventually(client_try(address) == NULL, 5000);
    expect_served(usher_web(usher));
    usher_stop(usher);
}
