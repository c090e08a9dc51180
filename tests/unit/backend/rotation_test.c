#include "servers.h"

#include "backend/standings.h"

#include <stdlib.h>

static struct backend *backend;

static void use(const struct balancer *balancer, size_t count)
{
    backend_destroy(backend);
    backend = make_backend(balancer, NULL, count);
}

static void set_up(void)
{
    use(&balance_roundrobin, 3);
}

static void tear_down(void)
{
    backend_destroy(backend);
}

TestSuite(rotation, .timeout = 20, .init = set_up, .fini = tear_down);

static void expect_rotation(const char *names)
{
    struct rotation *rotation = rotation_build(backend);

    cr_expect_eq(rotation->count, strlen(names), "%zu, not %s", rotation->count, names);
    for (size_t i = 0; i < rotation->count && names[i]; i++)
        cr_expect_eq(rotation->servers[i]->name[0], names[i], "%zu of %s", i, names);
    rotation_destroy(rotation);
}

static enum choosing ask(uint64_t tried)
{
    struct choice choice = { .tried = tried };
    struct server *server;

    return rotation_choose(rotation_current(backend), &choice, &server);
}

Test(rotation, has_the_servers_in_the_order_of_the_file)
{
    expect_rotation("abc");
}

static void drain(struct server *server)
{
    server->will = WILL_DRAIN;
}

static void maintain(struct server *server)
{
    server->will = WILL_MAINT;
}

static void let_fail(struct server *server)
{
    server->is_checked = true;
    server->health = HEALTH_DOWN;
}

static void check_later(struct server *server)
{
    server->is_checked = true;
}

static void make_weightless(struct server *server)
{
    server_set_weight(server, 0);
}

static void leave(struct server *server)
{
    server->is_leaving = true;
}

static void unresolve(struct server *server)
{
    free((void *)(uintptr_t)server_set_address(server, NULL));
}

static void make_backup(struct server *server)
{
    server->backup = true;
}

Test(rotation, leaves_out_who_is_not_fit)
{
    static const struct {
        const char *how;
        void (*change)(struct server *server);
    } cases[] = {
        { "draining", drain },
        { "in maintenance", maintain },
        { "down", let_fail },
        { "not judged yet", check_later },
        { "weight 0", make_weightless },
        { "leaving", leave },
        { "not resolved", unresolve },
        { "a backup", make_backup },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        use(&balance_roundrobin, 3);
        cases[i].change(backend->servers[1]);
        expect_rotation("ac");
    }
}

Test(rotation, has_the_backups_when_nobody_else_is_fit)
{
    use(&balance_roundrobin, 5);
    make_backup(backend->servers[1]);
    make_backup(backend->servers[3]);
    make_backup(backend->servers[4]);
    let_fail(backend->servers[3]);
    expect_rotation("ac");

    maintain(backend->servers[0]);
    expect_rotation("c");
    let_fail(backend->servers[2]);
    expect_rotation("be");
}

static void give_priority(struct server *server)
{
    server->priority = 2;
}

Test(rotation, has_one_tier_at_a_time)
{
    use(&balance_roundrobin, 6);
    backend->recovery = (struct recovery_settings){ .min_healthy = { .amount = 2 },
                                                    .below = BELOW_FAIL_OPEN };
    give_priority(backend->servers[1]);
    give_priority(backend->servers[3]);
    make_backup(backend->servers[5]);
    expect_rotation("ace");

    let_fail(backend->servers[0]);
    expect_rotation("ce");
    let_fail(backend->servers[2]);
    expect_rotation("bd");
    let_fail(backend->servers[3]);
    expect_rotation("f");
    let_fail(backend->servers[5]);
    expect_rotation("ace");
    maintain(backend->servers[4]);
    expect_rotation("ac");
}

Test(rotation, may_be_empty)
{
    for (size_t i = 0; i < 3; i++)
        drain(backend->servers[i]);
    publish(backend);

    cr_expect_eq(rotation_current(backend)->count, 0);
    cr_expect_eq(ask(0), CHOOSING_EMPTY);
    rotation_destroy(NULL);
}

Test(rotation, does_not_change_once_it_is_built)
{
    struct rotation *rotation = rotation_build(backend);

    drain(backend->servers[0]);
    (void)add_server(backend, "d", 1);
    backend->balancer = &balance_source;

    cr_expect_eq(rotation->count, 3);
    cr_expect_eq(rotation->balancer, &balance_roundrobin);
    rotation_destroy(rotation);
}

Test(rotation, is_exchanged_for_the_old_one)
{
    struct rotation *one = rotation_build(backend), *other = rotation_build(backend);

    cr_expect_null(rotation_publish(backend, one));
    cr_expect_eq(rotation_current(backend), one);
    cr_expect_not(backend->is_stale);
    cr_expect_eq(rotation_publish(backend, other), one);
    cr_expect_eq(rotation_current(backend), other);
    rotation_destroy(one);
}

Test(rotation, says_who_serves)
{
    publish(backend);
    drain(backend->servers[1]);
    publish(backend);

    cr_expect(atomic_load(&backend->servers[0]->is_serving));
    cr_expect_not(atomic_load(&backend->servers[1]->is_serving));
    cr_expect(atomic_load(&backend->servers[2]->is_serving));
}

Test(rotation, says_why_nobody_was_chosen)
{
    static const struct balancer *const all[] = {
        &balance_roundrobin, &balance_leastconn, &balance_random,
        &balance_source,     &balance_first,
    };
    struct endpoint client = { .port = 1 };
    struct random random = { .state = 1 };

    for (size_t i = 0; i < COUNT(all); i++) {
        struct choice choice = { .client = &client, .random = &random, .tried = 0x3 };
        struct server *server = NULL;

        use(all[i], 3);
        atomic_store(&backend->servers[2]->maxconn, 1);
        publish(backend);
        cr_expect_eq(rotation_choose(rotation_current(backend), &choice, &server),
                     CHOOSING_DONE, "%s", all[i]->name);
        cr_expect_eq(server, backend->servers[2], "%s", all[i]->name);
        cr_expect_eq(rotation_choose(rotation_current(backend), &choice, &server),
                     CHOOSING_BUSY, "%s", all[i]->name);
        choice.tried = 0x7;
        cr_expect_eq(rotation_choose(rotation_current(backend), &choice, &server),
                     CHOOSING_TRIED, "%s", all[i]->name);
        cr_expect_eq(gauge_read(&backend->servers[2]->sessions), 1);
    }
}

Test(rotation, has_a_bit_for_each_index)
{
    struct server server = { .index = 0 };

    cr_expect_eq(rotation_bit(&server), 1);
    server.index = 63;
    cr_expect_eq(rotation_bit(&server), UINT64_C(1) << 63);
    server.index = 64;
    cr_expect_eq(rotation_bit(&server), 1);
}

Test(rotation, keeps_standings_only_for_those_that_rank)
{
    struct standings *standings;

    publish(backend);
    cr_expect_null(atomic_load(&backend->standings));

    backend->balancer = &balance_leastconn;
    publish(backend);
    standings = atomic_load(&backend->standings);
    cr_assert_not_null(standings);
    cr_expect_eq(standings_ranking(standings), balance_leastconn.rank);

    publish(backend);
    cr_expect_eq(atomic_load(&backend->standings), standings);
}

Test(rotation, takes_standings_it_replaces_along)
{
    struct standings *standings;
    struct rotation *old;

    use(&balance_leastconn, 4);
    publish(backend);
    standings = atomic_load(&backend->standings);
    (void)add_server(backend, "e", 1);
    old = rotation_publish(backend, rotation_build(backend));

    cr_expect_eq(old->retired, standings);
    cr_expect_geq(standings_room(atomic_load(&backend->standings)), 5);
    rotation_destroy(old);

    backend->balancer = &balance_first;
    standings = atomic_load(&backend->standings);
    old = rotation_publish(backend, rotation_build(backend));
    cr_expect_eq(old->retired, standings);
    rotation_destroy(old);

    backend->balancer = &balance_random;
    standings = atomic_load(&backend->standings);
    old = rotation_publish(backend, rotation_build(backend));
    cr_expect_eq(old->retired, standings);
    cr_expect_null(atomic_load(&backend->standings));
    rotation_destroy(old);
}

/* A worker that still holds the old standings while the new ones are filled. */
Test(rotation, sets_right_what_was_counted_meanwhile)
{
    struct server *first;

    use(&balance_leastconn, 2);
    publish(backend);
    first = backend->servers[0];
    (void)gauge_take(&first->sessions, 0);
    cr_expect_eq(standings_first(atomic_load(&backend->standings)), 0);

    rotation_settle(backend);

    cr_expect_eq(standings_first(atomic_load(&backend->standings)), 1);
    gauge_give(&first->sessions);
}

Test(rotation, settles_nothing_without_standings)
{
    publish(backend);
    rotation_settle(backend);
}
