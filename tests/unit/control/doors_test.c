#include "generations.h"

#include "backend/rotation.h"
#include "base/ledger.h"
#include "base/log.h"
#include "control/doors.h"
#include "control/team.h"
#include "net/socket.h"
#include "proxy/entrance.h"

#include <errno.h>
#include <ev.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define WEB "[frontend web]\nbind = 127.0.0.1:0\nbackend = app\n"
#define TWO "[frontend two]\nbind = 127.0.0.1:0\nbackend = app\n"
#define APP "[backend app]\nserver = a 127.0.0.1:9\n"

static struct ev_loop *loop;
static struct team *team;
static struct doors *doors;
static struct problems *problems;
static int committed;

static void set_up(void)
{
    struct team_settings settings = { .count = WORKERS, .maxconn = 100 };

    log_set_level(LEVEL_ERROR);
    loop = settings.loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    team = team_create(&settings);
    cr_assert(team && team_start(team));
    make_registry();
    doors = doors_create(team);
    problems = problems_create();
}

/* Generations are destroyed by a test once it has ended the team. */
static void end(void)
{
    team_end(team);
    doors_destroy(doors);
    doors = NULL;
}

static void tear_down(void)
{
    end();
    problems_destroy(problems);
    registry_destroy(registry);
    team_destroy(team);
    ev_loop_destroy(loop);
}

TestSuite(doors, .timeout = 20, .init = set_up, .fini = tear_down);

/* Its backend has no server that is fit: who is let in is reset. */
static struct generation *build(const char *text)
{
    struct generation *generation = generation_from(text);
    struct backend *app = registry_find_backend(registry, "app");

    if (rotation_current(app))
        return generation;
    app->balancer = generation->settings->backends[0].balancer;
    cr_assert_null(rotation_publish(app, rotation_build(app)));
    return generation;
}

static void destroy(struct generation *one, struct generation *other)
{
    end();
    generation_destroy(one);
    generation_destroy(other);
}

static void note_commit(void *owner)
{
    ++*(int *)owner;
}

static void commit(void)
{
    int before = committed;

    doors_commit(doors, note_commit, &committed);
    cr_expect_eq(committed, before);
    while (committed == before)
        (void)ev_run(loop, EVRUN_ONCE);
}

static void serve(const struct generation *generation)
{
    cr_assert(doors_prepare(doors, generation, problems));
    commit();
}

/* -1 when nobody listens there. Who is let in may be reset before we look. */
static int knock(const struct address *where)
{
    struct pollfd waiting = { .fd = socket_connect(where, NULL), .events = POLLOUT };

    if (waiting.fd == -1)
        return -1;
    cr_assert_eq(poll(&waiting, 1, 10000), 1);
    if (socket_connect_result(waiting.fd) != ECONNREFUSED)
        return waiting.fd;
    (void)close(waiting.fd);
    return -1;
}

static bool is_waiting(int client)
{
    struct pollfd waiting = { .fd = client, .events = POLLIN };

    return poll(&waiting, 1, 0) == 0;
}

static void expect_let_in(int client)
{
    struct pollfd waiting = { .fd = client, .events = POLLIN };
    char byte;

    cr_assert_eq(poll(&waiting, 1, 10000), 1, "the client waits in vain");
    cr_expect_neq(read(client, &byte, 1), 1);
    (void)close(client);
}

static uint64_t connections_of(const struct frontend *frontend)
{
    return ledger_sum(frontend->entrance->ledger).connections;
}

static void expect_problem(const char *wanted)
{
    struct buffer report = { 0 };

    problems_write(problems, &report);
    cr_expect_str_eq(buffer_text(&report), wanted, "%s", buffer_text(&report));
    buffer_deinit(&report);
}

Test(doors, listen_from_when_they_are_prepared)
{
    struct generation *generation = build(WEB APP);
    struct address where;

    cr_expect_eq(doors_count(doors), 0);
    cr_assert(doors_prepare(doors, generation, problems));
    cr_assert_eq(doors_count(doors), 1);
    where = doors_address(doors, 0);
    cr_expect_neq(address_port(&where), 0);
    cr_expect_neq(knock(&where), -1);
    cr_expect_null(doors_frontend(doors, 0));

    commit();
    cr_expect_eq(doors_frontend(doors, 0), &generation->frontends[0]);
    destroy(generation, NULL);
}

Test(doors, let_clients_in_from_when_they_are_opened)
{
    struct generation *generation = build(WEB APP);
    int clients[20];

    serve(generation);
    for (int i = 0; i < 20; i++) {
        struct address where = doors_address(doors, 0);

        clients[i] = knock(&where);
        cr_assert_neq(clients[i], -1);
    }
    for (int i = 0; i < 20; i++)
        cr_expect(is_waiting(clients[i]));
    doors_open(doors);
    for (int i = 0; i < 20; i++)
        expect_let_in(clients[i]);

    cr_expect_eq(connections_of(&generation->frontends[0]), 20);
    destroy(generation, NULL);
}

Test(doors, are_closed_again_when_what_was_prepared_is_refused)
{
    struct generation *generation = build(WEB APP);
    struct address where;

    cr_assert(doors_prepare(doors, generation, problems));
    where = doors_address(doors, 0);
    doors_refuse(doors);

    cr_expect_eq(doors_count(doors), 0);
    cr_expect_eq(knock(&where), -1);
    generation_destroy(generation);
}

Test(doors, stay_open_from_generation_to_generation)
{
    struct generation *old = build(WEB APP), *next = build(WEB APP);
    struct address where, again;
    int client;

    serve(old);
    where = doors_address(doors, 0);
    client = knock(&where);
    cr_assert_neq(client, -1);
    serve(next);

    cr_assert_eq(doors_count(doors), 1);
    cr_expect_eq(doors_frontend(doors, 0), &next->frontends[0]);
    again = doors_address(doors, 0);
    cr_expect(address_is_equal(&again, &where));
    doors_open(doors);
    expect_let_in(client);
    destroy(old, next);
}

Test(doors, are_closed_when_the_next_generation_does_not_name_them)
{
    struct generation *old = build(WEB TWO APP), *next = build(TWO APP);
    struct address gone, kept;
    int client;

    serve(old);
    doors_open(doors);
    gone = doors_address(doors, 0);
    kept = doors_address(doors, 1);
    client = knock(&gone);
    serve(next);

    cr_assert_eq(doors_count(doors), 1);
    cr_expect_eq(doors_frontend(doors, 0), &next->frontends[0]);
    cr_expect_eq(knock(&gone), -1);
    expect_let_in(client);
    expect_let_in(knock(&kept));
    destroy(old, next);
}

Test(doors, tell_ports_of_zero_apart_by_their_frontend)
{
    struct generation *old = build(WEB TWO APP), *next = build(TWO WEB APP);
    struct address web, two, again;

    serve(old);
    web = doors_address(doors, 0);
    two = doors_address(doors, 1);
    cr_expect_neq(address_port(&web), address_port(&two));
    serve(next);

    cr_assert_eq(doors_count(doors), 2);
    again = doors_address(doors, 0);
    cr_expect(address_is_equal(&again, &web));
    cr_expect_eq(doors_frontend(doors, 0), &next->frontends[1]);
    cr_expect_eq(doors_frontend(doors, 1), &next->frontends[0]);
    destroy(old, next);
}

Test(doors, are_two_for_the_same_place_twice)
{
    struct generation *old = build(
        "[frontend web]\nbind = 127.0.0.1:0\nbind = 127.0.0.1:0\nbackend = app\n" APP);
    struct generation *next = build(WEB APP);
    struct address one, other;

    serve(old);
    cr_assert_eq(doors_count(doors), 2);
    one = doors_address(doors, 0);
    other = doors_address(doors, 1);
    cr_expect_neq(address_port(&one), address_port(&other));

    serve(next);
    cr_expect_eq(doors_count(doors), 1);
    destroy(old, next);
}

/* Somebody else's, who shares it with nobody. */
static int take_port(struct address *where)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in loopback = { .sin_family = AF_INET };

    loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    cr_assert_eq(bind(fd, (const struct sockaddr *)&loopback, sizeof loopback), 0);
    cr_assert_eq(listen(fd, 1), 0);
    cr_assert(socket_local_address(fd, where));
    return fd;
}

Test(doors, change_nothing_when_one_cannot_be_opened)
{
    struct generation *old = build(WEB APP), *next;
    struct address taken, where;
    char text[256], wanted[256];
    int fd = take_port(&taken);

    (void)snprintf(text, sizeof text,
                   WEB "[frontend two]\nbind = 127.0.0.1:0\nbind = 127.0.0.1:%u\n"
                       "backend = app\n" APP,
                   address_port(&taken));
    (void)snprintf(wanted, sizeof wanted,
                   "x.ini:6: cannot listen on 127.0.0.1:%u: Address already in use; "
                   "another program listens there: stop it, or choose another port\n",
                   address_port(&taken));
    next = build(text);
    serve(old);
    doors_open(doors);

    cr_expect_not(doors_prepare(doors, next, problems));
    expect_problem(wanted);
    cr_assert_eq(doors_count(doors), 1);
    cr_expect_eq(doors_frontend(doors, 0), &old->frontends[0]);
    where = doors_address(doors, 0);
    expect_let_in(knock(&where));
    (void)close(fd);
    destroy(old, next);
}

Test(doors, can_be_prepared_again_after_a_refusal)
{
    struct generation *old = build(WEB APP), *next = build(WEB TWO APP);

    serve(old);
    cr_assert(doors_prepare(doors, next, problems));
    cr_expect_eq(doors_count(doors), 2);
    doors_refuse(doors);
    cr_expect_eq(doors_count(doors), 1);
    cr_expect_eq(doors_frontend(doors, 0), &old->frontends[0]);

    serve(next);
    cr_expect_eq(doors_count(doors), 2);
    destroy(old, next);
}

Test(doors, are_all_closed_after_what_has_arrived)
{
    struct generation *generation = build(WEB TWO APP);
    struct address where[2];
    int clients[2];

    serve(generation);
    doors_open(doors);
    for (size_t i = 0; i < 2; i++) {
        where[i] = doors_address(doors, i);
        clients[i] = knock(&where[i]);
    }
    doors_close(doors);
    cr_expect_eq(doors_count(doors), 0);
    for (size_t i = 0; i < 2; i++)
        expect_let_in(clients[i]);
    end();

    cr_expect_eq(connections_of(&generation->frontends[0]), 1);
    cr_expect_eq(connections_of(&generation->frontends[1]), 1);
    cr_expect_eq(knock(&where[0]), -1);
    cr_expect_eq(knock(&where[1]), -1);
    generation_destroy(generation);
}

static char folder[] = "/tmp/usher-doors-XXXXXX";
static char path[64], local_frontend[256];

static void make_local(void)
{
    cr_assert(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/web", folder);
    (void)snprintf(local_frontend, sizeof local_frontend,
                   "[frontend local]\nbind = unix:%s\nbackend = app\n" APP, path);
}

Test(doors, of_a_unix_socket_are_shared_and_removed_in_the_end)
{
    struct generation *generation;
    struct address where;

    make_local();
    generation = build(local_frontend);
    serve(generation);
    doors_open(doors);
    where = doors_address(doors, 0);
    cr_expect_eq(access(path, F_OK), 0);
    for (int i = 0; i < 10; i++)
        (void)close(knock(&where));
    end();

    cr_expect_eq(access(path, F_OK), -1);
    cr_expect_eq(rmdir(folder), 0);
    generation_destroy(generation);
}

Test(doors, of_a_unix_socket_are_removed_when_nobody_names_them_any_more)
{
    struct generation *old, *next = build(WEB APP);

    make_local();
    old = build(local_frontend);
    serve(old);
    serve(next);

    cr_expect_eq(access(path, F_OK), -1);
    cr_expect_eq(rmdir(folder), 0);
    destroy(old, next);
}

Test(doors, may_be_sockets_that_somebody_else_opened)
{
    struct generation *generation;
    struct address given, where;
    char text[256];
    int fd = take_port(&given);

    (void)snprintf(text, sizeof text, "[frontend web]\nbind = fd@%d\nbackend = app\n" APP,
                   fd);
    generation = build(text);
    serve(generation);
    doors_open(doors);
    where = doors_address(doors, 0);

    cr_expect(address_is_equal(&where, &given));
    expect_let_in(knock(&given));
    (void)close(fd);
    destroy(generation, NULL);
}

Test(doors, have_a_problem_with_a_descriptor_that_does_not_listen)
{
    struct generation *generation;
    char text[256], wanted[256];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)snprintf(text, sizeof text, "[frontend web]\nbind = fd@%d\nbackend = app\n" APP,
                   fd);
    (void)snprintf(wanted, sizeof wanted,
                   "x.ini:2: cannot listen on fd@%d: Bad file descriptor; it is not a "
                   "listening stream socket that usher was started with\n",
                   fd);
    generation = build(text);

    cr_expect_not(doors_prepare(doors, generation, problems));
    expect_problem(wanted);
    cr_expect_eq(doors_count(doors), 0);
    (void)close(fd);
    generation_destroy(generation);
}
