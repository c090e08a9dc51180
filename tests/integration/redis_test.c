/* A real peer: redis behind usher. */
#include "support/client.h"
#include "support/kept.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/spawn.h"
#include "support/usher.h"
#include "support/wire.h"

#include <string.h>
#include <unistd.h>

TestSuite(redis, .timeout = 60);

struct redis {
    pid_t pid;
    const char *folder, *address;
};

/* The port stays reserved only until redis takes it. */
static struct redis start_redis(void)
{
    int fd = wire_reserve("127.0.0.1:0");
    struct redis redis = { .folder = scratch_create(), .address = wire_address(fd) };
    const char *argv[] = { "redis-server",
                           "--port",
                           strrchr(redis.address, ':') + 1,
                           "--bind",
                           "127.0.0.1",
                           "--save",
                           "",
                           "--dir",
                           redis.folder,
                           NULL };

    (void)close(fd);
    redis.pid = spawn_begin(
        &(struct spawn){ .argv = argv, .out = scratch_path(redis.folder, "log") });
    eventually(client_try(redis.address), 10000);
    return redis;
}

static const char *cli(struct usher *usher, const char *words)
{
    struct spawned spawned = spawn_line("redis-cli -h 127.0.0.1 -p %u %s",
                                        usher_port(usher, "web"), words);

    cr_assert_eq(spawned.status, 0, "%s%s", spawned.out, spawned.err);
    return spawned.out;
}

static struct usher *start_usher(const struct redis *redis)
{
    return usher_start(USHER_WEB USHER_APP "server = redis %s\n", redis->address);
}

static void need_redis(void)
{
    if (spawn_line("redis-server --version").status != 0 ||
        spawn_line("redis-cli --version").status != 0)
        cr_skip("redis is not installed");
}

Test(redis, is_reached_by_its_own_client)
{
    struct redis redis;
    struct usher *usher;

    need_redis();
    redis = start_redis();
    usher = start_usher(&redis);
    cr_expect_str_eq(cli(usher, "ping"), "PONG\n");
    cr_expect_str_eq(cli(usher, "set colour blue"), "OK\n");
    cr_expect_str_eq(cli(usher, "get colour"), "blue\n");
    usher_stop(usher);
    spawn_kill(redis.pid);
    scratch_remove(redis.folder);
}

Test(redis, is_benchmarked_without_an_error)
{
    struct redis redis;
    struct usher *usher;
    struct spawned spawned;

    need_redis();
    redis = start_redis();
    usher = start_usher(&redis);
    spawned =
        spawn_line("redis-benchmark -q -h 127.0.0.1 -p %u -c 20 -P 8 -d 1000 -n %llu"
                   " -t set,get,lpush,lrange_100",
                   usher_port(usher, "web"), (unsigned long long)patience_volume(20000));
    cr_expect_eq(spawned.status, 0, "%s%s", spawned.out, spawned.err);
    cr_expect(!strstr(spawned.out, "rror"), "%s", spawned.out);
    eventually(usher_sessions(usher) == 0, 3000);
    usher_stop(usher);
    spawn_kill(redis.pid);
    scratch_remove(redis.folder);
}
