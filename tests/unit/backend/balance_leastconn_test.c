#include "servers.h"

#include "backend/standings.h"

static struct backend *backend;

static void make(const unsigned *weights, size_t count)
{
    backend_destroy(backend);
    backend = make_backend(&balance_leastconn, weights, count);
    publish(backend);
}

static void tear_down(void)
{
    backend_destroy(backend);
}

TestSuite(balance_leastconn, .timeout = 20, .fini = tear_down);

static size_t sessions_of(size_t server)
{
    return gauge_read(&backend->servers[server]->sessions);
}

static void give(const char *names)
{
    for (; *names; names++)
        server_give(backend->servers[*names - 'a']);
}

Test(balance_leastconn, takes_the_server_with_the_fewest_sessions)
{
    make(NULL, 3);
    expect_chosen(backend, "abcabc");
    give("bbc");
    expect_chosen(backend, "bcb");
    give("aa");
    expect_chosen(backend, "aa");
}

Test(balance_leastconn, takes_turns_among_equals)
{
    make(NULL, 3);
    for (int round = 0; round < 3; round++) {
        expect_chosen(backend, "a");
        give("a");
        expect_chosen(backend, "b");
        give("b");
        expect_chosen(backend, "c");
        give("c");
    }
}

Test(balance_leastconn, goes_by_sessions_for_the_weight)
{
    static const unsigned weights[] = { 10, 20, 30 };
    struct choice choice = { 0 };

    make(weights, 3);
    for (int i = 0; i < 60; i++)
        cr_assert(choose_with(backend, &choice));

    cr_expect_eq(sessions_of(0), 10);
    cr_expect_eq(sessions_of(1), 20);
    cr_expect_eq(sessions_of(2), 30);
}

Test(balance_leastconn, does_not_send_the_first_sessions_to_the_lightest)
{
    static const unsigned weights[] = { 1, 4, 1 };

    make(weights, 3);
    expect_chosen(backend, "bbbacb");
}

Test(balance_leastconn, ranks_nobody_who_cannot_be_chosen)
{
    struct server *server;

    make(NULL, 1);
    server = backend->servers[0];
    atomic_store(&server->maxconn, 2);
    cr_expect_lt(balance_leastconn.rank(server), STANDINGS_OUT);
    (void)gauge_take(&server->sessions, 0);
    cr_expect_lt(balance_leastconn.rank(server), STANDINGS_OUT);
    (void)gauge_take(&server->sessions, 0);
    cr_expect_eq(balance_leastconn.rank(server), STANDINGS_OUT);

    atomic_store(&server->maxconn, 0);
    cr_expect_lt(balance_leastconn.rank(server), STANDINGS_OUT);
    server_set_weight(server, 0);
    cr_expect_eq(balance_leastconn.rank(server), STANDINGS_OUT);
    server_set_weight(server, 1);
    atomic_store(&server->is_serving, false);
    cr_expect_eq(balance_leastconn.rank(server), STANDINGS_OUT);
}

Test(balance_leastconn, ranks_anybody_however_many_sessions_it_has)
{
    make(NULL, 1);
    atomic_store(&backend->servers[0]->sessions.value, UINT32_MAX);
    atomic_store(&backend->servers[0]->last_turn, UINT64_MAX);

    cr_expect_lt(balance_leastconn.rank(backend->servers[0]), STANDINGS_OUT);
}

Test(balance_leastconn, passes_over_who_was_tried_or_is_full)
{
    struct choice choice = { 0 };

    make(NULL, 3);
    atomic_store(&backend->servers[1]->maxconn, 1);
    expect_chosen(backend, "abcaca");
    choice.tried = rotation_bit(backend->servers[0]) | rotation_bit(backend->servers[2]);
    cr_expect_null(choose_with(backend, &choice));

    give("b");
    cr_expect_eq(choose_with(backend, &choice), backend->servers[1]);
}

Test(balance_leastconn, counts_the_same_after_a_new_rotation)
{
    make(NULL, 3);
    expect_chosen(backend, "abca");
    backend->servers[1]->will = WILL_DRAIN;
    publish(backend);
    expect_chosen(backend, "cac");
    backend->servers[1]->will = 0;
    publish(backend);
    expect_chosen(backend, "bb");
}

/* The way of choosing itself, but for a count of the questions it asks of servers. */
static size_t questions;

static uint64_t counted_rank(const struct server *server)
{
    questions++;
    return balance_leastconn.rank(server);
}

Test(balance_leastconn, asks_two_questions_whether_of_three_or_of_thousands)
{
    static const size_t counts[] = { 3, 5000 };
    struct balancer counted = balance_leastconn;
    struct choice choice = { 0 };

    counted.rank = counted_rank;
    for (size_t i = 0; i < COUNT(counts); i++) {
        backend_destroy(backend);
        backend = make_backend(&counted, NULL, counts[i]);
        publish(backend);
        questions = 0;
        for (size_t k = 0; k < 2 * counts[i]; k++)
            cr_assert_eq(choose_with(backend, &choice), backend->servers[k % counts[i]]);
        cr_expect_eq(questions, 2 * 2 * counts[i], "%zu servers: %zu questions",
                     counts[i], questions);
    }
}

Test(balance_leastconn, gives_a_session_to_each_that_idles_however_slowly_it_starts)
{
    make(NULL, 3);
    server_set_ramp(backend->servers[1], 5);
    publish(backend);

    expect_chosen(backend, "abcac");
    give("b");
    expect_chosen(backend, "bac");
}
