#include "discovery/lookup.h"

#include "backend/backend.h"
#include "backend/server_set.h"
#include "net/resolver.h"

#include <criterion/criterion.h>
#include <ev.h>
#include <stdlib.h>

static struct ev_loop *loop;
static struct resolver *resolver;
static struct backend *backend;
static struct server *server;
static struct lookup *lookup;
static int finds;

static void make_server(const char *text)
{
    struct server_settings settings = { .name = "a", .text = text, .weight = 1 };

    cr_assert_null(address_parse(text, &settings.destination));
    server = server_create(backend, &settings, 1);
    backend_add(backend, server);
    lookup = lookup_create(loop, resolver, server);
}

static void on_found(void *owner, struct server *found, struct address *address)
{
    cr_expect_eq(owner, &finds);
    cr_expect_eq(found, server);
    finds++;
    cr_expect_null(server_set_address(server, address));
}

static void set_up(void)
{
    loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    resolver = resolver_create(loop);
    backend = backend_create("app", 1, 1);
}

static void tear_down(void)
{
    lookup_destroy(lookup);
    resolver_destroy(resolver);
    backend_destroy(backend);
    ev_loop_destroy(loop);
}

TestSuite(lookup, .timeout = 30, .init = set_up, .fini = tear_down);

Test(lookup, finds_the_address_and_tells_it_once)
{
    make_server("localhost:5432");
    lookup_begin(lookup, on_found, &finds);
    cr_expect_eq(finds, 0);
    while (!finds)
        ev_run(loop, EVRUN_ONCE);

    cr_expect_eq(address_port(server_address(server)), 5432);

    /* Its time is a second: it is asked again, and has not moved. */
    ev_run(loop, EVRUN_ONCE);
    ev_run(loop, EVRUN_ONCE);
    ev_run(loop, EVRUN_ONCE);
    cr_expect_eq(finds, 1);
}

Test(lookup, goes_on_asking_for_a_name_that_does_not_exist)
{
    make_server("no-such-name.invalid:1");
    lookup_begin(lookup, on_found, &finds);
    ev_run(loop, EVRUN_ONCE);

    cr_expect_eq(finds, 0);
    cr_expect_null(server_address(server));
}

Test(lookup, is_silent_once_destroyed)
{
    make_server("localhost:5432");
    lookup_begin(lookup, on_found, &finds);
    lookup_destroy(lookup);
    lookup = NULL;
    ev_run(loop, 0);

    cr_expect_eq(finds, 0);
}
