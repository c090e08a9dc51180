/* Where checks ask, whose verdict counts, what is remembered, and what reloads change. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/usher.h"

#include <stdio.h>
#include <string.h>

TestSuite(check, .timeout = 60);

static struct origin *a, *b;

static void start_origins(void)
{
    a = origin_start("a");
    b = origin_start("b");
}

static bool is(struct usher *usher, const char *server, const char *status)
{
    return usher_stat_is(usher, server, "status", status);
}

Test(check, asks_at_another_port_when_told)
{
    struct usher *usher;

    start_origins();
    usher = usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                        "server = a %s check-port=%u\n",
                        origin_address(a), origin_port(b));
    eventually(is(usher, "app/a", "UP"), 5000);
    eventually(origin_facts(b)->accepted > 0, 5000);
    cr_expect_eq(origin_facts(a)->accepted, 0);
    cr_expect(strstr(usher_admin(usher, "show servers state"),
                     kept_format(" - 0 %u - - 0\n", origin_port(b))));
    origin_kill(b);
    eventually(is(usher, "app/a", "DOWN"), 5000);
    usher_stop(usher);
}

Test(check, asks_at_another_address_when_told)
{
    struct usher *usher;

    start_origins();
    usher = usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                        "check-address = 127.0.0.1\ncheck-port = %u\n"
                        "server = hole %s\n",
                        origin_port(b), origin_black_hole());
    eventually(is(usher, "app/hole", "UP"), 5000);
    usher_stop(usher);
}

Test(check, of_a_tracked_server_counts_for_those_that_track_it)
{
    struct usher *usher;

    start_origins();
    usher = usher_start("[frontend web]\nbind = 127.0.0.1:0\nbackend = side\n"
                        "[backend side]\ncheck = off\nserver = x %s track=main/a\n"
                        "server = y %s track=side/x\n"
                        "[backend main]\n" USHER_QUICK_CHECKS "server = a %s\n",
                        origin_address(b), origin_address(b), origin_address(a));
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "b");
    cr_expect_str_eq(usher_stat(usher, "side", "x", "status"), "UP");
    cr_expect_str_eq(usher_stat(usher, "side", "x", "tracked"), "main/a");
    cr_expect_str_eq(usher_stat(usher, "side", "y", "last_chk"), "via side/x");
    cr_expect_str_eq(usher_stat(usher, "side", "x", "check_status"), "");
    origin_kill(a);
    eventually(is(usher, "side/y", "DOWN"), 5000);
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "");
    cr_expect(usher_logged(usher, "side/x went down: via main/a", "was=up", NULL));
    origin_revive(a);
    eventually(is(usher, "side/y", "UP"), 5000);
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "b");
    cr_expect(strstr(usher_admin(usher, "show history side/y"),
                     " down up track 0 via side/x\n"));
    usher_stop(usher);
}

Test(check, of_a_tracked_server_goes_on_during_its_maintenance)
{
    struct usher *usher;

    start_origins();
    usher = usher_start(USHER_WEB USHER_APP "check = off\nserver = x %s track=main/a\n"
                                            "[backend main]\n" USHER_QUICK_CHECKS
                                            "server = a %s\n",
                        origin_address(b), origin_address(a));
    (void)usher_admin(usher, "set server main/a state maint");
    origin_kill(a);
    eventually(is(usher, "app/x", "DOWN"), 5000);
    origin_revive(a);
    eventually(is(usher, "app/x", "UP"), 5000);
    cr_expect(is(usher, "main/a", "MAINT"));
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "b");
    (void)usher_admin(usher, "set server main/a state ready");
    cr_expect(is(usher, "main/a", "UP"));
    usher_stop(usher);
}

Test(check, of_a_server_is_remembered)
{
    struct usher *usher;
    const char *table, *up, *down, *again, *maint, *ready, *weight;

    start_origins();
    usher = usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                        "server = a %s\nserver = b %s\n",
                        origin_address(a), origin_address(b));
    origin_kill(b);
    eventually(is(usher, "app/b", "DOWN"), 5000);
    origin_revive(b);
    eventually(is(usher, "app/b", "UP"), 5000);
    (void)usher_admin(usher, "set server app/b state maint");
    (void)usher_admin(usher, "set server app/b state ready");
    (void)usher_admin(usher, "set weight app/b 7");
    table = usher_admin(usher, "show history app/b");
    cr_expect_eq(strncmp(table, "# when from to who took_ms why\n20", 33), 0, "%s",
                 table);
    up = strstr(table, " unknown up probe ");
    down = strstr(table, " up down probe ");
    again = strstr(table, " down up probe ");
    maint = strstr(table, " ready maint administrator 0 uid=");
    ready = strstr(table, " maint ready administrator 0 uid=");
    weight = strstr(table, " weight=1 weight=7 administrator 0 uid=");
    cr_assert(up && down && again && maint && ready && weight, "%s", table);
    cr_expect(up < down && down < again && again < maint && maint < ready &&
                  ready < weight,
              "%s", table);
    cr_expect(strstr(down, "Connection refused (3 of 3)\n"), "%s", table);
    cr_expect(strstr(usher_admin(usher, "show history app/a"), " unknown up probe "));
    usher_stop(usher);
}

Test(check, history_is_told_as_json_too)
{
    struct usher *usher;
    const char *json;

    start_origins();
    usher = usher_start(USHER_WEB USHER_APP "server = a %s\n", origin_address(a));
    json = usher_admin(usher, "show history app/a json");
    cr_expect_eq(strncmp(json, "[{\"when\":\"20", 12), 0, "%s", json);
    cr_expect(strstr(json, "\"from\":\"unknown\",\"to\":\"up\",\"why\":\"\",\"who\":"
                           "\"probe\",\"took_ms\":"),
              "%s", json);
    cr_expect_str_eq(strchr(json, ']'), "]\n\n");
    cr_expect_str_eq(usher_admin(usher, "show history app"),
                     "Require 'backend/server'.\n\n");
    cr_expect_str_eq(usher_admin(usher, "show history app/z"), "No such server.\n\n");
    cr_expect_str_eq(usher_admin(usher, "show history z/a"), "No such backend.\n\n");
    cr_expect(strstr(usher_admin(usher, "show history app/a xml"), "expects 'json'"));
    cr_expect(strstr(usher_admin(usher, "help history"), "show history"));
    usher_stop(usher);
}

/* All but one of the names are the same server. */
Test(check, of_a_black_hole_keeps_no_other_from_being_checked)
{
    char lines[2048] = "";
    struct usher *usher;
    size_t length = 0;

    start_origins();
    for (int i = 0; i < 30; i++)
        length += (size_t)snprintf(lines + length, sizeof lines - length,
                                   "server = a%d %s\n", i, origin_address(a));
    usher = usher_start(
        "[global]\nworkers = 1\nmax-probes = 2\nstart-wait = 10ms\n" USHER_WEB USHER_APP
            USHER_QUICK_CHECKS "check-timeout = 10m\nserver = hole %s\n%s",
        origin_black_hole(), lines);
    eventually(usher_stat_is(usher, "app/a29", "check_status", "L4OK"), 5000);
    origin_kill(a);
    eventually(is(usher, "app/a0", "DOWN") && is(usher, "app/a29", "DOWN"), 5000);
    cr_expect_str_eq(usher_stat(usher, "app", "hole", "check_status"), "* INI");
    usher_stop(usher);
}

/* Each time up on trial and down again at the first probe. */
Test(check, of_a_server_that_flaps_does_not_fill_the_log)
{
    struct usher *usher;
    uint64_t began = patience_now_ms(), seconds;
    unsigned lines;

    start_origins();
    origin_kill(b);
    usher = usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                        "server = a %s\nserver = b %s\n",
                        origin_address(a), origin_address(b));
    eventually(is(usher, "app/b", "DOWN"), 5000);
    for (int i = 0; i < 30; i++) {
        (void)usher_admin(usher, "set server app/b state maint");
        (void)usher_admin(usher, "set server app/b state ready");
        eventually(is(usher, "app/b", "DOWN"), 5000);
    }
    eventually(usher_logged(usher, "server app/b ", " down: ", "changes=", NULL), 5000);
    seconds = (patience_now_ms() - began) / 1000 + 2;
    lines = usher_log_count(usher, "app/b went down") +
            usher_log_count(usher, "app/b is still down");
    cr_expect_leq(lines, seconds, "%u lines in %d seconds", lines, (int)seconds);
    cr_expect(strstr(usher_admin(usher, "show history app/b"), "out of maintenance"));
    usher_stop(usher);
}

static const char *reload(struct usher *usher, int i)
{
    static const char *const variants[] = {
        "check-interval = 2ms\n",
        "check-interval = 1ms\ncheck-source = 127.0.0.1\n",
        "check-interval = 1ms\ncheck-source = 127.0.0.1\n",
        "check-interval = 3ms\ncheck-address = 127.0.0.1\nrise = 5\n",
        "check = off\n",
        "check-interval = 1ms\nmax-ejected = 10%\ncheck-timeout = 5ms\n",
    };
    const char *lines = variants[i % 6];

    return usher_reload(usher,
                        "[global]\nworkers = 2\nmax-probes = %d\n" USHER_WEB USHER_APP
                        "%sserver = a %s\nserver = b %s%s\n%s"
                        "[backend more]\n%sserver = a %s\n",
                        i % 3 + 1, lines, origin_address(a), origin_address(b),
                        i % 2 ? " track=more/a" : "",
                        i % 4 ? kept_format("server = c %s\n", origin_address(a)) : "",
                        i % 6 == 4 ? "" : lines, origin_address(a));
}

/* Probes are under way all the time; a sanitized usher finds what dangles. */
Test(check, goes_on_over_any_number_of_reloads)
{
    struct usher *usher;

    start_origins();
    usher = usher_start(USHER_WEB USHER_APP "server = a %s\n", origin_address(a));
    for (int i = 0; i < 60; i++) {
        const char *answer = reload(usher, i);

        cr_assert(strstr(answer, "applied"), "%s", answer);
        cr_assert_str_neq(client_ask_once(usher_web(usher)), "");
    }
    (void)reload(usher, 1);
    eventually(is(usher, "app/a", "UP") && is(usher, "app/b", "UP"), 5000);
    origin_kill(a);
    eventually(is(usher, "app/a", "DOWN") && is(usher, "app/b", "DOWN"), 5000);
    usher_stop(usher);
}

/* The session of the first generation keeps the backend; what the second one said of its
 * checks goes with that. */
Test(check, of_a_removed_backend_goes_on_as_long_as_it_has_sessions)
{
    struct usher *usher;
    struct client *client;

    start_origins();
    usher = usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                        "check-source = 127.0.0.1\nserver = a %s\n",
                        origin_address(a));
    client = client_connect(usher);
    cr_expect_str_eq(client_ask(client, "who"), "a");
    (void)usher_reload(usher,
                       USHER_WEB USHER_APP USHER_QUICK_CHECKS
                       "check-source = 127.0.0.1\ncheck-timeout = 1s\nserver = a %s\n",
                       origin_address(a));
    (void)usher_reload(usher,
                       "[frontend web]\nbind = 127.0.0.1:0\nbackend = other\n"
                       "[backend other]\nserver = b %s\n",
                       origin_address(b));
    eventually(!strcmp(client_ask_once(usher_web(usher)), "b"), 5000);
    meanwhile(client_is_open(client), 1500);
    origin_kill(a);
    eventually(usher_logged(usher, "app/a", "went down", NULL), 5000);
    client_close(client);
    usher_stop(usher);
}
