#include "servers.h"

static struct backend *backend;

static void make(const unsigned *weights, size_t count)
{
    backend_destroy(backend);
    backend = make_backend(&balance_roundrobin, weights, count);
    publish(backend);
}

static void tear_down(void)
{
    backend_destroy(backend);
}

TestSuite(balance_roundrobin, .timeout = 20, .fini = tear_down);

Test(balance_roundrobin, takes_strict_turns)
{
    make(NULL, 3);
    expect_chosen(backend, "abcabca");
}

Test(balance_roundrobin, takes_turns_by_weight)
{
    static const unsigned weights[] = { 1, 3, 2 };
    struct choice choice = { 0 };

    make(weights, 3);
    for (unsigned cycle = 1; cycle <= 3; cycle++) {
        for (int i = 0; i < 6; i++)
            cr_assert(choose_with(backend, &choice));
        for (size_t i = 0; i < 3; i++)
            cr_expect_eq(gauge_read(&backend->servers[i]->sessions), weights[i] * cycle);
    }
}

Test(balance_roundrobin, goes_on_where_it_was_with_the_next_rotation)
{
    make(NULL, 3);
    expect_chosen(backend, "abca");
    publish(backend);
    expect_chosen(backend, "bc");
    publish(backend);
    expect_chosen(backend, "ab");
}

Test(balance_roundrobin, passes_over_who_was_tried_or_is_full)
{
    struct choice choice = { 0 };

    make(NULL, 4);
    choice.tried = rotation_bit(backend->servers[0]);
    atomic_store(&backend->servers[1]->maxconn, 1);
    expect_chosen(backend, "ab");
    backend->turn = (struct turn){ 0 };

    cr_expect_eq(choose_with(backend, &choice), backend->servers[2]);
    cr_expect_eq(choose_with(backend, &choice), backend->servers[2]);
}

Test(balance_roundrobin, takes_strict_turns_among_thousands)
{
    struct choice choice = { 0 };

    make(NULL, 5000);
    for (size_t i = 0; i < 10000; i++)
        cr_assert_eq(choose_with(backend, &choice), backend->servers[i % 5000]);
}
