#include "proxy/visitors.h"

#include "base/clock.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>

enum { THREADS = 4, ROUNDS = 20000, MOST = 3, CROWD = 200000 };

static struct visitors *visitors;
static const struct visitors_limits three = { .sessions = MOST }, none = { 0 };

static void set_up(void)
{
    visitors = visitors_create();
}

static void tear_down(void)
{
    visitors_destroy(visitors);
}

TestSuite(visitors, .timeout = 30, .init = set_up, .fini = tear_down);

static struct endpoint client_at(const char *text)
{
    struct address_parts parts;

    cr_assert_null(address_parse(text, &parts));
    return endpoint_of(&parts.address.as.any);
}

/* True when let in; then the place is counted. */
static bool enter(const char *text, uint32_t *place)
{
    struct endpoint client = client_at(text);
    bool is_in = visitors_enter(visitors, &client, &three, place);

    cr_expect_eq(is_in, *place != VISITORS_UNCOUNTED);
    return is_in;
}

static void expect_full(const char *text)
{
    uint32_t place;

    cr_expect_not(enter(text, &place), "%s was let in", text);
}

static void fill(const char *text)
{
    uint32_t place;

    for (int i = 0; i < MOST; i++)
        cr_expect(enter(text, &place), "%s number %d was not let in", text, i);
}

Test(visitors, lets_so_many_sessions_of_a_client_in)
{
    uint32_t place;

    fill("192.0.2.1:1");
    expect_full("192.0.2.1:1");
    expect_full("192.0.2.1:2");
    fill("192.0.2.2:1");

    cr_expect_not(enter("192.0.2.1:1", &place));
}

Test(visitors, lets_another_in_for_each_that_leaves)
{
    uint32_t place;

    cr_expect(enter("192.0.2.1:1", &place));
    for (int i = 0; i < 100; i++) {
        uint32_t again[2];

        cr_expect(enter("192.0.2.1:1", &again[0]));
        cr_expect(enter("192.0.2.1:1", &again[1]));
        expect_full("192.0.2.1:1");
        visitors_leave(visitors, again[0]);
        visitors_leave(visitors, again[1]);
    }
    visitors_leave(visitors, place);
    fill("192.0.2.1:1");
}

Test(visitors, takes_an_ip6_network_of_64_bits_for_one_client)
{
    uint32_t place;

    cr_expect(enter("[2001:db8:1:2::1]:1", &place));
    cr_expect(enter("[2001:db8:1:2:ffff::1]:1", &place));
    cr_expect(enter("[2001:db8:1:2:3:4:5:6]:1", &place));
    expect_full("[2001:db8:1:2::4711]:1");
    fill("[2001:db8:1:3::1]:1");
}

Test(visitors, takes_a_mapped_address_for_the_one_it_maps)
{
    fill("192.0.2.1:1");
    expect_full("[::ffff:192.0.2.1]:1");
}

Test(visitors, does_not_mind_the_uncounted_leaving)
{
    visitors_leave(visitors, VISITORS_UNCOUNTED);
    fill("192.0.2.1:1");
    expect_full("192.0.2.1:1");
}

/* The seconds of the clock go on meanwhile. */
Test(visitors, lets_so_many_of_a_client_in_each_second)
{
    static const struct visitors_limits limits = { .rate = 5 };
    struct endpoint client = client_at("192.0.2.1:1"), other = client_at("192.0.2.2:1");
    uint64_t began = clock_ms() / 1000, seconds, let_in = 0;
    uint32_t place;

    for (int i = 0; i < 1000; i++) {
        let_in += visitors_enter(visitors, &client, &limits, &place);
        visitors_leave(visitors, place);
    }
    seconds = clock_ms() / 1000 - began + 1;

    cr_expect_geq(let_in, 5);
    cr_expect_leq(let_in, 5 * seconds);
    cr_expect(visitors_enter(visitors, &other, &limits, &place));
}

Test(visitors, does_not_count_a_session_that_came_too_fast)
{
    static const struct visitors_limits both = { .sessions = 1000, .rate = 1 };
    struct endpoint client = client_at("192.0.2.1:1");
    uint32_t places[1000], count = 0;

    for (int i = 0; i < 1000; i++)
        if (visitors_enter(visitors, &client, &both, &places[count]))
            count++;
    cr_assert_lt(count, 100);
    while (count)
        visitors_leave(visitors, places[--count]);
    fill("192.0.2.1:1");
    expect_full("192.0.2.1:1");
}

static struct endpoint number(uint32_t number)
{
    struct endpoint client = { .ip = { [10] = 0xff, [11] = 0xff, [12] = 10 } };

    client.ip[13] = (uint8_t)(number >> 16);
    client.ip[14] = (uint8_t)(number >> 8);
    client.ip[15] = (uint8_t)number;
    return client;
}

Test(visitors, lets_in_uncounted_who_finds_no_place)
{
    static uint32_t places[CROWD];
    int uncounted = 0;

    for (uint32_t i = 0; i < CROWD; i++) {
        struct endpoint client = number(i);

        cr_assert(visitors_enter(visitors, &client, &none, &places[i]));
        uncounted += places[i] == VISITORS_UNCOUNTED;
    }
    cr_expect_gt(uncounted, 0);
    for (uint32_t i = 0; i < CROWD; i++)
        visitors_leave(visitors, places[i]);
    fill("192.0.2.1:1");
    expect_full("192.0.2.1:1");
}

static _Atomic int present, most_present;

static void note_presence(int now)
{
    int most = atomic_load(&most_present);

    while (now > most && !atomic_compare_exchange_weak(&most_present, &most, now))
        continue;
}

static void *come_and_go(void *nothing)
{
    struct endpoint client = number(1);
    uint32_t place;

    for (int i = 0; i < ROUNDS; i++) {
        if (!visitors_enter(visitors, &client, &three, &place))
            continue;
        note_presence(atomic_fetch_add(&present, 1) + 1);
        (void)atomic_fetch_sub(&present, 1);
        visitors_leave(visitors, place);
    }
    return nothing;
}

Test(visitors, are_counted_by_all_threads_together)
{
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, come_and_go, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_join(threads[i], NULL), 0);

    cr_expect_leq(atomic_load(&most_present), MOST);
    fill("10.0.0.1:1");
    expect_full("10.0.0.1:1");
}
