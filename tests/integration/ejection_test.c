/* Servers that clients' sessions speak against are out for a while, though their checks
 * pass. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/usher.h"

#include <string.h>

TestSuite(ejection, .timeout = 60);

#define SHY "check-interval = 100ms\ncheck-interval-changing = 10s\nretries = 3\n"

enum { AT_ONE_STROKE = 12 };

static struct origin *a, *b, *c;

static void start_origins(origin_script *of_b)
{
    a = origin_start("a");
    b = origin_serve((struct origin_plan){ .name = "b", .script = of_b });
    c = origin_start("c");
}

/* It takes more than a hundred failed probes to take a server down. */
static const char *config(const char *lines)
{
    return kept_format(USHER_WEB USHER_APP SHY "fall = 100\n%s"
                                               "server = a %s\nserver = b %s\n"
                                               "server = c %s\n",
                       lines, origin_address(a), origin_address(b), origin_address(c));
}

static struct usher *start(const char *lines)
{
    return usher_start("%s", config(lines));
}

static void ask(struct usher *usher, unsigned times)
{
    while (times--)
        (void)client_ask_once(usher_web(usher));
}

/* Until so many connects to b have failed. */
static void fail(struct usher *usher, unsigned times)
{
    while (usher_count(usher, "app", "b", "wretr") < times)
        ask(usher, 1);
}

static bool is_ejected(struct usher *usher, const char *server)
{
    return usher_stat_is(usher, server, "status", "DOWN (ejected)");
}

static uint64_t ejections(struct usher *usher, const char *server)
{
    return usher_count(usher, "app", server, "ejections");
}

Test(ejection, of_a_server_whose_check_passes_but_that_refuses)
{
    struct usher *usher;

    start_origins(NULL);
    usher = start("error-limit = 4\nejection-time = 500ms\n");
    origin_kill(b);
    fail(usher, 3);
    cr_expect_eq(ejections(usher, "b"), 0, "ejected after three errors");
    fail(usher, 4);
    eventually(is_ejected(usher, "app/b"), 5000);
    cr_expect(usher_logged(usher, "app/b is ejected for 500ms",
                           "4 sessions in a row failed", "Connection refused", NULL));
    cr_expect_eq(ejections(usher, "b"), 1);
    cr_expect_eq(usher_count(usher, "app", "BACKEND", "act"), 2);
    cr_expect_lt(usher_count(usher, "app", "b", "check_health"), 101);
    cr_expect_gt(usher_count(usher, "app", "b", "check_health"), 80);
    eventually(usher_logged(usher, "app/b is no longer ejected", "time is over", NULL),
               5000);
    eventually(!is_ejected(usher, "app/b"), 5000);
    cr_expect(strstr(usher_admin(usher, "show history app/b"), "ejected"));
    usher_stop(usher);
}

Test(ejection, lasts_longer_each_time_in_a_row)
{
    struct usher *usher;

    start_origins(NULL);
    usher = start("error-limit = 1\nejection-time = 300ms\n");
    origin_kill(b);
    for (unsigned times = 1; times <= 3; times++) {
        while (ejections(usher, "b") < times)
            ask(usher, 1);
        cr_expect(usher_logged(usher,
                               kept_format("app/b is ejected for %ums", times * 300),
                               NULL),
                  "%s", usher_log(usher));
    }
    origin_revive(b);
    eventually(usher_log_count(usher, "app/b is no longer ejected") == 3, 5000);
    eventually(!strcmp(client_ask_once(usher_web(usher)), "b"), 5000);
    usher_stop(usher);
}

Test(ejection, does_not_take_sessions_that_end_at_one_stroke_for_a_row)
{
    struct client *clients[3 * AT_ONE_STROKE];
    struct usher *usher;

    start_origins(NULL);
    usher = start("error-limit = 4\n");
    origin_freeze(b);
    for (int i = 0; i < 3 * AT_ONE_STROKE; i++)
        client_say(clients[i] = client_connect(usher), "who\n");
    eventually(usher_count(usher, "app", "b", "bin") == AT_ONE_STROKE * strlen("who\n"),
               5000);
    origin_kill(b);
    eventually(usher_count(usher, "app", "b", "scur") == 0, 5000);
    cr_expect_eq(usher_log_count(usher, "ending=server-reset"), AT_ONE_STROKE);
    cr_expect_eq(ejections(usher, "b"), 0);
    for (int i = 0; i < 3 * AT_ONE_STROKE; i++)
        client_close(clients[i]);
    usher_stop(usher);
}

Test(ejection, takes_errors_in_a_row)
{
    struct usher *usher;

    start_origins(NULL);
    usher = start("error-limit = 4\n");
    for (unsigned i = 0; i < 3; i++) {
        origin_kill(b);
        fail(usher, 3 * (i + 1));
        origin_revive(b);
        eventually(!strcmp(client_ask_once(usher_web(usher)), "b"), 5000);
    }
    cr_expect_eq(ejections(usher, "b"), 0);
    usher_stop(usher);
}

static void cut(struct visit *visit)
{
    visit_reset(visit);
}

Test(ejection, of_a_server_that_resets_at_once)
{
    struct usher *usher;

    start_origins(cut);
    usher = usher_start(USHER_WEB USHER_APP "check = off\nerror-limit = 3\n"
                                            "server = a %s\nserver = b %s\n",
                        origin_address(a), origin_address(b));
    for (unsigned i = 0; i < 60 && !ejections(usher, "b"); i++)
        ask(usher, 1);
    cr_expect(is_ejected(usher, "app/b"));
    cr_expect(usher_logged(usher, "app/b is ejected", "Connection reset by peer", NULL));
    usher_stop(usher);
}

Test(ejection, spares_as_many_as_told_and_the_last_one)
{
    struct usher *usher;

    start_origins(NULL);
    usher = start("error-limit = 1\nejection-time = 1m\nmax-ejected = 1\n");
    origin_kill(b);
    while (!ejections(usher, "b"))
        ask(usher, 1);
    origin_kill(c);
    ask(usher, 9);
    cr_expect_eq(ejections(usher, "c"), 0);
    (void)usher_reload(usher, "%s",
                       config("error-limit = 1\nejection-time = 1m\n"
                              "max-ejected = 100%\n"));
    while (!ejections(usher, "c"))
        ask(usher, 1);
    origin_kill(a);
    ask(usher, 3);
    cr_expect_eq(ejections(usher, "a"), 0, "the last one was ejected");
    cr_expect(is_ejected(usher, "app/b"), "a reload forgot it");
    usher_stop(usher);
}

/* Failing open would serve one that is down. */
Test(ejection, is_not_what_makes_a_backend_fail_open)
{
    struct usher *usher;
    uint64_t failed;

    start_origins(cut);
    usher =
        usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                    "fall = 40\nmin-healthy = 2\nbelow = fail-open\n"
                    "error-limit = 2\nejection-time = 1m\nserver = a %s\nserver = b %s\n"
                    "server = c %s\n",
                    origin_address(a), origin_address(b), origin_address(c));
    origin_kill(c);
    eventually(usher_stat_is(usher, "app/c", "status", "DOWN"), 5000);
    failed = usher_count(usher, "app", "c", "lbtot");
    ask(usher, 20);
    cr_expect_eq(ejections(usher, "b"), 0);
    cr_expect_eq(usher_log_count(usher, "fails open"), 0);
    cr_expect_eq(usher_count(usher, "app", "c", "lbtot"), failed);

    origin_revive(c);
    eventually(usher_stat_is(usher, "app/c", "status", "UP"), 5000);
    while (!ejections(usher, "b"))
        ask(usher, 1);
    origin_kill(c);
    eventually(usher_logged(usher, "app/b is no longer ejected: too few", NULL), 5000);
    cr_expect_eq(usher_log_count(usher, "fails open"), 0);
    usher_stop(usher);
}

/* An ejected server is better than none: a check knows more than a guess. */
Test(ejection, ends_when_it_is_needed)
{
    struct usher *usher;

    start_origins(NULL);
    usher = usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                        "fall = 3\nerror-limit = 1\nejection-time = 1m\n"
                        "server = a %s\nserver = b %s\n",
                        origin_address(a), origin_address(b));
    origin_kill(b);
    while (!ejections(usher, "b"))
        ask(usher, 1);
    origin_revive(b);
    origin_kill(a);
    eventually(usher_logged(usher, "app/b is no longer ejected: too few", NULL), 5000);
    eventually(!strcmp(client_ask_once(usher_web(usher)), "b"), 5000);
    usher_stop(usher);
}

Test(ejection, is_not_for_those_who_do_not_observe)
{
    struct usher *usher;

    start_origins(NULL);
    usher = usher_start(USHER_WEB USHER_APP
                        "check-interval = 1m\nobserve = off\nerror-limit = 1\n"
                        "server = a %s\nserver = b %s\n",
                        origin_address(a), origin_address(b));
    origin_kill(b);
    ask(usher, 20);
    cr_expect_eq(ejections(usher, "b"), 0);
    cr_expect_str_eq(usher_stat(usher, "app", "b", "status"), "UP");
    cr_expect_geq(usher_count(usher, "app", "b", "wretr"), 10);
    usher_stop(usher);
}

/* Its kernel takes connections and bytes, so that its check passes. */
static const char *observing(const char *lines)
{
    return kept_format(USHER_WEB USHER_APP "observe = first-byte\n"
                                           "first-byte-timeout = 300ms\n"
                                           "check-interval = 1m\n%s"
                                           "server = a %s\nserver = b %s\n",
                       lines, origin_address(a), origin_address(b));
}

static void ask_without_waiting(struct usher *usher)
{
    client_say(client_connect(usher), "who\n");
}

Test(ejection, of_a_server_that_answers_nothing_while_others_do)
{
    struct usher *usher;
    uint64_t sessions; /* and one probe, the first; the next one would be in a minute */

    start_origins(NULL);
    usher = usher_start("%s", observing("error-limit = 4\nejection-time = 1m\n"));
    origin_freeze(b);
    for (unsigned i = 0; i < 200 && !ejections(usher, "b"); i++) {
        ask_without_waiting(usher);
        patience_pause();
    }
    eventually(is_ejected(usher, "app/b"), 5000);
    cr_expect(usher_logged(usher, "app/b is suspected", "no answer for 300ms", NULL));
    cr_expect(usher_logged(usher, "app/b is ejected", "4 sessions in a row had no answer",
                           NULL));
    sessions = usher_count(usher, "app", "b", "stot");
    origin_thaw(b);
    eventually(atomic_load(&origin_facts(b)->accepted) > sessions + 1, 5000);
    usher_stop(usher);
}

Test(ejection, is_not_for_slowness_that_all_share_or_clients_that_say_nothing)
{
    enum { CLIENTS = 12 };
    struct client *silent[CLIENTS];
    struct usher *usher;

    start_origins(NULL);
    usher = usher_start("%s", observing("error-limit = 1\n"));
    for (unsigned i = 0; i < CLIENTS; i++)
        silent[i] = client_connect(usher);
    origin_freeze(a);
    origin_freeze(b);
    for (unsigned i = 0; i < CLIENTS; i++)
        ask_without_waiting(usher);
    meanwhile(usher_log_count(usher, "suspected") == 0, 800);
    origin_thaw(a);
    origin_thaw(b);
    for (unsigned i = 0; i < CLIENTS; i++)
        cr_expect(client_ask(silent[i], "who"));
    cr_expect_eq(ejections(usher, "a") + ejections(usher, "b"), 0);
    usher_stop(usher);
}
