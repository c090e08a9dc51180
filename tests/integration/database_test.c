/* Real peers of the ready-made dialogues: redis, PostgreSQL and MariaDB, each an own
 * instance in a folder of its own, are up while they serve and down when they do not. */
#include "support/client.h"
#include "support/kept.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/spawn.h"
#include "support/usher.h"
#include "support/wire.h"

#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define POSTGRES "/usr/lib/postgresql/15/bin/"
#define CHECKS(kind) USHER_QUICK_CHECKS "check = " kind "\n"

TestSuite(database, .timeout = 120);

struct database {
    pid_t pid;
    const char *folder, *address, *port;
};

/* The port stays reserved only until the database takes it. */
static struct database make(void)
{
    const struct passwd *nobody = getpwnam("nobody");
    int fd = wire_reserve("127.0.0.1:0");
    struct database database = { .folder = scratch_create(),
                                 .address = wire_address(fd) };

    database.port = strrchr(database.address, ':') + 1;
    cr_assert(nobody);
    if (getuid() == 0)
        cr_assert_eq(chown(database.folder, nobody->pw_uid, nobody->pw_gid), 0);
    (void)close(fd);
    return database;
}

/* What begins a command line: databases will not be run by root. */
static const char *humbly(void)
{
    return getuid() ? "env"
                    : "setpriv --pdeathsig KILL --reuid nobody --regid nogroup"
                      " --clear-groups";
}

static const char *log_of(const struct database *database)
{
    return scratch_path(database->folder, "log");
}

static bool listens(const struct database *database)
{
    struct client *client = client_try(database->address);

    client_close(client);
    return client;
}

static void unmake(struct database *database)
{
    spawn_kill(database->pid);
    scratch_remove(database->folder);
}

static bool is(struct usher *usher, const char *server, const char *state,
               const char *why)
{
    return usher_stat_is(usher, server, "status", state) &&
           strstr(usher_stat(usher, "app", strchr(server, '/') + 1, "last_chk"), why);
}

static bool is_answered(struct usher *usher, const char *server)
{
    return strstr(usher_stat(usher, "app", server, "check_status"), "L7OK");
}

static void need(const char *program)
{
    if (spawn_line("%s --version", program).status != 0)
        cr_skip("%s is not installed", program);
}

static struct database start_redis(const char *options)
{
    struct database redis = make();

    redis.pid = spawn_begin_line(log_of(&redis),
                                 "redis-server --port %s --bind 127.0.0.1 --dir %s "
                                 "--appendonly no %s",
                                 redis.port, redis.folder, options);
    eventually(listens(&redis), 10000);
    return redis;
}

Test(database, redis_is_up_while_it_answers_whoever_may_ask)
{
    struct database open, closed, orphan;
    struct usher *usher;

    need("redis-server");
    open = start_redis("");
    closed = start_redis("--requirepass secret");
    orphan = start_redis("--replicaof 127.0.0.1 1 --replica-serve-stale-data no");
    usher = usher_start(USHER_WEB USHER_APP CHECKS(
                            "redis") "server = open %s\n"
                                     "server = closed %s\nserver = orphan %s\n",
                        open.address, closed.address, orphan.address);
    eventually(is(usher, "app/open", "UP", ""), 5000);
    cr_expect(is_answered(usher, "open"));
    eventually(is(usher, "app/closed", "UP", "NOAUTH"), 5000);
    eventually(is(usher, "app/orphan", "DOWN", "MASTERDOWN"), 5000);
    unmake(&open);
    eventually(is(usher, "app/open", "DOWN", "refused"), 5000);
    usher_stop(usher);
    unmake(&closed);
    unmake(&orphan);
}

static void run_humbly(const char *line)
{
    struct spawned spawned = spawn_line("%s %s", humbly(), line);

    cr_assert_eq(spawned.status, 0, "%s: %s%s", line, spawned.out, spawned.err);
}

static void start_postgres(struct database *postgres, const char *options)
{
    postgres->pid = spawn_begin_line(log_of(postgres),
                                     "%s " POSTGRES "postgres -D %s/data -p %s -c "
                                     "listen_addresses=127.0.0.1 -c "
                                     "unix_socket_directories=%s -c fsync=off %s",
                                     humbly(), postgres->folder, postgres->port,
                                     postgres->folder, options);
    eventually(listens(postgres), 20000);
}

static const char postgres_lets_in[] = "host all usher 127.0.0.1/32 trust\n"
                                       "host all mary 127.0.0.1/32 scram-sha-256\n";

static struct database make_postgres(void)
{
    struct database postgres = make();

    run_humbly(
        kept_format(POSTGRES "initdb -D %s/data -U usher -A trust -N", postgres.folder));
    (void)scratch_write(postgres.folder, "data/pg_hba.conf", postgres_lets_in);
    start_postgres(&postgres, "");
    return postgres;
}

/* In good order, so that it leaves neither processes nor shared memory. */
static void stop_postgres(struct database *postgres)
{
    (void)kill(postgres->pid, SIGINT);
    cr_expect_neq(spawn_wait(postgres->pid, patience_ms(10000)), -1);
}

#define POSTGRES_BACKEND(name, user)                                                     \
    "[backend " name "]\n" CHECKS("postgres") "check-user = " user "\n"                  \
                                              "server = a %s\n"

Test(database, postgres_is_up_while_it_takes_clients)
{
    struct database postgres;
    struct usher *usher;

    need(POSTGRES "postgres");
    postgres = make_postgres();
    usher = usher_start(USHER_WEB
                        "route = 1%% -> asked\nroute = 1%% -> unknown\n" USHER_APP CHECKS(
                            "postgres") "server = a %s\n" POSTGRES_BACKEND("asked",
                                                                           "mary")
                            POSTGRES_BACKEND("unknown", "stranger"),
                        postgres.address, postgres.address, postgres.address);
    eventually(is(usher, "app/a", "UP", ""), 5000);
    cr_expect(is_answered(usher, "a"));
    eventually(usher_stat_is(usher, "asked/a", "status", "UP"), 5000);
    eventually(usher_stat_is(usher, "unknown/a", "status", "UP"), 5000);
    cr_expect(strstr(usher_stat(usher, "unknown", "a", "last_chk"), "28000"));
    stop_postgres(&postgres);
    eventually(is(usher, "app/a", "DOWN", "refused"), 5000);
    eventually(usher_stat_is(usher, "asked/a", "status", "DOWN"), 5000);
    (void)scratch_write(postgres.folder, "data/standby.signal", "");
    start_postgres(&postgres, "-c hot_standby=off");
    eventually(is(usher, "app/a", "DOWN", "57P03"), 10000);
    usher_stop(usher);
    stop_postgres(&postgres);
    cr_expect_not(strstr(kept_file(log_of(&postgres)), "unexpected"), "%s",
                  kept_file(log_of(&postgres)));
    scratch_remove(postgres.folder);
}

static struct database start_mariadb(void)
{
    struct database mariadb = make();
    const char *init = scratch_write(mariadb.folder, "init",
                                     "CREATE USER usher@'%';\n"
                                     "CREATE USER mary@'%' IDENTIFIED BY 'secret';\n");

    cr_assert_eq(chmod(init, 0644), 0);
    run_humbly(kept_format("mariadb-install-db --no-defaults --datadir=%s/data "
                           "--auth-root-authentication-method=normal --skip-test-db "
                           "--skip-name-resolve",
                           mariadb.folder));
    mariadb.pid = spawn_begin_line(log_of(&mariadb),
                                   "%s mariadbd --no-defaults --datadir=%s/data "
                                   "--socket=%s/socket --port=%s "
                                   "--bind-address=127.0.0.1 --pid-file=%s/pid "
                                   "--init-file=%s --skip-name-resolve",
                                   humbly(), mariadb.folder, mariadb.folder, mariadb.port,
                                   mariadb.folder, init);
    eventually(listens(&mariadb), 30000);
    return mariadb;
}

/* A number of `show global status`. */
static unsigned long status_of(const struct database *mariadb, const char *name)
{
    const char *ask = kept_format("show global status like '%s';", name);
    struct spawned spawned = spawn_line_with(
        ask, "mariadb --no-defaults -S %s/socket -u root -N -B", mariadb->folder);

    cr_assert_eq(spawned.status, 0, "%s", spawned.err);
    cr_assert(strchr(spawned.out, '\t'), "%s", spawned.out);
    return strtoul(strchr(spawned.out, '\t'), NULL, 10);
}

/* The clients of the test that tried whether it listens have been counted. */
static unsigned long settled_aborts(const struct database *mariadb)
{
    unsigned long was = status_of(mariadb, "Aborted_connects"), is = was;

    eventually((was = is, is = status_of(mariadb, "Aborted_connects"), was == is), 5000);
    return is;
}

Test(database, mariadb_is_up_while_it_lets_its_user_in_and_counts_no_aborts)
{
    struct database mariadb;
    struct usher *usher;
    unsigned long aborts, connects;

    need("mariadbd");
    mariadb = start_mariadb();
    aborts = settled_aborts(&mariadb);
    usher = usher_start(USHER_WEB USHER_APP CHECKS("mysql") "check-user = usher\n"
                                                            "server = a %s\n",
                        mariadb.address);
    eventually(is(usher, "app/a", "UP", ""), 5000);
    cr_expect(is_answered(usher, "a"));
    connects = status_of(&mariadb, "Connections");
    eventually(status_of(&mariadb, "Connections") > connects + 20, 20000);
    cr_expect_eq(settled_aborts(&mariadb), aborts);
    cr_expect_eq(status_of(&mariadb, "Aborted_clients"), 0);
    (void)usher_reload(usher,
                       USHER_WEB USHER_APP CHECKS("mysql") "check-user = mary\n"
                                                           "server = a %s\n",
                       mariadb.address);
    eventually(is(usher, "app/a", "DOWN", "1045 Access denied"), 5000);
    (void)usher_reload(usher, USHER_WEB USHER_APP CHECKS("mysql") "server = a %s\n",
                       mariadb.address);
    eventually(is(usher, "app/a", "UP", ""), 5000);
    unmake(&mariadb);
    eventually(is(usher, "app/a", "DOWN", "refused"), 5000);
    usher_stop(usher);
}
