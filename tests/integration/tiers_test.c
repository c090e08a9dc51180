/* Primaries die one after the other and come back: who serves then, and how much. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/usher.h"

#include <stdlib.h>
#include <string.h>

TestSuite(tiers, .timeout = 60);

enum { SERVERS = 5, CYCLE = 21 };

static struct origin *a, *b, *c, *d, *e;

static void start_origins(void)
{
    a = origin_start("a");
    b = origin_start("b");
    c = origin_start("c");
    d = origin_start("d");
    e = origin_start("e");
}

/* Two of tier 1, two of tier 2, a backup. */
static struct usher *start(const char *lines)
{
    start_origins();
    return usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                       "min-healthy = 2\n%sserver = a %s\nserver = b %s\n"
                       "server = c %s priority=2\nserver = d %s priority=2\n"
                       "server = e %s backup\n",
                       lines, origin_address(a), origin_address(b), origin_address(c),
                       origin_address(d), origin_address(e));
}

/* How many of so many clients each server answered; at SERVERS, nobody. */
struct turns {
    unsigned of[SERVERS + 1];
};

static struct turns ask(struct usher *usher, unsigned times)
{
    struct turns turns = { { 0 } };

    for (unsigned i = 0; i < times; i++) {
        char name = client_ask_once(usher_web(usher))[0];

        turns.of[name ? name - 'a' : SERVERS]++;
    }
    return turns;
}

/* Those named answer, in even turns, and nobody else. */
static void expect_service(struct usher *usher, const char *names)
{
    unsigned each = 4;
    struct turns turns = ask(usher, each * (unsigned)strlen(names));

    for (int i = 0; i < SERVERS; i++)
        cr_expect_eq(turns.of[i], strchr(names, 'a' + i) ? each : 0,
                     "%c answered %u times, not only %s", 'a' + i, turns.of[i], names);
}

static bool is_served(struct usher *usher, const char *tier, const char *serving)
{
    return usher_stat_is(usher, "app/BACKEND", "tier", tier) &&
           usher_stat_is(usher, "app/BACKEND", "serving", serving);
}

Test(tiers, serve_one_after_the_other)
{
    struct usher *usher = start("");

    eventually(is_served(usher, "1", "first"), 5000);
    expect_service(usher, "ab");
    origin_kill(a);
    eventually(is_served(usher, "2", "higher"), 5000);
    expect_service(usher, "cd");
    origin_kill(d);
    eventually(is_served(usher, "backup", "higher"), 5000);
    expect_service(usher, "e");
    origin_kill(e);
    eventually(is_served(usher, "1", "too-few"), 5000);
    expect_service(usher, "b");
    cr_expect_str_eq(usher_stat(usher, "app", "BACKEND", "status"), "UP");
    origin_revive(a);
    eventually(is_served(usher, "1", "first"), 5000);
    expect_service(usher, "ab");

    cr_expect_eq(usher_count(usher, "app", "BACKEND", "degraded"), 3);
    cr_expect_eq(usher_count(usher, "app", "BACKEND", "chkdown"), 0);
    cr_expect_eq(usher_log_count(usher, "is served by tier 2: 1 of 2 servers"), 1);
    cr_expect_eq(usher_log_count(usher, "is served by tier backup: 1 of 2"), 1);
    cr_expect_eq(usher_log_count(usher, "below min-healthy, tier 1 serves all the"), 1);
    cr_expect_eq(usher_log_count(usher, "is served by its first tier again"), 1);
    usher_stop(usher);
}

Test(tiers, are_told_apart_for_each_server)
{
    struct usher *usher = start("");

    cr_expect_str_eq(usher_stat(usher, "app", "a", "tier"), "1");
    cr_expect_str_eq(usher_stat(usher, "app", "c", "tier"), "2");
    cr_expect_str_eq(usher_stat(usher, "app", "e", "tier"), "backup");
    usher_stop(usher);
}

Test(tiers, refuse_when_too_few_are_fit_if_told_so)
{
    struct usher *usher = start("below = refuse\n");

    origin_kill(a);
    origin_kill(c);
    (void)usher_admin(usher, "disable server app/e");
    eventually(usher_stat_is(usher, "app/BACKEND", "serving", "nobody"), 5000);
    cr_expect_eq(ask(usher, 4).of[SERVERS], 4);
    cr_expect_str_eq(usher_stat(usher, "app", "BACKEND", "status"), "DOWN");
    cr_expect_eq(usher_log_count(usher, "refuses sessions: 1 of 2 servers of tier 1"), 1);
    origin_revive(c);
    eventually(is_served(usher, "2", "higher"), 5000);
    expect_service(usher, "cd");
    usher_stop(usher);
}

/* The dead one is tried again and again, but for one that is not wanted. */
Test(tiers, fail_open_for_all_but_those_in_maintenance)
{
    struct usher *usher = start(
        "below = fail-open\nerror-limit = 1000000\nretries = 1\n");
    uint64_t chosen;

    (void)usher_admin(usher, "disable server app/e");
    (void)usher_admin(usher, "disable server app/c");
    origin_kill(a);
    eventually(is_served(usher, "1", "fail-open"), 5000);
    chosen = usher_count(usher, "app", "a", "lbtot");
    cr_expect_eq(ask(usher, 8).of[1], 8);
    cr_expect_geq(usher_count(usher, "app", "a", "lbtot"), chosen + 4);
    cr_expect_str_eq(usher_stat(usher, "app", "a", "status"), "DOWN");

    origin_kill(b);
    eventually(usher_stat_is(usher, "app/b", "status", "DOWN"), 5000);
    cr_expect_str_eq(usher_stat(usher, "app", "BACKEND", "status"), "UP");
    (void)usher_admin(usher, "disable server app/a");
    chosen = usher_count(usher, "app", "a", "lbtot");
    cr_expect_eq(ask(usher, 4).of[SERVERS], 4);
    cr_expect_eq(usher_count(usher, "app", "a", "lbtot"), chosen);

    origin_revive(b);
    expect_service(usher, "b");
    cr_expect_eq(usher_log_count(usher, "fails open"), 1);
    cr_expect_eq(usher_count(usher, "app", "BACKEND", "chkdown"), 0);
    usher_stop(usher);
}

static const char *slow(const char *duration, const char *more)
{
    return kept_format(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                       "slow-start = %s\nserver = a %s\nserver = b %s\n%s",
                       duration, origin_address(a), origin_address(b), more);
}

/* While it starts: one turn of a whole cycle. */
static void expect_one_turn(struct usher *usher, char name)
{
    struct turns turns = ask(usher, 2 * CYCLE);

    cr_expect_eq(turns.of[name - 'a'], 2, "%c had %u of %d turns", name,
                 turns.of[name - 'a'], 2 * CYCLE);
    cr_expect_eq(turns.of[SERVERS], 0);
}

Test(tiers, take_servers_back_slowly)
{
    struct usher *usher;

    start_origins();
    usher = usher_start("%s", slow("1h", ""));
    cr_expect_str_eq(usher_stat(usher, "app", "b", "throttle"), "");
    expect_service(usher, "ab");

    origin_kill(b);
    eventually(usher_stat_is(usher, "app/b", "status", "DOWN"), 5000);
    expect_service(usher, "a");
    origin_revive(b);
    eventually(usher_stat_is(usher, "app/b", "throttle", "5"), 5000);
    expect_one_turn(usher, 'b');
    cr_expect_str_eq(usher_admin(usher, "get weight app/b"), "1 (initial 1)\n\n");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "throttle"), "");

    (void)usher_admin(usher, "disable server app/a");
    expect_service(usher, "b");
    usher_stop(usher);
}

Test(tiers, take_new_servers_in_slowly)
{
    struct usher *usher;

    start_origins();
    usher = usher_start("%s", slow("1h", ""));
    (void)usher_reload(usher, "%s",
                       slow("1h", kept_format("server = c %s\n", origin_address(c))));
    eventually(usher_stat_is(usher, "app/c", "throttle", "5"), 5000);
    cr_expect_eq(ask(usher, 2 * 41).of[2], 2);
    cr_expect_str_eq(usher_stat(usher, "app", "a", "throttle"), "");
    usher_stop(usher);
}

Test(tiers, let_the_share_of_a_slow_start_grow_to_all_of_it)
{
    struct usher *usher;
    int before = 0, steps = 0;

    start_origins();
    usher = usher_start("%s", slow("2s", ""));
    (void)usher_admin(usher, "disable server app/b");
    (void)usher_admin(usher, "enable server app/b");
    while (before < 100) {
        const char *throttle = usher_stat(usher, "app", "b", "throttle");
        int now = *throttle ? atoi(throttle) : 100;

        cr_assert(now >= before && now > 0, "from %d to %d", before, now);
        steps += now > before;
        before = now;
        patience_pause();
    }
    cr_expect_geq(steps, 3, "%d steps", steps);
    expect_service(usher, "ab");
    usher_stop(usher);
}
