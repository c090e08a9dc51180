#include "proxy/admission.h"

#include "base/ledger.h"
#include "base/log.h"
#include "proxy/entrance.h"
#include "proxy/frontend.h"
#include "proxy/visitors.h"
#include "proxy/workspace.h"

#include <criterion/criterion.h>

static const struct endpoint local = { .local = true };
static struct gauge present;
static struct workspace workspaces[2]; /* of two workers */
static struct frontend_settings settings = { .name = "web", .maxconn = 3 };
static struct frontend frontend = { .settings = &settings };

static void set_up(void)
{
    log_set_level(LEVEL_ERROR);
    frontend.entrance = entrance_create("web", 1, 2);
    frontend_init(&frontend, 2);
    for (unsigned i = 0; i < 2; i++) {
        struct workspace_settings shared = { .id = i, .maxconn = 5, .present = &present };

        workspace_init(&workspaces[i], &shared);
    }
}

static void tear_down(void)
{
    for (unsigned i = 0; i < 2; i++)
        workspace_deinit(&workspaces[i]);
    frontend_deinit(&frontend);
    entrance_destroy(frontend.entrance);
}

TestSuite(admission, .timeout = 20, .init = set_up, .fini = tear_down);

static bool come_in(unsigned worker, const struct frontend *to)
{
    uint32_t visit;

    return admission_ask(&workspaces[worker], to, &local, &visit);
}

static void go(unsigned worker, const struct frontend *from)
{
    admission_leave(&workspaces[worker], from, VISITORS_UNCOUNTED);
}

static struct ledger_sum sums(void)
{
    return ledger_sum(frontend.entrance->ledger);
}

static void expect_present(uint64_t count)
{
    cr_expect_eq(gauge_read(&present), count);
    cr_expect_eq(gauge_read(&frontend.entrance->sessions), count);
    cr_expect_eq(frontend_guests(&frontend), count);
}

Test(admission, counts_a_client_wherever_it_counts)
{
    cr_expect(come_in(0, &frontend));
    cr_expect(come_in(1, &frontend));

    expect_present(2);
    cr_expect_eq(counter_read(&frontend.guests[1].count), 1);
    cr_expect_eq(sums().connections, 2);
    cr_expect_eq(sums().sessions, 2);
    cr_expect_eq(sums().refused, 0);
    cr_expect_eq(sums().peak, 2);
}

Test(admission, forgets_a_client_that_is_gone_but_not_that_it_came)
{
    cr_expect(come_in(0, &frontend));
    cr_expect(come_in(0, &frontend));
    go(0, &frontend);
    expect_present(1);
    go(0, &frontend);

    expect_present(0);
    cr_expect_eq(sums().sessions, 2);
    cr_expect_eq(sums().peak, 2);
}

Test(admission, says_no_at_the_frontend_s_limit_over_all_workers)
{
    for (unsigned i = 0; i < 3; i++)
        cr_expect(come_in(i % 2, &frontend));

    cr_expect_not(come_in(0, &frontend));
    cr_expect_not(come_in(1, &frontend));

    expect_present(3);
    cr_expect_eq(sums().connections, 5);
    cr_expect_eq(sums().sessions, 3);
    cr_expect_eq(sums().refused, 2);
    go(1, &frontend);
    cr_expect(come_in(0, &frontend));
}

Test(admission, says_no_at_the_global_limit)
{
    settings.maxconn = 0;
    for (unsigned i = 0; i < 5; i++)
        cr_expect(come_in(i % 2, &frontend));

    cr_expect_not(come_in(0, &frontend));

    expect_present(5);
    cr_expect_eq(sums().refused, 1);
}

Test(admission, counts_the_other_frontends_to_the_global_limit_only)
{
    struct frontend other = { .settings = &settings };

    other.entrance = entrance_create("other", 2, 2);
    frontend_init(&other, 2);
    for (unsigned i = 0; i < 3; i++)
        cr_expect(come_in(0, &frontend));
    cr_expect(come_in(0, &other));
    cr_expect(come_in(0, &other));

    cr_expect_not(come_in(0, &other));

    cr_expect_eq(gauge_read(&present), 5);
    cr_expect_eq(gauge_read(&other.entrance->sessions), 2);
    cr_expect_eq(ledger_sum(other.entrance->ledger).refused, 1);
    frontend_deinit(&other);
    entrance_destroy(other.entrance);
}

/* Sessions of two generations are guests of two frontends behind one entrance. */
Test(admission, counts_the_guests_of_each_generation_apart)
{
    struct frontend next = { .settings = &settings, .entrance = frontend.entrance };

    frontend_init(&next, 2);
    cr_expect(come_in(0, &frontend));
    cr_expect(come_in(0, &next));
    cr_expect(come_in(1, &next));
    cr_expect_not(come_in(1, &next));

    go(0, &frontend);
    cr_expect_eq(frontend_guests(&frontend), 0);
    cr_expect_eq(frontend_guests(&next), 2);
    cr_expect_eq(gauge_read(&frontend.entrance->sessions), 2);
    frontend_deinit(&next);
}
