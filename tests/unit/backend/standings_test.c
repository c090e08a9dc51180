#include "backend/standings.h"

#include "backend/server.h"

#include <criterion/criterion.h>
#include <pthread.h>

enum { MANY = 5000 };

static struct server servers[MANY]; /* nothing of them is used but their index */
static _Atomic uint64_t ranks[MANY];
static _Atomic unsigned questions;

static uint64_t rank_of(const struct server *server)
{
    atomic_fetch_add(&questions, 1);
    return atomic_load(&ranks[server->index]);
}

static struct standings *make(size_t count)
{
    struct standings *standings = standings_create(count, rank_of);

    for (unsigned i = 0; i < count; i++)
        servers[i].index = i;
    return standings;
}

static void set(struct standings *standings, size_t index, uint64_t rank)
{
    atomic_store(&ranks[index], rank);
    standings_refresh(standings, index, &servers[index]);
}

TestSuite(standings, .timeout = 20);

Test(standings, begin_with_everybody_out)
{
    struct standings *standings = make(5);

    cr_expect_eq(standings_first(standings), SIZE_MAX);
    cr_expect_eq(standings_ranking(standings), rank_of);
    standings_destroy(standings);
    standings_destroy(NULL);
}

Test(standings, have_room_for_all_who_are_announced)
{
    static const size_t counts[] = { 1, 2, 3, 4, 5, 64, 65, MANY };

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct standings *standings = make(counts[i]);

        cr_expect_geq(standings_room(standings), counts[i]);
        set(standings, counts[i] - 1, 7);
        cr_expect_eq(standings_first(standings), counts[i] - 1);
        standings_destroy(standings);
    }
}

Test(standings, are_led_by_the_lowest_rank)
{
    static const struct {
        size_t index;
        uint64_t rank;
        size_t first;
    } steps[] = {
        { 3, 50, 3 },
        { 1, 40, 1 },
        { 4, 60, 1 },
        { 1, 70, 3 },
        { 0, 0, 0 },
        { 0, 99, 3 },
        { 3, STANDINGS_OUT, 4 },
        { 4, 71, 1 },
        { 1, STANDINGS_OUT, 4 },
        { 4, STANDINGS_OUT, 0 },
        { 0, STANDINGS_OUT, SIZE_MAX },
    };
    struct standings *standings = make(5);

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        set(standings, steps[i].index, steps[i].rank);
        cr_expect_eq(standings_first(standings), steps[i].first, "step %zu", i);
    }
    standings_destroy(standings);
}

Test(standings, prefer_the_lower_index_among_equals)
{
    struct standings *standings = make(8);

    for (size_t i = 8; i-- > 2;) {
        set(standings, i, 5);
        cr_expect_eq(standings_first(standings), i);
    }
    standings_destroy(standings);
}

static size_t lowest(size_t count)
{
    size_t first = 0;

    for (size_t i = 1; i < count; i++)
        if (atomic_load(&ranks[i]) < atomic_load(&ranks[first]))
            first = i;
    return first;
}

Test(standings, know_the_first_of_thousands)
{
    struct standings *standings = make(MANY);
    uint64_t number = 1;

    for (size_t i = 0; i < MANY; i++)
        set(standings, i, 1000000 + i);
    for (int round = 0; round < 500; round++) {
        number = number * 6364136223846793005u + 1442695040888963407u;
        set(standings, (number >> 33) % MANY, number >> 32);
        cr_assert_eq(standings_first(standings), lowest(MANY), "round %d", round);
    }
    standings_destroy(standings);
}

/* What a refresh costs does not grow with their number. */
Test(standings, ask_only_the_one_that_changed)
{
    static const size_t counts[] = { 1, 100, MANY };

    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct standings *standings = make(counts[i]);

        atomic_store(&questions, 0);
        set(standings, counts[i] / 2, 5);
        cr_expect_eq(standings_first(standings), counts[i] / 2);
        cr_expect_eq(atomic_load(&questions), 2, "%zu servers: %u questions", counts[i],
                     atomic_load(&questions));
        standings_destroy(standings);
    }
}

struct changer {
    struct standings *standings;
    size_t first, step; /* all share servers: each changes every one */
};

static void *change_all(void *data)
{
    const struct changer *changer = data;

    for (int round = 0; round < 3000; round++)
        for (size_t i = 0; i < 8; i++) {
            size_t index = (changer->first + i * changer->step) % 8;

            atomic_fetch_add(&ranks[index], changer->step);
            standings_refresh(changer->standings, index, &servers[index]);
            (void)standings_first(changer->standings);
        }
    return NULL;
}

Test(standings, tell_the_truth_after_threads_changed_them_all_at_once)
{
    enum { THREADS = 4 };
    struct standings *standings = make(8);
    struct changer changers[THREADS];
    pthread_t threads[THREADS];

    for (size_t i = 0; i < THREADS; i++) {
        changers[i] = (struct changer){ standings, i, 2 * i + 1 };
        cr_assert_eq(pthread_create(&threads[i], NULL, change_all, &changers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_join(threads[i], NULL), 0);

    cr_expect_eq(standings_first(standings), lowest(8));
    for (size_t i = 0; i < 8; i++) {
        size_t first = lowest(8);

        cr_expect_eq(standings_first(standings), first, "without %zu of them", i);
        set(standings, first, STANDINGS_OUT);
    }
    cr_expect_eq(standings_first(standings), SIZE_MAX);
    standings_destroy(standings);
}
