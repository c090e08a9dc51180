#include "generations.h"

#include "backend/server_set.h"
#include "base/log.h"
#include "control/suspicion.h"

#include <ev.h>
#include <string.h>

static struct ev_loop *loop;
static struct backend *app;
static struct suspicions *suspicions;

static void add_server(const char *name, unsigned priority, bool backup)
{
    struct server_settings settings = {
        .name = name, .text = name, .weight = 1, .priority = priority, .backup = backup
    };
    struct server *server;

    cr_assert_null(address_parse("127.0.0.1:9", &settings.destination));
    server = server_create(app, &settings, WORKERS);
    server->is_checked = true;
    backend_add(app, server);
}

/* Three of tier 1, two of tier 2, a backup. */
static void set_up(void)
{
    log_set_level(LEVEL_ERROR);
    loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    make_registry();
    app = registry_hold_backend(registry, "app");
    app->recovery = (struct recovery_settings){ .observe = OBSERVE_CONNECT,
                                                .error_limit = 3,
                                                .ejection_ms = 1000,
                                                .max_ejected = { .amount = 9 } };
    add_server("a", 1, false);
    add_server("b", 1, false);
    add_server("c", 1, false);
    add_server("d", 2, false);
    add_server("e", 2, false);
    add_server("f", 1, true);
    suspicions = suspicions_create(loop, registry);
}

static void tear_down(void)
{
    suspicions_destroy(suspicions);
    registry_release_backend(registry, app);
    registry_destroy(registry);
    ev_loop_destroy(loop);
}

TestSuite(suspicion, .timeout = 20, .init = set_up, .fini = tear_down);

/* Those named are up, the others down. */
static void let_be_up(const char *names)
{
    for (size_t i = 0; i < app->server_count; i++) {
        struct server *server = app->servers[i];

        suspicions_forget(suspicions, server);
        (void)server_set_health(server,
                                strchr(names, *server->name) ? HEALTH_UP : HEALTH_DOWN);
    }
}

static struct server *accuse(const char *name)
{
    struct server *server = backend_find(app, name);

    for (int i = 0; i < 3; i++)
        (void)gauge_take(&server->evidence.errors, 0);
    suspicions_take(suspicions);
    return server;
}

static const struct {
    const char *up;
    unsigned min_healthy;
    enum below below;
    const char *accused;
    bool is_ejected;
} table[] = {
    { "abc", 2, BELOW_FAIL_OPEN, "a", true },
    { "ab", 2, BELOW_FAIL_OPEN, "a", false },
    { "ab", 2, BELOW_REFUSE, "a", false },
    { "ab", 2, BELOW_BACKUP, "a", true },
    /* Another tier takes over, if it has enough. */
    { "abd", 2, BELOW_FAIL_OPEN, "a", false },
    { "abde", 2, BELOW_FAIL_OPEN, "a", true },
    { "abde", 2, BELOW_REFUSE, "a", true },
    { "abf", 2, BELOW_FAIL_OPEN, "a", true },
    { "ade", 2, BELOW_FAIL_OPEN, "d", false },
    { "af", 1, BELOW_FAIL_OPEN, "a", true },
    { "a", 1, BELOW_FAIL_OPEN, "a", false },
    /* It fails open already. */
    { "ad", 2, BELOW_FAIL_OPEN, "a", false },
};

Test(suspicion, never_takes_a_backend_below_min_healthy)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        app->recovery.min_healthy.amount = table[i].min_healthy;
        app->recovery.below = table[i].below;
        let_be_up(table[i].up);

        cr_expect_eq(accuse(table[i].accused)->is_ejected, table[i].is_ejected, "row %zu",
                     i);
    }
}

Test(suspicion, ends_when_min_healthy_needs_the_server)
{
    struct server *server;

    app->recovery.min_healthy.amount = 2;
    app->recovery.below = BELOW_FAIL_OPEN;
    let_be_up("abc");
    server = accuse("a");
    cr_assert(server->is_ejected);
    suspicions_review(suspicions);
    cr_expect(server->is_ejected);

    (void)server_set_health(backend_find(app, "b"), HEALTH_DOWN);
    backend_touch(app);
    suspicions_review(suspicions);
    cr_expect_not(server->is_ejected);
}
