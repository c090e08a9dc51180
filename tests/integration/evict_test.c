/* What becomes of present sessions when servers go down, come back or are crowded. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/usher.h"

#include <string.h>

TestSuite(evict, .timeout = 60);

enum { SERVERS = 3, CLIENTS = 30 };

static struct origin *origins[SERVERS];
static struct client *clients[CLIENTS];

static void start_origins(void)
{
    static const char *const names[SERVERS] = { "a", "b", "c" };

    for (int i = 0; i < SERVERS; i++)
        origins[i] = origin_start(names[i]);
}

static struct usher *start_with(const char *global, const char *lines)
{
    start_origins();
    return usher_start("[global]\nworkers = 2\n%s" USHER_WEB USHER_APP USHER_QUICK_CHECKS
                       "fall = 2\n%sserver = a %s\nserver = b %s\nserver = c %s\n",
                       global, lines, origin_address(origins[0]),
                       origin_address(origins[1]), origin_address(origins[2]));
}

static struct usher *start(const char *lines)
{
    return start_with("", lines);
}

static void connect_clients(struct usher *usher)
{
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = client_connect(usher);
        (void)client_ask(clients[i], "who");
    }
}

static int count_open(void)
{
    int open = 0;

    for (int i = 0; i < CLIENTS; i++)
        open += client_is_open(clients[i]);
    return open;
}

static bool is_down(struct usher *usher, const char *server)
{
    return usher_stat_is(usher, server, "status", "DOWN");
}

static void take_all_down(struct usher *usher)
{
    for (int i = 0; i < SERVERS; i++)
        origin_shut(origins[i]);
    eventually(is_down(usher, "app/a") && is_down(usher, "app/b") &&
                   is_down(usher, "app/c"),
               5000);
}

static bool is_up(struct usher *usher, const char *server)
{
    return usher_stat_is(usher, server, "status", "UP");
}

Test(evict, leaves_sessions_of_a_server_that_is_down_alone_unless_told_otherwise)
{
    struct usher *usher = start("");

    connect_clients(usher);
    origin_shut(origins[1]);
    eventually(is_down(usher, "app/b"), 5000);
    meanwhile(count_open() == CLIENTS, 300);
    usher_stop(usher);
}

Test(evict, ends_sessions_of_a_server_that_went_down)
{
    struct usher *usher = start("on-down = kill\n");

    connect_clients(usher);
    origin_shut(origins[1]);
    eventually(count_open() == CLIENTS * 2 / 3, 5000);
    eventually(usher_log_count(usher, "ending=server-down") > CLIENTS / 3, 2000);
    meanwhile(count_open() == CLIENTS * 2 / 3, 200);
    usher_stop(usher);
}

Test(evict, waits_for_a_server_that_may_come_back)
{
    struct usher *usher = start("on-down = kill after 1s\n");

    connect_clients(usher);
    origin_shut(origins[1]);
    eventually(is_down(usher, "app/b"), 5000);
    cr_expect_eq(count_open(), CLIENTS);
    origin_open(origins[1]);
    eventually(is_up(usher, "app/b"), 5000);
    meanwhile(count_open() == CLIENTS, 1200);
    usher_stop(usher);
}

Test(evict, ends_few_at_a_time_and_stops_when_the_server_is_back)
{
    struct usher *usher = start("on-down = kill rate 2/s\n");
    int left;

    connect_clients(usher);
    origin_shut(origins[1]);
    eventually(count_open() < CLIENTS, 5000);
    left = count_open();
    cr_expect_gt(left, CLIENTS * 2 / 3, "only %d left", left);
    origin_open(origins[1]);
    eventually(is_up(usher, "app/b"), 5000);
    eventually(usher_logged(usher, "no reason any more", NULL), 2000);
    left = count_open();
    meanwhile(count_open() == left, 700);
    usher_stop(usher);
}

Test(evict, drains_over_the_drain_timeout)
{
    struct usher *usher = start_with("drain-timeout = 1s\n", "on-down = drain\n");

    connect_clients(usher);
    origin_shut(origins[0]);
    eventually(count_open() < CLIENTS, 5000);
    cr_expect_gt(count_open(), CLIENTS * 2 / 3);
    eventually(count_open() == CLIENTS * 2 / 3, 5000);
    usher_stop(usher);
}

/* The check is the more likely culprit when it says so of all. */
Test(evict, ends_nobody_when_most_servers_fail_at_once)
{
    struct usher *usher = start("on-down = kill after 300ms\n");

    connect_clients(usher);
    take_all_down(usher);
    meanwhile(count_open() == CLIENTS, 700);
    cr_expect_eq(usher_log_count(usher, "lost most servers at once"), 1);
    origin_open(origins[0]);
    origin_open(origins[1]);
    eventually(count_open() == CLIENTS * 2 / 3, 5000);
    usher_stop(usher);
}

/* One failure is enough for each of them: the first one is not ended for it at once. */
Test(evict, ends_nobody_before_it_is_known_whether_most_servers_fail)
{
    struct usher *usher;

    start_origins();
    usher = usher_start(USHER_WEB USHER_APP
                        "on-down = kill\nfall = 1\nrise = 1\ncheck-interval = 500ms\n"
                        "server = a %s\nserver = b %s\nserver = c %s\n",
                        origin_address(origins[0]), origin_address(origins[1]),
                        origin_address(origins[2]));
    connect_clients(usher);
    take_all_down(usher);
    meanwhile(count_open() == CLIENTS, 1000);
    usher_stop(usher);
}

static struct usher *start_with_backup(const char *lines)
{
    origins[0] = origin_start("a");
    origins[1] = origin_start("b");
    return usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                       "%sserver = a %s\nserver = b %s backup\n",
                       lines, origin_address(origins[0]), origin_address(origins[1]));
}

static void fail_over(struct usher *usher)
{
    origin_shut(origins[0]);
    eventually(is_down(usher, "app/a"), 5000);
    connect_clients(usher);
    cr_expect_str_eq(client_ask(clients[0], "who"), "b");
    origin_open(origins[0]);
    eventually(is_up(usher, "app/a"), 5000);
}

Test(evict, leaves_sessions_on_a_backup_unless_told_otherwise)
{
    struct usher *usher = start_with_backup("");

    fail_over(usher);
    meanwhile(count_open() == CLIENTS, 1200);
    usher_stop(usher);
}

Test(evict, moves_sessions_from_a_backup_to_those_that_came_back)
{
    struct usher *usher = start_with_backup("on-up = move\n");

    fail_over(usher);
    eventually(count_open() == 0, 5000);
    eventually(usher_log_count(usher, "ending=moved") > CLIENTS, 2000);
    cr_expect_str_eq(client_ask(client_connect(usher), "who"), "a");
    usher_stop(usher);
}

Test(evict, moves_nobody_any_more_when_the_better_servers_are_gone_again)
{
    struct usher *usher = start_with_backup("on-up = move\nslow-start = 4s\n");
    int left;

    fail_over(usher);
    eventually(count_open() < CLIENTS, 5000);
    origin_shut(origins[0]);
    eventually(is_down(usher, "app/a"), 5000);
    eventually(usher_logged(usher, "no reason any more", NULL), 3000);
    left = count_open();
    cr_expect_gt(left, 0);
    meanwhile(count_open() == left, 700);
    usher_stop(usher);
}

/* Their health is that of others, and so is its failure. */
Test(evict, ends_nobody_when_most_servers_that_are_followed_fail_at_once)
{
    struct usher *usher;

    start_origins();
    usher =
        usher_start(USHER_WEB USHER_APP
                    "on-down = kill after 300ms\n"
                    "server = a %s track=watch/a\nserver = b %s track=watch/b\n"
                    "server = c %s track=watch/c\n[backend watch]\n" USHER_QUICK_CHECKS
                    "fall = 2\nserver = a %s\nserver = b %s\nserver = c %s\n",
                    origin_address(origins[0]), origin_address(origins[1]),
                    origin_address(origins[2]), origin_address(origins[0]),
                    origin_address(origins[1]), origin_address(origins[2]));
    connect_clients(usher);
    take_all_down(usher);
    meanwhile(count_open() == CLIENTS, 700);
    usher_stop(usher);
}

Test(evict, sheds_a_share_of_the_sessions_of_a_server)
{
    struct usher *usher = start("");

    connect_clients(usher);
    cr_expect(strstr(usher_admin(usher, "shed app/b 50%% over 200ms"),
                     "5 sessions are to end"));
    eventually(count_open() == CLIENTS - 5, 5000);
    meanwhile(count_open() == CLIENTS - 5, 300);
    cr_expect(strstr(usher_admin(usher, "shed app/b 50 over 200ms"), "usage: shed"));
    cr_expect(strstr(usher_admin(usher, "shed app/b 101%% over 1s"), "usage: shed"));
    cr_expect(strstr(usher_admin(usher, "shed app/x 10%% over 1s"), "No such server"));
    usher_stop(usher);
}

/* As a client does that was sent away. */
static void come_back(struct usher *usher)
{
    for (int i = 0; i < CLIENTS; i++) {
        if (client_is_open(clients[i]))
            continue;
        clients[i] = client_connect(usher);
        (void)client_ask(clients[i], "who");
    }
}

static bool is_even(struct usher *usher)
{
    come_back(usher);
    return usher_count(usher, "app", "b", "scur") >= CLIENTS / 3 - 3;
}

Test(evict, moves_a_few_at_a_time_to_a_server_that_came_back)
{
    struct usher *usher = start("rebalance = yes\nbalance = leastconn\n");

    origin_kill(origins[1]);
    eventually(is_down(usher, "app/b"), 5000);
    connect_clients(usher);
    origin_revive(origins[1]);
    eventually(is_up(usher, "app/b"), 5000);
    eventually(is_even(usher), 20000);
    meanwhile(count_open() == CLIENTS, 1500);
    usher_stop(usher);
}

Test(evict, leaves_a_server_out_that_is_full_when_it_evens_out)
{
    struct usher *usher;

    for (int i = 0; i < 2; i++)
        origins[i] = origin_start(&"ab"[i]);
    usher = usher_start(USHER_WEB USHER_APP
                        "rebalance = yes\nserver = a %s maxconn=2\nserver = b %s\n",
                        origin_address(origins[0]), origin_address(origins[1]));
    connect_clients(usher);
    cr_expect_eq(usher_count(usher, "app", "a", "scur"), 2);
    meanwhile(count_open() == CLIENTS, 3500);
    usher_stop(usher);
}
