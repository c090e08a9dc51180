/* Counters move while sessions last, never go back by themselves, and begin anew when
 * they are told to. */
#include "support/client.h"
#include "support/kept.h"
#include "support/load.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/usher.h"

#include <stdlib.h>
#include <string.h>

TestSuite(counters, .timeout = 60);

static uint64_t count(struct usher *usher, const char *row, const char *column)
{
    return usher_count(usher, *row == 'F' ? "web" : "app", row, column);
}

static const char *const rows[] = { "FRONTEND", "BACKEND", "a" };

enum { ROWS = 3 };

static struct usher *start(const struct origin *origin)
{
    return usher_start(USHER_WEB USHER_APP "check = off\nserver = a %s\n",
                       origin_address(origin));
}

static void reload(struct usher *usher, const struct origin *origin)
{
    const char *answer = usher_reload(usher,
                                      USHER_WEB USHER_APP
                                      "check = off\nretries = 2\nserver = a %s\n",
                                      origin_address(origin));

    cr_assert_eq(strncmp(answer, "applied", 7), 0, "%s", answer);
}

Test(counters, of_bytes_move_during_a_session_and_stay_over_a_reload)
{
    struct origin *origin = origin_start("a");
    struct usher *usher = start(origin);
    struct client *client = client_connect(usher);

    for (uint64_t asked = 1; asked <= 4; asked++) {
        cr_assert_str_eq(client_ask(client, "who"), "a");
        for (int i = 0; i < ROWS; i++) {
            eventually(count(usher, rows[i], "bin") == asked * strlen("who\n"), 3000);
            eventually(count(usher, rows[i], "bout") == asked * strlen("a\n"), 3000);
        }
        reload(usher, origin);
    }
    cr_expect_eq(count(usher, "FRONTEND", "stot"), 1);
    usher_stop(usher);
}

/* Two at once, so that there was a peak. */
static void make_traffic(struct usher *usher)
{
    struct client *one = client_connect(usher), *other = client_connect(usher);

    cr_assert_str_eq(client_ask(one, "who"), "a");
    cr_assert_str_eq(client_ask(other, "who"), "a");
    client_close(one);
    client_close(other);
    eventually(usher_sessions(usher) == 0, 3000);
    eventually(usher_count(usher, "web", "FRONTEND", "rate_max") > 0, 5000);
}

Test(counters, of_the_highest_values_begin_anew_alone)
{
    struct usher *usher = start(origin_start("a"));

    make_traffic(usher);
    cr_expect_geq(count(usher, "FRONTEND", "smax"), 1);
    cr_expect_str_eq(usher_admin(usher, "operator;clear counters"), "\n\n");
    for (int i = 0; i < ROWS; i++) {
        cr_expect_eq(count(usher, rows[i], "smax"), 0, "%s", rows[i]);
        cr_expect_eq(count(usher, rows[i], "stot"), 2, "%s", rows[i]);
        cr_expect_eq(count(usher, rows[i], "bin"), 8, "%s", rows[i]);
    }
    cr_expect_eq(count(usher, "BACKEND", "ttime_max"), 0);
    cr_expect(usher_logged(usher, "the highest values begin anew", "by=\"uid=", NULL));
    usher_stop(usher);
}

Test(counters, begin_anew_all_together)
{
    static const char *const columns[] = { "smax", "stot", "bin", "bout", "rate_max" };
    struct usher *usher = start(origin_start("a"));

    make_traffic(usher);
    cr_expect_str_eq(usher_admin(usher, "operator;clear counters all"),
                     "\nPermission denied\n\n");
    eventually(count(usher, "FRONTEND", "rate") == 0, 5000);
    cr_expect_str_eq(usher_admin(usher, "clear counters all"), "\n");
    for (int i = 0; i < ROWS; i++)
        for (size_t k = 0; k < sizeof columns / sizeof *columns; k++)
            cr_expect_eq(count(usher, rows[i], columns[k]), 0, "%s %s", rows[i],
                         columns[k]);
    cr_expect_str_eq(usher_info(usher, "CumConns"), "0");
    cr_expect_str_eq(usher_info(usher, "MaxSessRate"), "0");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "lastsess"), "-1");
    meanwhile(count(usher, "FRONTEND", "rate") == 0, 1500);
    make_traffic(usher);
    cr_expect_eq(count(usher, "a", "stot"), 2);
    usher_stop(usher);
}

Test(counters, of_a_session_that_goes_on_count_from_there)
{
    struct usher *usher = start(origin_start("a"));
    struct client *client = client_connect(usher);

    cr_assert_str_eq(client_ask(client, "who"), "a");
    eventually(count(usher, "a", "bin") == 4, 3000);
    (void)usher_admin(usher, "clear counters all");
    cr_assert_str_eq(client_ask(client, "who"), "a");
    eventually(count(usher, "a", "bin") == 4, 3000);
    cr_expect_eq(count(usher, "a", "scur"), 1);
    cr_expect_eq(count(usher, "a", "smax"), 1, "never less than there are");
    client_close(client);
    eventually(count(usher, "a", "scur") == 0, 3000);
    usher_stop(usher);
}

Test(counters, are_cleared_while_sessions_come_and_go_and_the_file_is_read)
{
    struct origin *origin = origin_start("a");
    struct usher *usher = start(origin);
    struct load *load = load_start(
        (struct load_plan){ .address = usher_web(usher), .clients = 4 });
    struct load_report report;

    for (int i = 0; i < 10; i++) {
        cr_expect_str_eq(usher_admin(usher, "clear counters all"), "\n");
        reload(usher, origin);
    }
    report = load_stop(load);
    cr_expect_eq(report.failed, 0);
    usher_stop(usher);
}

static const char *metrics(struct usher *usher)
{
    const char *line = usher_logged(usher, "admin http opened", NULL);
    const char *address = line ? strstr(line, "address=") : NULL;
    struct client *client;

    cr_assert(address, "no http in the log");
    address += strlen("address=");
    client = client_dial(kept_format("%.*s", (int)strcspn(address, " \n"), address));
    client_say(client, "GET /metrics HTTP/1.0\r\n\r\n");
    return client_hear_all(client);
}

Test(counters, of_the_metrics_begin_anew_too)
{
    static const char total[] = "\nhaproxy_frontend_sessions_total{proxy=\"web\"} ";
    static const char times[] =
        "\nusher_backend_session_time_seconds_count{proxy=\"app\"} ";
    struct usher *usher = usher_start("[admin]\nhttp = 127.0.0.1:0\n" USHER_WEB USHER_APP
                                      "check = off\nserver = a %s\n",
                                      origin_address(origin_start("a")));

    make_traffic(usher);
    cr_expect(strstr(metrics(usher), kept_format("%s2\n", total)), "%s", metrics(usher));
    cr_expect(strstr(metrics(usher), kept_format("%s2\n", times)), "%s", metrics(usher));
    (void)usher_admin(usher, "clear counters all");
    cr_expect(strstr(metrics(usher), kept_format("%s0\n", total)));
    cr_expect(strstr(metrics(usher), kept_format("%s0\n", times)));
    usher_stop(usher);
}
