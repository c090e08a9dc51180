#include "servers.h"

#include "backend/standings.h"

static struct backend *backend;

static void make(size_t count, unsigned maxconn)
{
    backend_destroy(backend);
    backend = make_backend(&balance_first, NULL, count);
    for (size_t i = 0; i < count; i++)
        atomic_store(&backend->servers[i]->maxconn, maxconn);
    publish(backend);
}

static void tear_down(void)
{
    backend_destroy(backend);
}

TestSuite(balance_first, .timeout = 20, .fini = tear_down);

Test(balance_first, fills_one_server_before_the_next_is_used)
{
    make(3, 2);
    expect_chosen(backend, "aabbcc");
    cr_expect_null(choose_with(backend, &(struct choice){ 0 }));
}

Test(balance_first, comes_back_as_soon_as_there_is_room)
{
    make(3, 2);
    expect_chosen(backend, "aabbc");
    server_give(backend->servers[1]);
    server_give(backend->servers[0]);
    expect_chosen(backend, "abc");
}

Test(balance_first, never_leaves_a_server_without_a_limit)
{
    make(3, 0);
    expect_chosen(backend, "aaaaaaaaaa");
}

Test(balance_first, goes_by_the_order_of_the_file_not_by_weight_or_index)
{
    make(3, 1);
    for (uint32_t i = 0; i < 3; i++) {
        atomic_store(&backend->servers[i]->position, 2 - i);
        atomic_store(&backend->servers[i]->fine_weight, 3 - i);
    }
    publish(backend);

    expect_chosen(backend, "cba");
}

Test(balance_first, passes_over_who_was_tried_or_does_not_serve)
{
    struct choice choice = { 0 };

    make(4, 1);
    backend->servers[1]->will = WILL_DRAIN;
    publish(backend);
    choice.tried = rotation_bit(backend->servers[0]);

    cr_expect_eq(choose_with(backend, &choice), backend->servers[2]);
    cr_expect_eq(choose_with(backend, &choice), backend->servers[3]);
    cr_expect_null(choose_with(backend, &choice));
    expect_chosen(backend, "a");
}

Test(balance_first, ranks_by_place_who_has_room)
{
    struct server *server;

    make(2, 1);
    server = backend->servers[1];
    cr_expect_eq(balance_first.rank(server), 1);
    cr_expect(server_take(server));
    cr_expect_eq(balance_first.rank(server), STANDINGS_OUT);
    server_give(server);
    atomic_store(&server->is_serving, false);
    cr_expect_eq(balance_first.rank(server), STANDINGS_OUT);
}

/* The way of choosing itself, but for a count of the questions it asks of servers. */
static size_t questions;

static uint64_t counted_rank(const struct server *server)
{
    questions++;
    return balance_first.rank(server);
}

Test(balance_first, asks_two_questions_for_the_last_of_thousands)
{
    struct balancer counted = balance_first;
    struct choice choice = { 0 };

    counted.rank = counted_rank;
    backend = make_backend(&counted, NULL, 5000);
    for (size_t i = 0; i < 5000; i++)
        atomic_store(&backend->servers[i]->maxconn, 1);
    publish(backend);
    questions = 0;
    for (size_t i = 0; i < 5000; i++)
        cr_assert_eq(choose_with(backend, &choice), backend->servers[i]);

    cr_expect_eq(questions, 2 * 5000);
}
