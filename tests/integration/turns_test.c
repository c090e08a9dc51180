/* Round robin: turns are strict over all workers together. */
#include "support/client.h"
#include "support/kept.h"
#include "support/load.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/usher.h"

TestSuite(turns, .timeout = 60);

enum { SERVERS = 3 };

static struct origin *origins[SERVERS];

static struct usher *start(const char *a, const char *b, const char *c)
{
    origins[0] = origin_start("a");
    origins[1] = origin_start("b");
    origins[2] = origin_start("c");
    return usher_start(USHER_WEB USHER_APP
                       "server = a %s %s\nserver = b %s %s\nserver = c %s %s\n",
                       origin_address(origins[0]), a, origin_address(origins[1]), b,
                       origin_address(origins[2]), c);
}

static struct load_report ask_many(struct usher *usher, unsigned clients,
                                   uint64_t requests)
{
    struct load_report report = load_run((struct load_plan){
        .address = usher_web(usher), .clients = clients, .requests = requests });

    cr_assert_eq(report.failed, 0, "%s", report.first_failure);
    return report;
}

Test(turns, are_exactly_even_over_two_workers)
{
    struct usher *usher = start("", "", "");
    uint64_t each = patience_volume(150);
    struct load_report report = ask_many(usher, 16, each);

    cr_expect_eq(load_count(&report, "a"), each * 16 / 3);
    cr_expect_eq(load_count(&report, "b"), each * 16 / 3);
    cr_expect_eq(load_count(&report, "c"), each * 16 / 3);
    cr_expect_eq(usher_count(usher, "app", "a", "stot"), each * 16 / 3);
    cr_expect_eq(usher_count(usher, "app", "BACKEND", "stot"), each * 16);
    cr_expect_eq(usher_count(usher, "web", "FRONTEND", "stot"), each * 16);
    usher_stop(usher);
}

Test(turns, come_in_the_order_of_the_file)
{
    struct usher *usher = start("", "", "");
    char last = client_ask_once(usher_web(usher))[0];

    for (int i = 0; i < 30; i++) {
        char next = client_ask_once(usher_web(usher))[0];

        cr_assert_eq(next, last == 'c' ? 'a' : last + 1, "%c after %c", next, last);
        last = next;
    }
    usher_stop(usher);
}

Test(turns, follow_weights_exactly_in_every_cycle)
{
    struct usher *usher = start("weight=1", "weight=2", "weight=3");

    for (int cycle = 0; cycle < 10; cycle++) {
        int counts[SERVERS] = { 0 };

        for (int i = 0; i < 6; i++)
            counts[client_ask_once(usher_web(usher))[0] - 'a']++;
        cr_assert_eq(counts[0], 1, "a had %d turns in cycle %d", counts[0], cycle);
        cr_assert_eq(counts[1], 2, "b had %d turns in cycle %d", counts[1], cycle);
        cr_assert_eq(counts[2], 3, "c had %d turns in cycle %d", counts[2], cycle);
    }
    usher_stop(usher);
}

Test(turns, of_weighted_servers_are_spread_smoothly)
{
    struct usher *usher = start("weight=1", "weight=1", "weight=4");
    int row = 0, longest = 0;

    for (int i = 0; i < 36; i++) {
        row = client_ask_once(usher_web(usher))[0] == 'c' ? row + 1 : 0;
        longest = row > longest ? row : longest;
    }
    cr_expect_leq(longest, 3, "c was chosen %d times in a row", longest);
    usher_stop(usher);
}

Test(turns, follow_weights_exactly_under_concurrent_clients)
{
    struct usher *usher = start("weight=1", "weight=2", "weight=3");
    uint64_t each = patience_volume(120);
    struct load_report report = ask_many(usher, 10, each);

    cr_expect_eq(load_count(&report, "a"), each * 10 * 1 / 6);
    cr_expect_eq(load_count(&report, "b"), each * 10 * 2 / 6);
    cr_expect_eq(load_count(&report, "c"), each * 10 * 3 / 6);
    usher_stop(usher);
}

Test(turns, leave_out_a_server_of_no_weight)
{
    struct usher *usher = start("", "weight=0", "");
    struct load_report report = ask_many(usher, 4, 10);

    cr_expect_eq(load_count(&report, "a"), 20);
    cr_expect_eq(load_count(&report, "b"), 0);
    cr_expect_eq(load_count(&report, "c"), 20);
    usher_stop(usher);
}

Test(turns, are_even_again_when_a_server_leaves_and_returns)
{
    struct usher *usher = start("", "", "");
    struct load_report report;

    (void)usher_admin(usher, "set server app/b state drain");
    report = ask_many(usher, 4, 25);
    cr_expect_eq(load_count(&report, "a"), 50);
    cr_expect_eq(load_count(&report, "c"), 50);

    (void)usher_admin(usher, "set server app/b state ready");
    report = ask_many(usher, 4, 30);
    cr_expect_eq(load_count(&report, "b"), 40);
    usher_stop(usher);
}

Test(turns, follow_a_weight_that_is_set_at_run_time)
{
    struct usher *usher = start("", "", "");
    struct load_report report;

    cr_expect_str_eq(usher_admin(usher, "set weight app/c 4"), "\n");
    report = ask_many(usher, 4, 30);
    cr_expect_eq(load_count(&report, "a"), 20);
    cr_expect_eq(load_count(&report, "b"), 20);
    cr_expect_eq(load_count(&report, "c"), 80);
    usher_stop(usher);
}
