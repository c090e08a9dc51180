/* Checks pull dead servers out of the rotation and put them back when they recover. */
#include "support/client.h"
#include "support/kept.h"
#include "support/load.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/usher.h"

#include <string.h>

TestSuite(health, .timeout = 60);

static struct origin *a, *b, *c;

static void start_origins(void)
{
    a = origin_start("a");
    b = origin_start("b");
    c = origin_start("c");
}

static struct usher *start(const char *lines)
{
    return usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                       "%sserver = a %s\nserver = b %s\nserver = c %s\n",
                       lines, origin_address(a), origin_address(b), origin_address(c));
}

static struct load *start_load(struct usher *usher)
{
    return load_start((struct load_plan){ .address = usher_web(usher), .clients = 8 });
}

Test(health, of_a_server_killed_under_load_costs_no_new_request)
{
    struct usher *usher;
    struct load *load;
    struct load_report report;
    uint64_t dead_at, answered;

    start_origins();
    usher = start("");
    load = start_load(usher);
    eventually(load_answered(load) > patience_volume(500), 10000);
    origin_kill(b);
    dead_at = patience_now_ms();
    eventually(usher_stat_is(usher, "app/b", "status", "DOWN"), 5000);
    answered = load_answered(load);
    eventually(load_answered(load) > answered + patience_volume(500), 10000);
    report = load_stop(load);
    cr_expect_leq(report.last_failed_began_ms, dead_at,
                  "a request failed that began %d ms"
                  " after the server's death: %s",
                  (int)(report.last_failed_began_ms - dead_at), report.first_failure);
    cr_expect_leq(report.failed, 8, "%d requests failed", (int)report.failed);
    cr_expect_gt(load_count(&report, "a"), 0);
    cr_expect_gt(load_count(&report, "c"), 0);
    usher_stop(usher);
}

Test(health, returns_a_server_that_recovers)
{
    struct usher *usher;
    struct load *load;
    struct load_report report;

    start_origins();
    usher = start("");
    origin_kill(b);
    eventually(usher_stat_is(usher, "app/b", "status", "DOWN"), 5000);
    load = start_load(usher);
    eventually(load_answered(load) > 50, 10000);
    origin_revive(b);
    eventually(usher_stat_is(usher, "app/b", "status", "UP"), 5000);
    eventually(origin_facts(b)->asked > 20, 10000);
    report = load_stop(load);
    cr_expect_eq(report.failed, 0, "%s", report.first_failure);
    usher_stop(usher);
}

Test(health, survives_a_server_that_dies_and_returns_again_and_again)
{
    struct usher *usher;
    struct load *load;
    struct load_report report;

    start_origins();
    usher = start("");
    load = start_load(usher);
    for (int i = 0; i < 5; i++) {
        uint64_t answered = load_answered(load);

        origin_kill(b);
        eventually(load_answered(load) > answered + patience_volume(200), 10000);
        origin_revive(b);
        eventually(usher_stat_is(usher, "app/b", "status", "UP"), 5000);
    }
    report = load_stop(load);
    cr_expect_leq(report.failed, 5 * 8, "%d requests failed", (int)report.failed);
    usher_stop(usher);
}

Test(health, changes_are_one_line_with_old_new_and_why)
{
    struct usher *usher;
    const char *down, *up;

    start_origins();
    usher = start("");
    origin_kill(b);
    eventually(usher_logged(usher, "app/b", "went down", NULL), 5000);
    down = usher_logged(usher, "app/b", "went down", NULL);
    cr_expect(strstr(down, "warning"), "%s", down);
    cr_expect(strstr(down, "Connection refused"), "%s", down);
    cr_expect(strstr(down, "3 of 3"), "%s", down);
    cr_expect(strstr(down, "was=up"), "%s", down);
    origin_revive(b);
    eventually(usher_logged(usher, "app/b", "came up", NULL), 5000);
    up = usher_logged(usher, "app/b", "came up", NULL);
    cr_expect(strstr(up, "was=down"), "%s", up);
    cr_expect_eq(usher_log_count(usher, "was=up"), 1);
    cr_expect_eq(usher_log_count(usher, "was=down"), 1);
    usher_stop(usher);
}

Test(health, is_shown_with_the_reason)
{
    struct usher *usher;

    start_origins();
    usher = start("");
    cr_expect_str_eq(usher_stat(usher, "app", "b", "check_status"), "L4OK");
    origin_kill(b);
    eventually(usher_stat_is(usher, "app/b", "status", "DOWN"), 5000);
    cr_expect(strstr(usher_stat(usher, "app", "b", "check_status"), "L4CON"));
    cr_expect_str_eq(usher_stat(usher, "app", "b", "last_chk"), "Connection refused");
    cr_expect_eq(usher_count(usher, "app", "b", "chkdown"), 1);
    cr_expect_eq(usher_count(usher, "app", "b", "check_health"), 0);
    cr_expect_eq(usher_count(usher, "app", "BACKEND", "act"), 2);
    usher_stop(usher);
}

Test(health, takes_as_many_signs_as_configured)
{
    struct usher *usher;

    start_origins();
    usher = start("rise = 4\nfall = 2\n");
    origin_kill(c);
    eventually(usher_logged(usher, "app/c", "went down", "2 of 2", NULL), 5000);
    origin_revive(c);
    eventually(usher_logged(usher, "app/c", "came up", "was=down", NULL), 5000);
    cr_expect_str_eq(usher_stat(usher, "app", "c", "check_rise"), "4");
    cr_expect_str_eq(usher_stat(usher, "app", "c", "check_fall"), "2");
    usher_stop(usher);
}

Test(health, of_a_black_hole_ends_with_the_check_timeout)
{
    struct usher *usher;

    a = origin_start("a");
    usher = usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                        "check-timeout = 100ms\nserver = a %s\nserver = hole %s\n",
                        origin_address(a), origin_black_hole());
    eventually(strstr(usher_stat(usher, "app", "hole", "check_status"), "L4TOUT"), 5000);
    cr_expect_str_eq(usher_stat(usher, "app", "hole", "status"), "DOWN");
    for (int i = 0; i < 10; i++)
        cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    usher_stop(usher);
}

Test(health, is_not_asked_when_checks_are_off)
{
    struct usher *usher;

    start_origins();
    origin_kill(b);
    usher = start("check = off\n");
    meanwhile(usher_stat_is(usher, "app/b", "status", "no check"), 500);
    cr_expect_str_eq(usher_stat(usher, "app", "b", "check_status"), "");
    cr_expect_str_eq(usher_stat(usher, "app", "b", "chkfail"), "");
    cr_expect_eq(origin_facts(a)->accepted, 0);
    usher_stop(usher);
}

Test(health, is_known_before_the_first_client_is_served)
{
    struct usher *usher;

    start_origins();
    origin_kill(a);
    origin_kill(c);
    usher = start("");
    for (int i = 0; i < 30; i++) {
        const char *answer = client_ask_once(usher_web(usher));

        cr_assert_str_eq(answer, "b", "client %d got \"%s\"", i, answer);
    }
    cr_expect_eq(usher_count(usher, "app", "a", "stot"), 0, "a client reached dead a");
    cr_expect_eq(usher_count(usher, "app", "c", "stot"), 0, "a client reached dead c");
    cr_expect_eq(usher_count(usher, "app", "BACKEND", "wretr"), 0);
    usher_stop(usher);
}

Test(health, is_not_waited_for_longer_than_start_wait)
{
    struct usher *usher;
    uint64_t began = patience_now_ms();

    a = origin_start("a");
    usher = usher_start("[global]\nworkers = 2\nstart-wait = 300ms\n" USHER_WEB USHER_APP
                        "check-timeout = 60s\nconnect-timeout = 200ms\nserver = a %s\n"
                        "server = hole %s\n",
                        origin_address(a), origin_black_hole());
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    cr_expect_lt(patience_now_ms() - began, patience_ms(8000));
    usher_stop(usher);
}

Test(health, is_learned_from_clients_before_the_next_check)
{
    struct usher *usher;

    a = origin_start("a");
    b = origin_start("b");
    usher = usher_start(USHER_WEB USHER_APP "check-interval = 1h\n"
                                            "check-interval-changing = 1h\n"
                                            "server = a %s\nserver = b %s\n",
                        origin_address(a), origin_address(b));
    cr_expect_str_eq(usher_stat(usher, "app", "b", "status"), "UP");
    origin_kill(b);
    for (int i = 0; i < 12; i++)
        cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    eventually(usher_stat_is(usher, "app/b", "status", "DOWN"), 5000);
    usher_stop(usher);
}

Test(health, checks_go_on_while_draining_but_not_in_maintenance)
{
    struct usher *usher;
    unsigned long asked;

    start_origins();
    usher = start("");
    (void)usher_admin(usher, "set server app/a state drain");
    asked = origin_facts(a)->accepted;
    eventually(origin_facts(a)->accepted > asked + 2, 5000);
    (void)usher_admin(usher, "set server app/b state maint");
    meanwhile(true, 100);
    asked = origin_facts(b)->accepted;
    meanwhile(true, 500);
    cr_expect_leq(origin_facts(b)->accepted, asked + 1);
    cr_expect_str_eq(usher_stat(usher, "app", "b", "status"), "MAINT");
    (void)usher_admin(usher, "set server app/b state ready");
    eventually(usher_stat_is(usher, "app/b", "status", "UP"), 5000);
    usher_stop(usher);
}
