/* The other ways to choose: leastconn, random, source, first; and backup servers. */
#include "support/client.h"
#include "support/kept.h"
#include "support/load.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/usher.h"

#include <string.h>

TestSuite(balance, .timeout = 60);

enum { SERVERS = 3, SOURCES = 24 };

static struct origin *origins[SERVERS];

static void start_origins(void)
{
    origins[0] = origin_start("a");
    origins[1] = origin_start("b");
    origins[2] = origin_start("c");
}

static struct usher *start(const char *lines, const char *words)
{
    return usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                       "%sserver = a %s %s\nserver = b %s %s\nserver = c %s %s\n",
                       lines, origin_address(origins[0]), words,
                       origin_address(origins[1]), words, origin_address(origins[2]),
                       words);
}

Test(balance, leastconn_evens_out_sessions_that_last)
{
    struct client *clients[SERVERS * 3];
    int counts[SERVERS] = { 0 };
    struct usher *usher;

    start_origins();
    usher = start("balance = leastconn\n", "");
    for (int i = 0; i < SERVERS * 3; i++) {
        clients[i] = client_connect(usher);
        counts[client_ask(clients[i], "who")[0] - 'a']++;
    }
    for (int i = 0; i < SERVERS; i++)
        cr_expect_eq(counts[i], 3, "%c has %d sessions", 'a' + i, counts[i]);
    usher_stop(usher);
}

Test(balance, leastconn_prefers_whom_sessions_have_left)
{
    struct client *clients[SERVERS * 2];
    struct usher *usher;

    start_origins();
    usher = start("balance = leastconn\n", "");
    for (int i = 0; i < SERVERS * 2; i++)
        clients[i] = client_connect(usher);
    for (int i = 0; i < SERVERS * 2; i++) {
        if (strcmp(client_ask(clients[i], "who"), "b") == 0)
            client_close(clients[i]);
    }
    eventually(usher_count(usher, "app", "b", "scur") == 0, 3000);
    cr_expect_str_eq(client_ask(client_connect(usher), "who"), "b");
    cr_expect_str_eq(client_ask(client_connect(usher), "who"), "b");
    usher_stop(usher);
}

Test(balance, random_leaves_nobody_out)
{
    struct usher *usher;
    struct load_report report;

    start_origins();
    usher = start("balance = random\n", "");
    report = load_run(
        (struct load_plan){ .address = usher_web(usher), .clients = 4, .requests = 75 });
    cr_expect_eq(report.failed, 0, "%s", report.first_failure);
    cr_expect_gt(load_count(&report, "a"), 20);
    cr_expect_gt(load_count(&report, "b"), 20);
    cr_expect_gt(load_count(&report, "c"), 20);
    cr_expect_eq(report.answered, 300);
    usher_stop(usher);
}

Test(balance, random_prefers_the_less_busy_of_two)
{
    struct client *clients[30];
    int counts[SERVERS] = { 0 };
    struct usher *usher;

    start_origins();
    usher = start("balance = random\n", "");
    for (int i = 0; i < 30; i++) {
        clients[i] = client_connect(usher);
        counts[client_ask(clients[i], "who")[0] - 'a']++;
    }
    for (int i = 0; i < SERVERS; i++)
        cr_expect(counts[i] >= 5 && counts[i] <= 15, "%c has %d", 'a' + i, counts[i]);
    usher_stop(usher);
}

static char ask_from(int source, struct usher *usher)
{
    struct client *client = client_dial_from(kept_format("127.0.1.%d:0", source),
                                             usher_web(usher));
    char answer = client_ask(client, "who")[0];

    client_close(client);
    return answer;
}

Test(balance, source_sends_a_client_to_the_same_server)
{
    struct usher *usher;
    char first;

    start_origins();
    usher = start("balance = source\n", "");
    first = ask_from(1, usher);
    for (int i = 0; i < 20; i++)
        cr_assert_eq(ask_from(1, usher), first);
    usher_stop(usher);
}

Test(balance, source_is_agreed_on_by_several_ushers)
{
    struct usher *one, *other;
    bool used[SERVERS] = { false };

    start_origins();
    one = start("balance = source\n", "");
    other = start("balance = source\n", "");
    for (int i = 1; i <= SOURCES; i++) {
        char answer = ask_from(i, one);

        cr_assert_eq(ask_from(i, other), answer, "they disagree on client %d", i);
        used[answer - 'a'] = true;
    }
    cr_expect(used[0] && used[1] && used[2], "a server of three got none of %d", SOURCES);
    usher_stop(one);
    usher_stop(other);
}

Test(balance, source_moves_only_the_clients_of_a_server_that_left)
{
    char before[SOURCES + 1];
    struct usher *usher;

    start_origins();
    usher = start("balance = source\n", "");
    for (int i = 1; i <= SOURCES; i++)
        before[i] = ask_from(i, usher);
    (void)usher_admin(usher, "set server app/b state maint");
    for (int i = 1; i <= SOURCES; i++) {
        char after = ask_from(i, usher);

        cr_assert(after == before[i] || before[i] == 'b', "client %d left %c", i,
                  before[i]);
        cr_assert_neq(after, 'b');
    }
    (void)usher_admin(usher, "set server app/b state ready");
    for (int i = 1; i <= SOURCES; i++)
        cr_assert_eq(ask_from(i, usher), before[i], "client %d did not return", i);
    usher_stop(usher);
}

Test(balance, first_fills_one_server_after_the_other)
{
    struct usher *usher;

    start_origins();
    usher = start("balance = first\n", "maxconn=2");
    for (int i = 0; i < SERVERS * 2; i++) {
        const char *answer = client_ask(client_connect(usher), "who");

        cr_expect_eq(answer[0], "aabbcc"[i], "client %d got %s", i, answer);
    }
    usher_stop(usher);
}

Test(balance, first_stays_with_the_first_while_it_has_room)
{
    struct usher *usher;

    start_origins();
    usher = start("balance = first\n", "");
    for (int i = 0; i < 10; i++)
        cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    usher_stop(usher);
}

static struct usher *start_with_backup(void)
{
    start_origins();
    return usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                       "server = a %s\nserver = b %s backup\nserver = c %s\n",
                       origin_address(origins[0]), origin_address(origins[1]),
                       origin_address(origins[2]));
}

static void expect_only(struct usher *usher, const char *names)
{
    for (int i = 0; i < 8; i++) {
        const char *answer = client_ask_once(usher_web(usher));

        cr_assert(answer[0] && strchr(names, answer[0]), "%s answered, not one of %s",
                  answer, names);
    }
}

Test(balance, backup_servers_serve_only_when_no_other_can)
{
    struct usher *usher = start_with_backup();

    expect_only(usher, "ac");
    origin_kill(origins[0]);
    eventually(usher_stat_is(usher, "app/a", "status", "DOWN"), 5000);
    expect_only(usher, "c");
    origin_kill(origins[2]);
    expect_only(usher, "b");
    eventually(usher_stat_is(usher, "app/c", "status", "DOWN"), 5000);
    expect_only(usher, "b");
    origin_revive(origins[0]);
    eventually(usher_stat_is(usher, "app/a", "status", "UP"), 5000);
    expect_only(usher, "a");
    usher_stop(usher);
}

Test(balance, backup_servers_serve_when_others_are_in_maintenance)
{
    struct usher *usher = start_with_backup();

    (void)usher_admin(usher, "set server app/a state maint");
    (void)usher_admin(usher, "set server app/c state drain");
    expect_only(usher, "b");
    (void)usher_admin(usher, "set server app/c state ready");
    expect_only(usher, "c");
    usher_stop(usher);
}
