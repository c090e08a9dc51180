/* Real clients and servers, with TLS in between: curl, redis, PostgreSQL. */
#include "support/authority.h"
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/spawn.h"
#include "support/tunnel.h"
#include "support/usher.h"
#include "support/wire.h"

#include <glob.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(clients, .timeout = 120);

static void need(const char *program)
{
    if (spawn_line("which %s", program).status != 0)
        cr_skip("%s is not installed", program);
}

/* Free until somebody else takes it. */
static const char *free_port(void)
{
    int fd = wire_reserve("127.0.0.1:0");
    const char *colon = strrchr(wire_address(fd), ':');

    (void)close(fd);
    return colon + 1;
}

/* A web server, as far as curl can tell. */
static void serve_web(struct visit *visit)
{
    char request[2048];
    const char *name = visit->plan->name;

    if (recv(visit->fd, request, sizeof request, 0) <= 0)
        return;
    visit_say(visit, "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhere is ");
    visit_say(visit, name);
    visit_say(visit, "\n");
}

static struct origin *web(const char *name)
{
    return origin_serve((struct origin_plan){ .name = name, .script = serve_web });
}

static struct spawned curl(struct usher *usher, struct authority *authority,
                           const char *name, const char *options)
{
    unsigned port = usher_port(usher, "web");

    return spawn_line("curl -sS --cacert %s --resolve %s:%u:127.0.0.1 %s https://%s:%u/",
                      authority_file(authority), name, port, options, name, port);
}

static void expect_web(struct spawned spawned, const char *answer)
{
    cr_expect_eq(spawned.status, 0, "%s", spawned.err);
    cr_expect_str_eq(spawned.out, answer);
}

Test(clients, curl_comes_by_https)
{
    struct authority *authority;
    struct usher *usher;
    const char *own;

    need("curl");
    authority = authority_create("web");
    own = authority_sign(authority, (struct identity){ "client", NULL, 0, "clientAuth" });
    usher = usher_start(USHER_WEB "tls-cert = %s\ntls-alpn = http/1.1\n"
                                  "tls-client-ca = %s\ntls-verify = required\n" USHER_APP
                                  "check = off\nserver = a %s\n",
                        authority_name(authority, "www.test"), authority_file(authority),
                        origin_address(web("a")));
    expect_web(curl(usher, authority, "www.test", kept_format("--cert %s", own)),
               "here is a\n");
    expect_web(curl(usher, authority, "www.test",
                    kept_format("--cert %s --tls-max 1.2", own)),
               "here is a\n");
    cr_expect_neq(curl(usher, authority, "www.test", "").status, 0);
    cr_expect_neq(curl(usher, authority, "other.test", "").status, 0);
    usher_stop(usher);
    authority_remove(authority);
}

static const char *wrap(struct authority *authority, const char *name)
{
    return tunnel_address(tunnel_start(
        (struct tunnel_plan){ .to = origin_address(web(name)),
                              .takes_tls = true,
                              .certificate = authority_name(authority, name) }));
}

Test(clients, curl_comes_to_the_server_it_names)
{
    struct authority *authority;
    struct usher *usher;

    need("curl");
    authority = authority_create("web");
    usher = usher_start(USHER_WEB "route = b.test -> b\nroute = c.test -> c\n" USHER_APP
                                  "check = off\nserver = a %s\n[backend b]\ncheck = off\n"
                                  "server = b %s\n[backend c]\ncheck = off\n"
                                  "server = c %s\n",
                        wrap(authority, "a.test"), wrap(authority, "b.test"),
                        wrap(authority, "c.test"));
    expect_web(curl(usher, authority, "a.test", ""), "here is a.test\n");
    expect_web(curl(usher, authority, "b.test", ""), "here is b.test\n");
    expect_web(curl(usher, authority, "C.test", ""), "here is c.test\n");
    expect_web(curl(usher, authority, "b.test", "--tls-max 1.2"), "here is b.test\n");
    usher_stop(usher);
    authority_remove(authority);
}

/* curl itself writes the header before TLS. */
Test(clients, curl_announces_itself_by_a_proxy_header)
{
    struct authority *authority;
    struct usher *usher;

    need("curl");
    authority = authority_create("web");
    usher = usher_start(USHER_WEB
                        "tls-cert = %s\naccept-proxy-from = 127.0.0.1\n" USHER_APP
                        "check = off\nserver = a %s\n",
                        authority_name(authority, "www.test"), origin_address(web("a")));
    expect_web(curl(usher, authority, "www.test", "--haproxy-protocol"), "here is a\n");
    cr_expect_neq(curl(usher, authority, "www.test", "").status, 0);
    eventually(usher_logged(usher, "ending=proxy-header", NULL), 3000);
    usher_stop(usher);
    authority_remove(authority);
}

struct redis {
    pid_t pid;
    const char *folder, *address;
};

static struct redis start_redis(void)
{
    struct redis redis = { .folder = scratch_create() };
    const char *port = free_port();

    redis.address = kept_format("127.0.0.1:%s", port);
    redis.pid = spawn_begin_line(scratch_path(redis.folder, "log"),
                                 "redis-server --port %s --bind 127.0.0.1 --dir %s"
                                 " --appendonly no",
                                 port, redis.folder);
    eventually(client_try(redis.address), 10000);
    return redis;
}

Test(clients, redis_cli_comes_by_tls)
{
    struct authority *authority;
    struct redis redis;
    struct usher *usher;
    struct spawned spawned;
    const char *start;

    need("redis-server");
    need("redis-cli");
    authority = authority_create("redis");
    redis = start_redis();
    usher = usher_start(USHER_WEB "tls-cert = %s\n" USHER_APP "server = redis %s\n",
                        authority_name(authority, "redis.test"), redis.address);
    start = kept_format("-h 127.0.0.1 -p %u --tls --sni redis.test --cacert %s",
                        usher_port(usher, "web"), authority_file(authority));
    spawned = spawn_line("redis-cli %s set colour blue", start);
    cr_expect_str_eq(spawned.out, "OK\n", "%s", spawned.err);
    spawned = spawn_line("redis-cli %s get colour", start);
    cr_expect_str_eq(spawned.out, "blue\n", "%s", spawned.err);
    spawned = spawn_line("redis-benchmark -q %s -c 20 -P 8 -d 3000 -n %llu -t set,get",
                         start, (unsigned long long)patience_volume(10000));
    cr_expect_eq(spawned.status, 0, "%s%s", spawned.out, spawned.err);
    cr_expect(!strstr(spawned.out, "rror"), "%s", spawned.out);
    eventually(usher_sessions(usher) == 0, 5000);
    usher_stop(usher);
    spawn_kill(redis.pid);
    scratch_remove(redis.folder);
    authority_remove(authority);
}

struct postgres {
    pid_t pid;
    const char *folder, *port;
};

/* The newest of those that are installed; Debian does not put it into PATH. */
static const char *postgres_folder(void)
{
    const char *folder = NULL;
    glob_t found;

    if (glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &found) == 0) {
        const char *path = found.gl_pathv[found.gl_pathc - 1];

        folder = kept_format("%.*s", (int)(strrchr(path, '/') - path), path);
        globfree(&found);
    }
    return folder;
}

/* It refuses to be run by root. */
static const char *as_nobody(void)
{
    const struct passwd *nobody = getpwnam("nobody");

    if (geteuid() != 0 || !nobody)
        return "";
    return kept_format("setpriv --reuid=%u --regid=%u --clear-groups --pdeathsig KILL ",
                       nobody->pw_uid, nobody->pw_gid);
}

static void give_away(const char *path, mode_t mode)
{
    const struct passwd *nobody = getpwnam("nobody");

    if (geteuid() == 0 && nobody)
        cr_assert_eq(chown(path, nobody->pw_uid, nobody->pw_gid), 0);
    cr_assert_eq(chmod(path, mode), 0);
}

static bool answers(const struct postgres *postgres)
{
    return spawn_line("psql -At -h %s -p %s -U tester postgres -c select",
                      postgres->folder, postgres->port)
               .status == 0;
}

static struct postgres start_postgres(const char *programs, const char *certificate)
{
    struct postgres postgres = { .folder = scratch_create(), .port = free_port() };
    const char *own = scratch_write(postgres.folder, "own.pem", kept_file(certificate));
    struct spawned made;

    give_away(postgres.folder, 0700);
    give_away(own, 0600);
    made = spawn_line("%s%s/initdb -D %s/data -U tester -A trust --no-sync --locale=C",
                      as_nobody(), programs, postgres.folder);
    cr_assert_eq(made.status, 0, "%s%s", made.out, made.err);
    postgres.pid = spawn_begin_line(
        scratch_path(postgres.folder, "log"),
        "%s%s/postgres -D %s/data -p %s -k %s -F -c listen_addresses=127.0.0.1 -c ssl=on"
        " -c ssl_cert_file=%s -c ssl_key_file=%s",
        as_nobody(), programs, postgres.folder, postgres.port, postgres.folder, own, own);
    eventually(answers(&postgres), 20000);
    return postgres;
}

static void stop_postgres(const struct postgres *postgres)
{
    (void)kill(postgres->pid, SIGQUIT);
    if (spawn_wait(postgres->pid, 10000) == -1)
        spawn_kill(postgres->pid);
    scratch_remove(postgres->folder);
}

static struct spawned psql(struct usher *usher, struct authority *authority,
                           const char *host)
{
    return spawn_line_with(
        "select ssl from pg_stat_ssl where pid = pg_backend_pid();\n"
        "select length(repeat('x', 3000000));\n",
        "psql -AtX postgresql://tester@%s:%u/postgres?hostaddr=127.0.0.1"
        "&sslmode=verify-full&sslrootcert=%s",
        host, usher_port(usher, "web"), authority_file(authority));
}

/* PostgreSQL asks for TLS in its own words first: usher passes it through. */
Test(clients, psql_verifies_the_server_behind_usher)
{
    struct authority *authority;
    struct postgres postgres;
    struct usher *usher;
    struct spawned spawned;

    need("psql");
    if (!postgres_folder())
        cr_skip("no PostgreSQL server is installed");
    authority = authority_create("databases");
    postgres = start_postgres(postgres_folder(), authority_name(authority, "db.test"));
    usher = usher_start(USHER_WEB USHER_APP "server = db 127.0.0.1:%s\n", postgres.port);
    spawned = psql(usher, authority, "db.test");
    cr_expect_eq(spawned.status, 0, "%s", spawned.err);
    cr_expect_str_eq(spawned.out, "t\n3000000\n");
    spawned = psql(usher, authority, "other.test");
    cr_expect_neq(spawned.status, 0);
    cr_expect(strstr(spawned.err, "does not match host name"), "%s", spawned.err);
    usher_stop(usher);
    stop_postgres(&postgres);
    authority_remove(authority);
}
