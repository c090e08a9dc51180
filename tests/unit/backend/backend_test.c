#include "servers.h"

static struct backend *backend;

static void set_up(void)
{
    backend = make_backend(&balance_roundrobin, NULL, 4);
}

static void tear_down(void)
{
    backend_destroy(backend);
}

TestSuite(backend, .timeout = 20, .init = set_up, .fini = tear_down);

static void expect_order(const char *names)
{
    cr_assert_eq(backend->server_count, strlen(names));
    for (size_t i = 0; i < backend->server_count; i++)
        cr_expect_eq(backend->servers[i]->name[0], names[i], "%zu of %s", i, names);
}

static void order(const char *names)
{
    struct server_settings servers[8];
    char texts[8][2];
    struct backend_settings settings = { .servers = servers,
                                         .server_count = strlen(names) };

    for (size_t i = 0; i < settings.server_count; i++) {
        (void)snprintf(texts[i], sizeof texts[i], "%c", names[i]);
        servers[i] = (struct server_settings){ .name = texts[i] };
    }
    backend_order(backend, &settings);
}

Test(backend, finds_a_server_by_name)
{
    cr_expect_eq(backend_find(backend, "c"), backend->servers[2]);
    cr_expect_eq(backend_find(backend, "a"), backend->servers[0]);
    cr_expect_null(backend_find(backend, "e"));
    cr_expect_null(backend_find(backend, ""));
}

Test(backend, does_not_find_a_server_that_leaves)
{
    struct server *next;

    backend->servers[1]->is_leaving = true;
    cr_expect_null(backend_find(backend, "b"));

    next = add_server(backend, "b", 1);
    cr_expect_eq(backend_find(backend, "b"), next);
}

/* The search begins behind the last one found: in order, each is the first one seen. */
Test(backend, finds_thousands_in_order_without_looking_around)
{
    backend_destroy(backend);
    backend = make_backend(&balance_roundrobin, NULL, 5000);

    for (size_t i = 0; i < backend->server_count; i++) {
        struct server *server = backend->servers[i];

        cr_assert_eq(backend->last_found % backend->server_count, i);
        cr_assert_eq(backend_find(backend, server->name), server);
    }
}

Test(backend, finds_servers_in_whatever_order)
{
    backend_destroy(backend);
    backend = make_backend(&balance_roundrobin, NULL, 301);

    for (size_t i = 0; i < 301; i++) {
        struct server *server = backend->servers[i * 7 % 301];

        cr_assert_eq(backend_find(backend, server->name), server);
    }
    for (size_t i = 301; i-- > 0;)
        cr_assert_eq(backend_find(backend, backend->servers[i]->name),
                     backend->servers[i]);
    cr_expect_null(backend_find(backend, "nobody"));
}

Test(backend, numbers_its_servers)
{
    for (unsigned i = 0; i < 4; i++) {
        cr_expect_eq(backend->servers[i]->id, i + 1);
        cr_expect_eq(backend->servers[i]->index, i);
    }
}

Test(backend, gives_an_index_again_but_never_an_id)
{
    struct server *gone = backend->servers[1];
    struct server *next;

    backend_remove(backend, gone);
    server_destroy(gone);
    expect_order("acd");
    next = add_server(backend, "e", 1);

    cr_expect_eq(next->index, 1);
    cr_expect_eq(next->id, 5);
    cr_expect_eq(add_server(backend, "f", 1)->index, 4);
}

Test(backend, takes_those_for_new_that_come_when_it_serves_already)
{
    cr_expect_not(add_server(backend, "e", 1)->was_away);
    publish(backend);
    cr_expect(add_server(backend, "f", 1)->was_away);
}

Test(backend, orders_its_servers_as_the_file_does)
{
    order("dbca");
    expect_order("dbca");
    for (unsigned i = 0; i < 4; i++)
        cr_expect_eq(atomic_load(&backend->servers[i]->position), i);
}

Test(backend, puts_those_that_the_file_does_not_name_last)
{
    order("db");

    cr_expect_eq(backend->servers[0]->name[0], 'd');
    cr_expect_eq(backend->servers[1]->name[0], 'b');
    cr_expect_eq(atomic_load(&backend->servers[2]->position), UINT32_MAX);
    cr_expect_eq(atomic_load(&backend->servers[3]->position), UINT32_MAX);
}

Test(backend, notes_that_its_rotation_is_old)
{
    publish(backend);
    cr_expect_not(backend->is_stale);
    backend_touch(backend);
    cr_expect(backend->is_stale);

    publish(backend);
    (void)add_server(backend, "e", 1);
    cr_expect(backend->is_stale);

    publish(backend);
    order("abcde");
    cr_expect(backend->is_stale);
}

Test(backend, adds_up_its_strength)
{
    static const unsigned weights[] = { 1, 2, 4, 8, 16, 32 };
    struct backend_strength strength;

    backend_destroy(backend);
    backend = make_backend(&balance_roundrobin, weights, 6);
    backend->servers[2]->will = WILL_DRAIN;
    backend->servers[4]->backup = backend->servers[5]->backup = true;
    server_set_weight(backend->servers[0], 100);

    strength = backend_strength(backend);
    cr_expect_eq(strength.active, 3);
    cr_expect_eq(strength.backups, 2);
    cr_expect_eq(strength.weight, 100 + 2 + 8);
    cr_expect_eq(strength.configured_weight, 100 + 2 + 8);

    for (size_t i = 0; i < 4; i++)
        backend->servers[i]->will = WILL_MAINT;
    strength = backend_strength(backend);
    cr_expect_eq(strength.active, 0);
    cr_expect_eq(strength.weight, 16 + 32);
}

Test(backend, without_servers_is_weak_but_whole)
{
    struct backend *empty = backend_create("none", 2, 1);

    cr_expect_null(backend_find(empty, "a"));
    cr_expect_eq(backend_strength(empty).weight, 0);
    backend_destroy(empty);
    backend_destroy(NULL);
}
