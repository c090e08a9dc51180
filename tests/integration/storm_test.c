/* Everything at once: load, reloads, deaths, orders and rude clients; then calm. */
#include "support/client.h"
#include "support/kept.h"
#include "support/load.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/proc.h"
#include "support/usher.h"

#include <string.h>

TestSuite(storm, .timeout = 100);

enum { ROUNDS = 200, SPARE_FDS = 3 };

static struct origin *a, *b, *c;

static const char *config_of_round(int round)
{
    static const char *const balancers[] = { "roundrobin", "leastconn", "random",
                                             "source", "first" };

    return kept_format(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                       "balance = %s\nserver = a %s weight=%d\nserver = b %s\n%s%s%s",
                       balancers[round % 5], origin_address(a), round % 3 + 1,
                       origin_address(b), round % 2 ? "server = c " : "",
                       round % 2 ? origin_address(c) : "", round % 2 ? "\n" : "");
}

/* Clients that leave in every rude way. */
static void be_rude(struct usher *usher)
{
    struct client *clients[4];

    for (int i = 0; i < 4; i++)
        clients[i] = client_connect(usher);
    (void)client_try_say(clients[1], "who\n");
    (void)client_try_say(clients[2], "who\nwho\nwh");
    client_half_close(clients[3]);
    client_reset(clients[0]);
    client_reset(clients[1]);
    client_close(clients[2]);
    client_close(clients[3]);
}

static void give_orders(struct usher *usher, int round)
{
    static const char *const orders[] = {
        "set server app/b state drain",
        "set server app/b state ready",
        "set weight app/a 5",
        "disable server app/b",
        "enable server app/b",
        "show stat",
        "show sess",
        "show servers state",
    };

    (void)usher_admin(usher, "%s", orders[round % 8]);
    (void)usher_admin(usher, "shutdown sessions server app/b");
}

static void rage(struct usher *usher)
{
    for (int round = 0; round < ROUNDS; round++) {
        const char *answer = usher_reload(usher, "%s", config_of_round(round));

        cr_assert_eq(strncmp(answer, "applied", 7), 0, "%s", answer);
        be_rude(usher);
        give_orders(usher, round);
        if (round % 5 == 0)
            origin_kill(b);
        if (round % 5 == 2)
            origin_revive(b);
    }
}

Test(storm, leaves_nothing_behind)
{
    struct usher *usher;
    struct load *load;
    struct load_report report;
    int descriptors;

    a = origin_start("a");
    b = origin_start("b");
    c = origin_start("c");
    usher = usher_start("%s", config_of_round(0));
    cr_expect_str_neq(client_ask_once(usher_web(usher)), "");
    descriptors = proc_descriptors(usher_pid(usher));
    load = load_start(
        (struct load_plan){ .address = usher_web(usher), .clients = 6, .per_visit = 3 });
    rage(usher);
    report = load_stop(load);
    cr_expect_gt(load_count(&report, "a"), 0);
    eventually(usher_sessions(usher) == 0, 10000);
    eventually(proc_descriptors(usher_pid(usher)) <= descriptors + SPARE_FDS, 10000);
    cr_expect_eq(usher_count(usher, "web", "FRONTEND", "scur"), 0);
    cr_expect_eq(usher_count(usher, "app", "BACKEND", "scur"), 0);
    cr_expect_eq(usher_count(usher, "app", "BACKEND", "qcur"), 0);
    cr_expect_eq(proc_close_waits(usher_pid(usher)), 0);
    (void)usher_admin(usher, "enable server app/b");
    for (int i = 0; i < 10; i++)
        cr_expect_str_neq(client_ask_once(usher_web(usher)), "");
    usher_stop(usher);
}
