#include "control/registry.h"

#include "backend/backend.h"
#include "backend/queue.h"
#include "proxy/entrance.h"

#include <criterion/criterion.h>
#include <signal.h>

static struct registry *registry;
static struct backend *forgotten; /* the last one */
static unsigned woken = 99;

static void on_forget(void *owner, struct backend *backend)
{
    cr_expect_eq(owner, &forgotten);
    forgotten = backend;
    cr_expect_str_eq(backend->name, "app");
}

static void on_wake(void *owner, unsigned worker)
{
    *(unsigned *)owner = worker;
}

static void set_up(void)
{
    struct registry_settings settings = { .workers = 2,
                                          .wake = on_wake,
                                          .wake_owner = &woken,
                                          .on_forget = on_forget,
                                          .owner = &forgotten };

    registry = registry_create(&settings);
}

static void tear_down(void)
{
    registry_destroy(registry);
}

TestSuite(registry, .timeout = 20, .init = set_up, .fini = tear_down);

Test(registry, begins_empty)
{
    cr_expect_eq(registry_backend_count(registry), 0);
    cr_expect_eq(registry_entrance_count(registry), 0);
    cr_expect_null(registry_find_backend(registry, "app"));
    cr_expect_null(registry_find_entrance(registry, "web"));
    registry_destroy(NULL);
}

Test(registry, makes_a_backend_once_and_finds_it_again)
{
    struct backend *backend = registry_hold_backend(registry, "app");

    cr_expect_str_eq(backend->name, "app");
    cr_expect_eq(backend->workers, 2);
    cr_expect_eq(registry_hold_backend(registry, "app"), backend);
    cr_expect_eq(registry_find_backend(registry, "app"), backend);
    cr_expect_eq(registry_backend_count(registry), 1);
    cr_expect_eq(registry_backend(registry, 0), backend);
    cr_expect_eq(backend->holders, 2);

    registry_release_backend(registry, backend);
    registry_release_backend(registry, backend);
}

Test(registry, destroys_a_backend_with_its_last_release)
{
    struct backend *backend = registry_hold_backend(registry, "app");

    (void)registry_hold_backend(registry, "app");
    registry_release_backend(registry, backend);
    cr_expect_null(forgotten);
    cr_expect_eq(registry_find_backend(registry, "app"), backend);

    registry_release_backend(registry, backend);
    cr_expect_eq(forgotten, backend);
    cr_expect_null(registry_find_backend(registry, "app"));
}

Test(registry, keeps_a_backend_as_long_as_a_grace_is_under_way)
{
    struct backend *backend = registry_hold_backend(registry, "app");

    registry_begin_grace(backend);
    registry_begin_grace(backend);
    registry_release_backend(registry, backend);
    cr_expect_eq(forgotten, backend);
    cr_expect_eq(registry_find_backend(registry, "app"), backend);
    registry_end_grace(registry, backend);
    cr_expect_eq(registry_find_backend(registry, "app"), backend);

    registry_end_grace(registry, backend);
    cr_expect_null(registry_find_backend(registry, "app"));
}

Test(registry, gives_a_backend_again_that_is_in_a_grace)
{
    struct backend *backend = registry_hold_backend(registry, "app");

    registry_begin_grace(backend);
    registry_release_backend(registry, backend);
    cr_expect_eq(registry_hold_backend(registry, "app"), backend);
    registry_end_grace(registry, backend);
    cr_expect_eq(registry_find_backend(registry, "app"), backend);

    registry_release_backend(registry, backend);
    cr_expect_null(registry_find_backend(registry, "app"));
}

Test(registry, destroys_an_entrance_with_its_last_release)
{
    struct entrance *entrance = registry_hold_entrance(registry, "web");

    cr_expect_eq(registry_hold_entrance(registry, "web"), entrance);
    registry_release_entrance(registry, entrance);
    cr_expect_eq(registry_find_entrance(registry, "web"), entrance);
    registry_release_entrance(registry, entrance);

    cr_expect_null(registry_find_entrance(registry, "web"));
    cr_expect_eq(registry_entrance_count(registry), 0);
}

Test(registry, takes_ids_from_one_sequence_and_gives_none_twice)
{
    struct entrance *one = registry_hold_entrance(registry, "one");
    struct backend *app = registry_hold_backend(registry, "app");
    struct entrance *two = registry_hold_entrance(registry, "two");

    cr_expect_eq(one->id, 1);
    cr_expect_eq(app->id, 2);
    cr_expect_eq(two->id, 3);
    registry_release_backend(registry, app);
    app = registry_hold_backend(registry, "app");
    cr_expect_eq(app->id, 4);

    registry_release_backend(registry, app);
    registry_release_entrance(registry, two);
    registry_release_entrance(registry, one);
}

Test(registry, keeps_frontends_and_backends_of_one_name_apart)
{
    struct entrance *entrance = registry_hold_entrance(registry, "app");
    struct backend *backend = registry_hold_backend(registry, "app");

    cr_expect_neq(entrance->id, backend->id);
    registry_release_entrance(registry, entrance);
    cr_expect_eq(registry_find_backend(registry, "app"), backend);
    registry_release_backend(registry, backend);
}

Test(registry, keeps_the_order_of_ids_when_one_leaves)
{
    static const char *const names[] = { "d", "c", "b", "a" };
    struct entrance *entrances[4];

    for (size_t i = 0; i < 4; i++)
        entrances[i] = registry_hold_entrance(registry, names[i]);
    registry_release_entrance(registry, entrances[1]);

    cr_assert_eq(registry_entrance_count(registry), 3);
    cr_expect_eq(registry_entrance(registry, 0), entrances[0]);
    cr_expect_eq(registry_entrance(registry, 1), entrances[2]);
    cr_expect_eq(registry_entrance(registry, 2), entrances[3]);
    registry_release_entrance(registry, entrances[0]);
    registry_release_entrance(registry, entrances[2]);
    registry_release_entrance(registry, entrances[3]);
}

Test(registry, gives_each_backend_a_queue_that_wakes_its_workers)
{
    struct backend *backend = registry_hold_backend(registry, "app");
    struct waiter waiter = { .ticket = 0 };

    cr_expect_not(queue_join(backend->queue, 1, &waiter));
    queue_set_limit(backend->queue, 1);
    cr_assert(queue_join(backend->queue, 1, &waiter));
    queue_call(backend->queue);
    cr_expect_eq(woken, 1);

    queue_leave(backend->queue, 1, &waiter);
    registry_release_backend(registry, backend);
}

Test(registry, does_not_go_while_something_is_held, .signal = SIGABRT)
{
    (void)registry_hold_backend(registry, "app");
    registry_destroy(registry);
}
