#include "generations.h"

#include "base/buffer.h"
#include "proxy/entrance.h"

#define WEB "[frontend web]\nbind = 127.0.0.1:8080\nbackend = app\n"
#define APP "[backend app]\nserver = a 127.0.0.1:9001\n"
#define ADMIN "[frontend admin]\nbind = 127.0.0.1:8081\nbackend = office\n"
#define OFFICE "[backend office]\nserver = a 127.0.0.1:9002\n"

static void tear_down(void)
{
    registry_destroy(registry);
}

TestSuite(generation, .timeout = 20, .init = make_registry, .fini = tear_down);

Test(generation, has_what_the_settings_name)
{
    struct generation *generation = generation_from(OFFICE WEB ADMIN APP);
    const struct frontend *web = &generation->frontends[0];
    const struct frontend *admin = &generation->frontends[1];

    cr_assert_eq(generation->frontend_count, 2);
    cr_assert_eq(generation->backend_count, 2);
    cr_expect_str_eq(web->settings->name, "web");
    cr_expect_str_eq(web->usual.rules->name, "app");
    cr_expect_str_eq(web->usual.backend->name, "app");
    cr_expect_str_eq(web->entrance->name, "web");
    cr_expect_str_eq(admin->usual.backend->name, "office");
    cr_expect_eq(generation->backends[0], admin->usual.backend);
    cr_expect_eq(generation->backends[1], web->usual.backend);
    cr_expect_not(generation->is_replaced);
    generation_destroy(generation);
    generation_destroy(NULL);
}

Test(generation, shares_a_backend_that_two_frontends_name)
{
    struct generation *generation = generation_from(
        WEB APP "[frontend two]\nbind = 127.0.0.1:8081\nbackend = app\n");

    cr_expect_eq(generation->frontends[0].usual.backend,
                 generation->frontends[1].usual.backend);
    cr_expect_eq(generation->frontends[0].usual.backend->holders, 1);
    generation_destroy(generation);
}

Test(generation, holds_what_it_needs_and_no_longer_than_it_lives)
{
    struct generation *generation = generation_from(WEB APP ADMIN OFFICE);

    cr_expect_eq(registry_backend_count(registry), 2);
    cr_expect_eq(registry_entrance_count(registry), 2);
    generation_destroy(generation);

    cr_expect_eq(registry_backend_count(registry), 0);
    cr_expect_eq(registry_entrance_count(registry), 0);
}

Test(generation, shares_what_stays_with_the_next)
{
    struct generation *old = generation_from(WEB APP ADMIN OFFICE);
    struct backend *app = registry_find_backend(registry, "app");
    struct entrance *web = registry_find_entrance(registry, "web");
    struct generation *next = generation_from(WEB APP);

    cr_expect_eq(next->backends[0], app);
    cr_expect_eq(next->frontends[0].entrance, web);
    cr_expect_eq(app->holders, 2);
    generation_destroy(old);

    cr_expect_eq(registry_find_backend(registry, "app"), app);
    cr_expect_eq(registry_find_entrance(registry, "web"), web);
    cr_expect_null(registry_find_backend(registry, "office"));
    cr_expect_null(registry_find_entrance(registry, "admin"));
    generation_destroy(next);
}

Test(generation, counts_its_own_guests_on_all_workers)
{
    struct generation *old = generation_from(WEB APP ADMIN OFFICE);
    struct generation *next = generation_from(WEB APP);

    cr_expect_eq(generation_guests(old), 0);
    counter_add(&old->frontends[0].guests[0].count, 1);
    counter_add(&old->frontends[0].guests[1].count, 2);
    counter_add(&old->frontends[1].guests[1].count, 4);
    counter_add(&next->frontends[0].guests[0].count, 8);

    cr_expect_eq(generation_guests(old), 7);
    cr_expect_eq(generation_guests(next), 8);
    generation_destroy(old);
    generation_destroy(next);
}

Test(generation, has_tls_for_checks_that_sessions_do_not_use)
{
    static const struct {
        const char *lines;
        bool for_checks, for_sessions;
    } cases[] = {
        { "", false, false },
        { "server-tls = yes\nserver-tls-verify = no\n", true, true },
        { "server-tls = yes\nserver-tls-verify = no\ncheck-tls = no\n", true, true },
        { "check-tls = yes\nserver-tls-verify = no\n", true, false },
        { "check = tls\nserver-tls-verify = no\n", true, false },
        { "check = off\n", false, false },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buffer text = { 0 };
        struct generation *generation;

        buffer_format(&text, WEB APP "%s", cases[i].lines);
        generation = generation_from(buffer_text(&text));
        cr_expect_eq(generation->connectors[0] != NULL, cases[i].for_checks, "%s",
                     cases[i].lines);
        cr_expect_eq(generation->frontends[0].usual.connector != NULL,
                     cases[i].for_sessions, "%s", cases[i].lines);
        generation_destroy(generation);
        buffer_deinit(&text);
    }
}
