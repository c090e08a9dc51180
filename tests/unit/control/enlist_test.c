#include "control/enlist.h"

#include "controls.h"
#include "backend/backend.h"
#include "control/registry.h"
#include "control/steer.h"

static struct backend *app;

static void set_up(void)
{
    make_control("");
    app = registry_find_backend(control_registry(control), "app");
}

static void tear_down(void)
{
    drop_control();
}

TestSuite(enlist, .timeout = 20, .init = set_up, .fini = tear_down);

static struct server *add(const char *name, struct enlist_request request)
{
    request.settings.name = name;
    request.settings.text = "127.0.0.1:9";
    request.settings.weight = 3;
    cr_assert_null(address_parse(request.settings.text, &request.settings.destination));
    enlist_add(control, app, &request, "test");
    return backend_find(app, name);
}

Test(enlist, begins_in_maintenance_unless_it_is_ready)
{
    struct server *b = add("b", (struct enlist_request){ .rise = 1 });
    struct server *c = add("c", (struct enlist_request){ .is_ready = true });

    cr_expect_eq(b->will, WILL_MAINT);
    cr_expect_eq(c->will, 0);
    cr_expect(server_is_fit(c));
    cr_expect_eq(b->id, 2);
    cr_expect_eq(c->configured_weight, 3);
    cr_expect_null(c->check);
}

Test(enlist, checks_those_who_want_it_though_the_backend_does_not)
{
    struct server *b = add("b", (struct enlist_request){ .is_checked = true });

    cr_assert(b->check);
    cr_expect_null(backend_find(app, "a")->check);
    cr_assert(reload_with("maxconn = 3\n"));
    cr_expect_eq(backend_find(app, "b"), b);
    cr_expect(b->check);
}

Test(enlist, says_what_keeps_a_server_from_being_deleted)
{
    struct server *a = backend_find(app, "a");

    cr_expect_eq(enlist_hindrance(a), ENLIST_SERVING);
    steer_will(control, a, WILL_MAINT, "test");
    cr_expect_eq(enlist_hindrance(a), ENLIST_FREE);
    cr_expect(server_take(a));
    cr_expect_eq(enlist_hindrance(a), ENLIST_BUSY);
    server_give(a);
}

Test(enlist, deletes_a_server_and_makes_room_for_its_name)
{
    struct server *first = add("b", (struct enlist_request){ .rise = 1 }), *next;

    enlist_delete(control, first, "test");
    cr_expect_null(backend_find(app, "b"));
    cr_expect(first->is_leaving);
    cr_expect_eq(app->servers[app->server_count - 1], first, "leaving ones are last");
    next = add("b", (struct enlist_request){ .rise = 1 });
    cr_expect_neq(next, first);
    cr_expect_neq(next->id, first->id);
    cr_assert(reload_with("maxconn = 3\n"));
    cr_expect_eq(backend_find(app, "b"), next);
}
