#include "proxy/frontend.h"

#include "backend/backend.h"

#include <criterion/criterion.h>

Test(frontend, begins_without_guests)
{
    struct frontend frontend = { 0 };

    frontend_init(&frontend, 4);
    cr_expect_eq(frontend_guests(&frontend), 0);
    frontend_deinit(&frontend);
}

Test(frontend, adds_up_the_guests_of_all_workers)
{
    struct frontend frontend = { 0 };

    frontend_init(&frontend, 3);
    for (unsigned worker = 0; worker < 3; worker++)
        counter_add(&frontend.guests[worker].count, 10 * worker + 1);
    cr_expect_eq(frontend_guests(&frontend), 33);

    counter_set(&frontend.guests[2].count, 0);
    cr_expect_eq(frontend_guests(&frontend), 12);
    frontend_deinit(&frontend);
}

Test(frontend, keeps_the_counts_of_workers_in_lines_of_their_own)
{
    struct frontend frontend = { 0 };

    frontend_init(&frontend, 2);
    cr_expect_eq((uintptr_t)&frontend.guests[0] % 64, 0);
    cr_expect_eq((uintptr_t)&frontend.guests[1] % 64, 0);
    frontend_deinit(&frontend);
}

Test(frontend, may_serve_while_one_of_its_backends_is_not_known_to_be_down)
{
    static const struct {
        enum health usual, routed;
        bool may;
    } cases[] = {
        { HEALTH_UP, HEALTH_UP, true },      { HEALTH_DOWN, HEALTH_UP, true },
        { HEALTH_UP, HEALTH_DOWN, true },    { HEALTH_DOWN, HEALTH_UNKNOWN, true },
        { HEALTH_DOWN, HEALTH_DOWN, false },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct backend usual = { .health = cases[i].usual };
        struct backend routed = { .health = cases[i].routed };
        struct route route = { .backend = &routed };
        struct frontend_settings settings = { .route_count = 1 };
        struct frontend frontend = { .settings = &settings,
                                     .usual = { .backend = &usual },
                                     .routes = &route };

        cr_expect_eq(frontend_may_serve(&frontend), cases[i].may, "case %zu", i);
    }
}

Test(frontend, gives_back_the_set_that_another_takes_the_place_of)
{
    struct frontend frontend = { 0 };
    struct networks *one = networks_create(), *other = networks_create();

    frontend_init(&frontend, 1);
    cr_expect_null(frontend_replace_networks(&frontend, ACCESS_ALLOW, one));
    cr_expect_null(frontend_replace_networks(&frontend, ACCESS_DENY, other));
    cr_expect_eq(frontend_networks(&frontend, ACCESS_ALLOW), one);
    cr_expect_eq(frontend_networks(&frontend, ACCESS_DENY), other);
    cr_expect_eq(frontend_replace_networks(&frontend, ACCESS_ALLOW, NULL), one);
    cr_expect_null(frontend_networks(&frontend, ACCESS_ALLOW));
    networks_destroy(one);
    frontend_deinit(&frontend);
}

Test(frontend, may_be_taken_down_half_built_and_twice)
{
    struct frontend frontend = { 0 };

    frontend_deinit(&frontend);
    frontend_init(&frontend, 1);
    frontend_deinit(&frontend);
    frontend_deinit(&frontend);
}
