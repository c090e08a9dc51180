/* The end of usher: sessions finish, within bounds. */
#include "support/client.h"
#include "support/kept.h"
#include "support/load.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/usher.h"

#include <signal.h>

TestSuite(drain, .timeout = 60);

enum { GUESTS = 10 };

static struct usher *start(struct origin *origin, const char *drain_timeout)
{
    return usher_start("[global]\nworkers = 2\ndrain-timeout = %s\n" USHER_WEB USHER_APP
                       "server = a %s\n",
                       drain_timeout, origin_address(origin));
}

/* Served, and asked often enough not to be taken for idle. */
static struct client *guest(struct usher *usher)
{
    struct client *client = client_connect(usher);

    cr_assert_str_eq(client_ask(client, "who"), "a");
    return client;
}

Test(drain, lets_sessions_finish)
{
    struct usher *usher = start(origin_start("a"), "1m");
    struct client *client = guest(usher);

    usher_signal(usher, SIGTERM);
    eventually(client_is_refused(usher_web(usher), 1000), 5000);
    for (int i = 0; i < 20; i++)
        cr_assert_str_eq(client_ask(client, "who"), "a");
    cr_expect(usher_is_running(usher));
    client_close(client);
    cr_expect_eq(usher_wait(usher), 0);
    usher_stop(usher);
}

Test(drain, ends_at_once_when_there_is_nobody)
{
    struct usher *usher = start(origin_start("a"), "1m");

    (void)client_ask_once(usher_web(usher));
    eventually(usher_sessions(usher) == 0, 3000);
    usher_signal(usher, SIGTERM);
    cr_expect_eq(usher_wait(usher), 0);
    usher_stop(usher);
}

Test(drain, is_the_same_on_sigint)
{
    struct usher *usher = start(origin_start("a"), "1m");

    usher_signal(usher, SIGINT);
    cr_expect_eq(usher_wait(usher), 0);
    usher_stop(usher);
}

Test(drain, loses_nobody_who_was_accepted)
{
    struct usher *usher = start(origin_start("a"), "1m");
    struct client *clients[GUESTS];

    for (int i = 0; i < GUESTS; i++)
        clients[i] = client_connect(usher);
    eventually(usher_sessions(usher) == GUESTS, 5000);
    usher_signal(usher, SIGTERM);
    for (int i = 0; i < GUESTS; i++) {
        cr_expect_str_eq(client_ask(clients[i], "who"), "a");
        client_close(clients[i]);
    }
    cr_expect_eq(usher_wait(usher), 0);
    usher_stop(usher);
}

Test(drain, is_bounded_and_spreads_the_ends)
{
    struct usher *usher = start(origin_start("a"), "1s");
    struct client *clients[GUESTS];
    uint64_t began, first = 0, last = 0;
    int open = GUESTS;

    for (int i = 0; i < GUESTS; i++)
        clients[i] = guest(usher);
    usher_signal(usher, SIGTERM);
    began = patience_now_ms();
    while (open > 0 && patience_now_ms() - began < patience_ms(10000)) {
        for (int i = 0; i < GUESTS; i++) {
            if (!clients[i] || client_is_open(clients[i]))
                continue;
            client_close(clients[i]);
            clients[i] = NULL;
            last = patience_now_ms() - began;
            first = open-- == GUESTS ? last : first;
        }
        patience_pause();
    }
    cr_expect_eq(usher_wait(usher), 0);
    cr_expect_lt(last, patience_ms(3000), "the last ended after %d ms", (int)last);
    cr_expect_gt(last - first, 300, "all ended between %d and %d ms", (int)first,
                 (int)last);
    usher_stop(usher);
}

Test(drain, ends_idle_sessions_before_busy_ones)
{
    struct usher *usher =
        usher_start("[global]\nworkers = 1\ndrain-timeout = 2s\n" USHER_WEB USHER_APP
                    "server = a %s\n",
                    origin_address(origin_start("a")));
    struct client *busy = guest(usher), *idle[3];

    for (int i = 0; i < 3; i++)
        idle[i] = guest(usher);
    meanwhile(client_ask(busy, "who"), 300);
    usher_signal(usher, SIGTERM);
    for (int i = 0; i < 3; i++) {
        while (client_is_open(idle[i]) && client_is_open(busy)) {
            client_say(busy, "who\n");
            (void)client_hear(busy);
            patience_pause();
        }
        cr_expect(!client_is_open(idle[i]), "the busy one was ended before idle one %d",
                  i);
    }
    cr_expect_eq(usher_wait(usher), 0);
    usher_stop(usher);
}

Test(drain, is_cut_short_by_a_second_sigterm)
{
    struct usher *usher = start(origin_start("a"), "1h");
    struct client *client = guest(usher);
    uint64_t began;

    usher_signal(usher, SIGTERM);
    eventually(client_is_refused(usher_web(usher), 1000), 5000);
    began = patience_now_ms();
    usher_signal(usher, SIGTERM);
    cr_expect_eq(usher_wait(usher), 0);
    cr_expect_lt(patience_now_ms() - began, patience_ms(2000));
    cr_expect_neq(client_end(client, 1000), STREAM_OPEN);
    usher_stop(usher);
}

/* Who stood before the door when it closed was never let in: the kernel resets it. */
static void expect_nobody_was_cut(struct usher *usher, const char *failure)
{
    cr_expect(!strcmp(failure, "connect: Connection refused") ||
                  !strcmp(failure, "no answer: Connection reset by peer"),
              "%s", failure);
    cr_expect_eq(usher_log_count(usher, "session over"),
                 usher_log_count(usher, "ending=client-closed"));
}

Test(drain, under_load_fails_no_request_that_was_accepted)
{
    struct usher *usher = start(origin_start("a"), "30s");
    struct load *load = load_start(
        (struct load_plan){ .address = usher_web(usher), .clients = 4 });
    struct load_report report;

    eventually(load_answered(load) > 100, 10000);
    usher_signal(usher, SIGTERM);
    cr_expect_eq(usher_wait(usher), 0);
    report = load_stop(load);
    cr_expect_gt(report.answered, 100);
    expect_nobody_was_cut(usher, report.first_failure);
    usher_stop(usher);
}
