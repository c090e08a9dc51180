#include "generations.h"

#include "backend/history.h"
#include "backend/rotation.h"
#include "backend/server_set.h"
#include "base/log.h"
#include "control/checkup.h"
#include "control/team.h"
#include "control/track.h"
#include "control/upkeep.h"
#include "health/check.h"
#include "net/resolver.h"

#include <ev.h>

#define CONFIG(server)                                                                   \
    "[frontend web]\nbind = 127.0.0.1:8080\nbackend = app\n"                             \
    "[backend app]\ncheck = off\n" server

static struct ev_loop *loop;
static struct team *team;
static struct resolver *resolver;
static struct upkeep *upkeep;
static struct backend *forgotten;

static void forget(void *owner, struct backend *backend)
{
    (void)owner;
    forgotten = backend;
    upkeep_forget(upkeep, backend);
}

static void ignore_publication(void *owner, struct backend *backend)
{
    (void)owner;
    (void)backend;
}

static void ignore_parting(void *owner, struct server *server)
{
    (void)owner;
    (void)server;
}

static void set_up(void)
{
    struct team_settings settings = { .count = WORKERS, .maxconn = 100 };
    struct registry_settings names = { .workers = WORKERS,
                                       .wake = ignore_wake,
                                       .on_forget = forget };
    struct upkeep_settings with = { .on_publish = ignore_publication,
                                    .on_parting = ignore_parting };

    log_set_level(LEVEL_ERROR);
    loop = settings.loop = with.loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    team = with.team = team_create(&settings);
    cr_assert(team && team_start(team));
    resolver = with.resolver = resolver_create(loop);
    registry = with.registry = registry_create(&names);
    upkeep = upkeep_create(&with);
}

static void tear_down(void)
{
    team_end(team);
    registry_destroy(registry);
    upkeep_destroy(upkeep);
    resolver_destroy(resolver);
    team_destroy(team);
    ev_loop_destroy(loop);
}

TestSuite(upkeep, .timeout = 20, .init = set_up, .fini = tear_down);

static struct generation *apply(const char *text)
{
    struct generation *generation = generation_from(text);

    upkeep_apply(upkeep, generation);
    upkeep_publish(upkeep);
    return generation;
}

/* What workers have done is seen when the loop runs, not before. */
static void wait_for_graces(void)
{
    while (registry_backend_count(registry))
        (void)ev_run(loop, EVRUN_ONCE);
}

Test(upkeep, keeps_a_backend_until_its_last_rotation_is_gone)
{
    struct generation *generation = apply(CONFIG("server = a 127.0.0.1:9001\n"));

    generation_destroy(generation);
    cr_assert(forgotten);
    cr_expect_eq(registry_find_backend(registry, "app"), forgotten);
    wait_for_graces();
}

/* What checks borrow dies with the generation. */
Test(upkeep, ends_checks_with_the_last_generation_that_names_them)
{
    struct generation *generation = apply(
        "[frontend web]\nbind = 127.0.0.1:8080\nbackend = app\n"
        "[backend app]\nserver = a 127.0.0.1:9001\n");
    struct server *a = backend_find(registry_find_backend(registry, "app"), "a");

    cr_expect(a->check);
    cr_expect_eq(upkeep_check_count(upkeep), 1);
    generation_destroy(generation);
    cr_expect_null(a->check);
    cr_expect_eq(upkeep_check_count(upkeep), 0);
    wait_for_graces();
}

Test(upkeep, takes_up_a_backend_again_that_is_not_gone_yet)
{
    struct generation *old = apply(CONFIG("server = a 127.0.0.1:9001\n")), *next;

    generation_destroy(old);
    next = apply("[frontend web]\nbind = 127.0.0.1:8080\nbackend = app\n"
                 "[backend app]\nserver = a 127.0.0.1:9001\n");
    cr_expect_eq(registry_find_backend(registry, "app"), forgotten);
    cr_expect(backend_find(forgotten, "a")->check);
    while (forgotten->graces)
        (void)ev_run(loop, EVRUN_ONCE);
    cr_expect_eq(registry_backend_count(registry), 1);
    generation_destroy(next);
    wait_for_graces();
}

Test(upkeep, keeps_a_backend_until_its_last_server_has_left)
{
    struct generation *old = apply(
        CONFIG("server = a 127.0.0.1:9001\nserver = b 127.0.0.1:9002\n"));
    struct generation *next = apply(CONFIG("server = a 127.0.0.1:9001\n"));
    struct backend *app = registry_find_backend(registry, "app");

    cr_expect_eq(app->server_count, 2);
    while (app->graces)
        (void)ev_run(loop, EVRUN_ONCE);
    upkeep_sweep(upkeep);
    generation_destroy(old);
    generation_destroy(next);
    cr_expect_eq(registry_find_backend(registry, "app"), app);
    cr_expect_eq(app->server_count, 2);
    wait_for_graces();
}

Test(upkeep, lets_a_server_go_that_the_file_names_no_more)
{
    struct generation *old = apply(
        CONFIG("server = a 127.0.0.1:9001\nserver = b 127.0.0.1:9002\n"));
    struct generation *next = apply(CONFIG("server = a 127.0.0.1:9001\n"));
    struct backend *app = registry_find_backend(registry, "app");

    cr_expect_eq(rotation_current(app)->count, 1);
    upkeep_sweep(upkeep);
    while (app->server_count == 2)
        (void)ev_run(loop, EVRUN_ONCE);
    cr_expect_not_null(backend_find(app, "a"));
    generation_destroy(old);
    generation_destroy(next);
    wait_for_graces();
}

/* Workers may have chosen it from the old rotation, and still read its address. */
Test(upkeep, keeps_the_address_of_a_server_that_turns_into_a_name)
{
    struct generation *old = apply(CONFIG("server = a 127.0.0.1:9001\n"));
    struct generation *next = apply(CONFIG("server = a localhost:9002\n"));
    struct backend *app = registry_find_backend(registry, "app");
    struct server *a = backend_find(app, "a");

    cr_expect_eq(rotation_current(app)->count, 0);
    cr_assert(server_address(a));
    cr_expect_eq(address_port(server_address(a)), 9001);
    cr_expect_str_eq(server_host(a), "localhost");
    while (a->is_unplaced)
        (void)ev_run(loop, EVRUN_ONCE);
    upkeep_publish(upkeep);

    cr_expect_eq(rotation_current(app)->count, 1);
    cr_expect_eq(address_port(server_address(a)), 9002);
    generation_destroy(old);
    generation_destroy(next);
    wait_for_graces();
}

Test(upkeep, places_a_server_at_once_that_turns_into_an_address)
{
    struct generation *old = apply(CONFIG("server = a localhost:9001\n"));
    struct generation *next = apply(CONFIG("server = a 127.0.0.1:9002\n"));
    struct backend *app = registry_find_backend(registry, "app");

    cr_expect_eq(rotation_current(app)->count, 1);
    cr_expect_eq(address_port(server_address(backend_find(app, "a"))), 9002);
    generation_destroy(old);
    generation_destroy(next);
    wait_for_graces();
}

#define SLOW(server) CONFIG("slow-start = 1h\n" server)

Test(upkeep, starts_only_new_servers_slowly_and_no_reload_starts_them_again)
{
    struct generation *first = apply(SLOW("server = a 127.0.0.1:9001\n"));
    struct generation *next = apply(
        SLOW("server = a 127.0.0.1:9001\nserver = b 127.0.0.1:9002\n"));
    struct backend *app = registry_find_backend(registry, "app");
    struct server *a = backend_find(app, "a"), *b = backend_find(app, "b");
    struct generation *last;

    cr_expect_eq(a->ramp_percent, 100);
    cr_expect_eq(b->ramp_percent, 5);
    b->ramp_began_at -= 1000000;
    last = apply(SLOW("server = a 127.0.0.1:9003\nserver = b 127.0.0.1:9002\n"));
    cr_expect_eq(a->ramp_percent, 5, "it is at another address");
    cr_expect_lt(b->ramp_began_at, a->ramp_began_at - 900000);

    generation_destroy(first);
    generation_destroy(next);
    generation_destroy(last);
    wait_for_graces();
}

#define CHECKED                                                                          \
    "[frontend web]\nbind = 127.0.0.1:8080\nbackend = app\n"                             \
    "[backend app]\ncheck-interval = 1h\nserver = a 127.0.0.1:1\n"
#define FOLLOWING "[backend b]\ncheck = off\nserver = x 127.0.0.1:2 track=app/a\n"

static struct server *server_named(const char *backend, const char *name)
{
    return backend_find(registry_find_backend(registry, backend), name);
}

/* As a check would. */
static void set_health(struct server *server, enum health health)
{
    (void)server_set_health(server, health);
    backend_touch(server->backend);
    upkeep_publish(upkeep);
}

Test(upkeep, gives_the_health_of_a_server_to_all_that_follow_it)
{
    struct generation *generation = apply(CHECKED FOLLOWING
                                          "server = y 127.0.0.1:3 track=b/x\n");
    struct server *a = server_named("app", "a"), *x = server_named("b", "x"),
                  *y = server_named("b", "y");

    cr_expect(x->is_checked && !x->check);
    cr_expect_eq(upkeep_check_count(upkeep), 1);
    cr_expect_eq(track_leader(y), x);
    set_health(a, HEALTH_UP);
    cr_expect_eq(x->health, HEALTH_UP);
    cr_expect_eq(y->health, HEALTH_UP);
    cr_expect_eq(rotation_current(x->backend)->count, 2);
    set_health(a, HEALTH_DOWN);

    cr_expect_eq(y->health, HEALTH_DOWN);
    cr_expect_eq(rotation_current(x->backend)->count, 0);
    cr_expect_eq(history_at(x->history, 1)->who, HISTORY_TRACK);
    cr_expect_str_eq(history_at(x->history, 1)->why, "via app/a");
    cr_expect_str_eq(history_at(y->history, 1)->why, "via b/x");
    generation_destroy(generation);
    wait_for_graces();
}

Test(upkeep, takes_up_and_gives_up_following_when_the_file_says_so)
{
    struct generation *first = apply(CHECKED FOLLOWING), *second, *third;
    struct server *a = server_named("app", "a"), *x = server_named("b", "x");

    set_health(a, HEALTH_UP);
    second = apply(CHECKED "server = b 127.0.0.1:4\n[backend b]\ncheck-interval = 1h\n"
                           "server = x 127.0.0.1:2\n");
    cr_expect_null(track_leader(x));
    cr_expect(x->check);
    cr_expect_eq(x->health, HEALTH_UP, "it keeps what it had until its own verdict");
    set_health(a, HEALTH_DOWN);
    cr_expect_eq(x->health, HEALTH_UP);
    third = apply(CHECKED FOLLOWING);
    cr_expect_null(x->check);
    cr_expect_eq(x->health, HEALTH_DOWN);
    generation_destroy(first);
    generation_destroy(second);
    generation_destroy(third);
    wait_for_graces();
}

Test(upkeep, changes_whom_a_server_follows)
{
    struct generation *old = apply(CHECKED "server = b 127.0.0.1:4\n" FOLLOWING), *next;
    struct server *x = server_named("b", "x");

    set_health(server_named("app", "a"), HEALTH_UP);
    set_health(server_named("app", "b"), HEALTH_DOWN);
    next = apply("[frontend web]\nbind = 127.0.0.1:8080\nbackend = app\n"
                 "[backend app]\ncheck-interval = 1h\nserver = b 127.0.0.1:4\n"
                 "[backend b]\nserver = x 127.0.0.1:2 track=app/b\n");

    cr_expect_eq(track_leader(x), server_named("app", "b"));
    cr_expect_eq(x->health, HEALTH_DOWN);
    generation_destroy(old);
    generation_destroy(next);
    wait_for_graces();
}

#define BY_ITSELF "[backend b]\ncheck-interval = 1h\nserver = x 127.0.0.1:2\n"

/* Clients would be refused until the first verdict. */
Test(upkeep, forgets_no_health_for_a_leader_without_a_verdict)
{
    struct generation *old = apply(CHECKED BY_ITSELF), *next;
    struct server *x = server_named("b", "x");

    set_health(x, HEALTH_UP);
    next = apply(CHECKED FOLLOWING);
    cr_expect_null(x->check);
    cr_expect_eq(x->health, HEALTH_UP);
    cr_expect_eq(rotation_current(x->backend)->count, 1);
    set_health(server_named("app", "a"), HEALTH_DOWN);
    cr_expect_eq(x->health, HEALTH_DOWN);
    generation_destroy(old);
    generation_destroy(next);
    wait_for_graces();
}

Test(upkeep, lets_a_check_rest_during_maintenance_unless_others_depend_on_it)
{
    struct generation *first = apply(CHECKED BY_ITSELF), *second, *third, *last;
    struct server *a = server_named("app", "a"), *x = server_named("b", "x");

    set_health(a, HEALTH_DOWN);
    set_health(x, HEALTH_UP);
    server_set_will(a, WILL_MAINT);
    second = apply(CHECKED BY_ITSELF);
    cr_expect(check_report(a->check).is_paused);
    third = apply(CHECKED FOLLOWING);
    cr_expect_not(check_report(a->check).is_paused);
    cr_expect_eq(upkeep_check_count(upkeep), 1);
    cr_expect_eq(x->health, HEALTH_UP, "nobody has looked at the other for long");
    set_health(a, HEALTH_DOWN);
    cr_expect_eq(x->health, HEALTH_DOWN);
    last = apply(CHECKED BY_ITSELF);
    cr_expect(check_report(a->check).is_paused);
    generation_destroy(first);
    generation_destroy(second);
    generation_destroy(third);
    generation_destroy(last);
    wait_for_graces();
}

/* Only an older generation still has it: the texts of the younger one are going. */
Test(upkeep, checks_a_backend_with_what_remains_of_it)
{
    static const char *const with_port = CHECKED "check-port = 7\n",
                             *const without = "[frontend web]\nbind = 127.0.0.1:8080\n"
                                              "backend = b\n[backend b]\ncheck = off\n"
                                              "server = x 127.0.0.1:2\n";
    struct generation *first = apply(with_port), *second = apply(CHECKED), *third;
    struct server *a = server_named("app", "a");

    third = apply(without);
    cr_expect_eq(check_report(a->check).settings->port, 0);
    checkup_inherit(first, a->backend);
    generation_destroy(second);
    cr_expect_eq(check_report(a->check).settings->port, 7);
    generation_destroy(first);
    generation_destroy(third);
    wait_for_graces();
}

Test(upkeep, asks_at_a_port_of_the_servers_own)
{
    struct generation *generation = apply(CHECKED
                                          "check-port = 7\n"
                                          "server = b 127.0.0.1:1 check-port=9\n");

    cr_expect_eq(check_report(server_named("app", "a")->check).settings->port, 7);
    cr_expect_eq(check_report(server_named("app", "b")->check).settings->port, 9);
    generation_destroy(generation);
    wait_for_graces();
}

Test(upkeep, notes_what_is_not_known_any_more)
{
    struct generation *first = apply(CHECKED), *second;
    struct server *a = server_named("app", "a");

    set_health(a, HEALTH_UP);
    second = apply(CONFIG("server = a 127.0.0.1:1\n"));
    cr_expect_eq(a->health, HEALTH_UNKNOWN);
    cr_expect_eq(history_count(a->history), 1);
    cr_expect_eq(history_at(a->history, 0)->who, HISTORY_RELOAD);
    generation_destroy(first);
    generation_destroy(second);
    wait_for_graces();
}
