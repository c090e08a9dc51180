/* Limits refuse or queue before anything is exhausted, and exhaustion is survived. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/proc.h"
#include "support/usher.h"
#include "support/wire.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

TestSuite(limits, .timeout = 60);

enum { WAITERS = 5, ESTABLISHED = 20 };

/* A client that is being served. */
static struct client *admitted(const char *address)
{
    struct client *client = client_dial(address);

    cr_assert_str_eq(client_ask(client, "who"), "a");
    return client;
}

static void expect_places(const char *address, int places)
{
    struct client *clients[8];

    for (int i = 0; i < places; i++)
        clients[i] = admitted(address);
    for (int i = 0; i < 5; i++)
        cr_assert(client_is_refused(address, 5000), "one more than %d was served",
                  places);
    for (int i = 0; i < places; i++)
        cr_expect_str_eq(client_ask(clients[i], "who"), "a");
    client_close(clients[0]);
    eventually(client_ask_once(address)[0], 5000);
}

Test(limits, of_all_sessions_hold_over_two_workers)
{
    struct origin *a = origin_start("a");
    struct usher *usher = usher_start(
        "[global]\nworkers = 2\nmaxconn = 4\n" USHER_WEB USHER_APP "server = a %s\n",
        origin_address(a));

    cr_expect_str_eq(usher_info(usher, "Maxconn"), "4");
    expect_places(usher_web(usher), 4);
    usher_stop(usher);
}

Test(limits, of_one_frontend_do_not_bind_another)
{
    struct origin *a = origin_start("a");
    struct usher *usher = usher_start(USHER_WEB
                                      "maxconn = 3\n[frontend wide]\nbind = 127.0.0.1:0\n"
                                      "backend = app\n" USHER_APP "server = a %s\n",
                                      origin_address(a));
    struct client *wide[6];

    for (int i = 0; i < 6; i++)
        wide[i] = admitted(usher_address(usher, "wide", 0));
    expect_places(usher_web(usher), 3);
    for (int i = 0; i < 6; i++)
        cr_expect_str_eq(client_ask(wide[i], "who"), "a");
    cr_expect_eq(usher_count(usher, "web", "FRONTEND", "slim"), 3);
    usher_stop(usher);
}

static struct usher *start_queue(struct origin *a, const char *lines)
{
    return usher_start(USHER_WEB USHER_APP "%sserver = a %s maxconn=1\n", lines,
                       origin_address(a));
}

/* Clients that wait in this order, with their question already asked. */
static void line_up(struct usher *usher, struct client **clients, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        clients[i] = client_connect(usher);
        client_say(clients[i], "who\n");
        eventually(usher_count(usher, "app", "BACKEND", "qcur") == i + 1, 5000);
    }
}

static unsigned long asked(struct origin *origin)
{
    return origin_facts(origin)->asked;
}

Test(limits, of_a_server_make_clients_wait_in_order)
{
    struct origin *a = origin_start("a");
    struct usher *usher = start_queue(a, "queue-timeout = 1m\n");
    struct client *first = admitted(usher_web(usher)), *waiters[WAITERS];

    line_up(usher, waiters, WAITERS);
    cr_expect_eq(usher_count(usher, "app", "a", "scur"), 1);
    cr_expect_eq(asked(a), 1);
    client_close(first);
    for (unsigned i = 0; i < WAITERS; i++) {
        cr_assert_str_eq(client_hear(waiters[i]), "a", "waiter %u", i);
        cr_assert_eq(asked(a), i + 2, "somebody overtook waiter %u", i);
        cr_assert_eq(usher_count(usher, "app", "BACKEND", "qcur"), WAITERS - 1 - i);
        client_close(waiters[i]);
    }
    cr_expect_eq(usher_count(usher, "app", "BACKEND", "qmax"), WAITERS);
    cr_expect_eq(usher_count(usher, "app", "a", "smax"), 1);
    usher_stop(usher);
}

/* Two workers may let clients join in another order than they came in. */
static int serve_who_is_ready(struct client **clients, int count)
{
    int served = 0;

    for (int i = 0; i < count; i++) {
        if (!clients[i] || !wire_wait(client_fd(clients[i]), POLLIN, patience_now_ms()))
            continue;
        cr_assert_str_eq(client_hear(clients[i]), "a");
        client_close(clients[i]);
        clients[i] = NULL;
        served++;
    }
    return served;
}

Test(limits, of_a_server_are_never_exceeded)
{
    struct origin *a = origin_start("a");
    struct usher *usher = usher_start(USHER_WEB USHER_APP
                                      "check = off\nqueue-timeout = 1m\n"
                                      "server = a %s maxconn=3\n",
                                      origin_address(a));
    struct client *clients[60];
    int left = 60;

    for (int i = 0; i < 60; i++) {
        clients[i] = client_connect(usher);
        client_say(clients[i], "who\n");
    }
    eventually((left -= serve_who_is_ready(clients, 60)) == 0, 20000);
    cr_expect_eq(usher_count(usher, "app", "a", "smax"), 3);
    usher_stop(usher);
}

Test(limits, of_the_wait_end_it)
{
    struct origin *a = origin_start("a");
    struct usher *usher = start_queue(a, "queue-timeout = 300ms\n");
    struct client *first = admitted(usher_web(usher)), *second = client_connect(usher);
    uint64_t began = patience_now_ms();

    client_say(second, "who\n");
    cr_expect_eq(client_end(second, patience_ms(5000)), STREAM_RESET);
    cr_expect_geq(patience_now_ms() - began, 250);
    eventually(usher_count(usher, "app", "BACKEND", "econ") == 1, 3000);
    cr_expect_eq(usher_count(usher, "app", "BACKEND", "qcur"), 0);
    cr_expect_str_eq(client_ask(first, "who"), "a");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "status"), "UP");
    usher_stop(usher);
}

Test(limits, of_the_queue_refuse_at_once)
{
    struct origin *a = origin_start("a");
    struct usher *usher = start_queue(a, "queue-timeout = 1m\nqueue-limit = 2\n");
    struct client *first = admitted(usher_web(usher)), *waiters[2];

    line_up(usher, waiters, 2);
    cr_expect(client_is_refused(usher_web(usher), 5000), "a third one waits");
    client_close(first);
    cr_expect_str_eq(client_hear(waiters[0]), "a");
    usher_stop(usher);
}

/* One leaves, who may have said something; then the other is served. */
static void leave_queue(const char *said)
{
    struct origin *a = origin_start("a");
    struct usher *usher = start_queue(a, "queue-timeout = 1m\n");
    struct client *first = admitted(usher_web(usher)), *leaving = client_connect(usher);
    struct client *staying;

    client_say(leaving, said);
    eventually(usher_count(usher, "app", "BACKEND", "qcur") == 1, 5000);
    staying = client_connect(usher);
    client_say(staying, "who\n");
    eventually(usher_count(usher, "app", "BACKEND", "qcur") == 2, 5000);
    client_reset(leaving);
    eventually(usher_count(usher, "app", "BACKEND", "qcur") == 1, 5000);
    client_close(first);
    cr_expect_str_eq(client_hear(staying), "a");
    cr_expect_eq(asked(a), 2);
    usher_stop(usher);
}

Test(limits, forget_a_silent_client_that_leaves_the_queue)
{
    leave_queue("");
}

Test(limits, forget_a_client_that_spoke_and_leaves_the_queue)
{
    leave_queue("who\n");
}

Test(limits, keep_usher_idle_while_clients_wait)
{
    struct origin *a = origin_start("a");
    struct usher *usher = start_queue(a, "queue-timeout = 1m\n");
    struct client *first = admitted(usher_web(usher)), *waiters[WAITERS];
    uint64_t spent;

    line_up(usher, waiters, WAITERS);
    for (int i = 0; i < WAITERS; i++)
        client_half_close(waiters[i]);
    spent = proc_cpu_ms(usher_pid(usher));
    meanwhile(true, 1000);
    spent = proc_cpu_ms(usher_pid(usher)) - spent;
    cr_expect_lt(spent, patience_ms(200), "%d ms of a second", (int)spent);
    client_close(first);
    for (int i = 0; i < WAITERS; i++)
        cr_expect_str_eq(client_hear(waiters[i]), "a");
    usher_stop(usher);
}

Test(limits, of_one_server_send_clients_to_another)
{
    struct origin *a = origin_start("a"), *b = origin_start("b");
    struct usher *usher = usher_start(USHER_WEB USHER_APP "server = a %s maxconn=1\n"
                                                          "server = b %s maxconn=2\n",
                                      origin_address(a), origin_address(b));
    int counts[2] = { 0 };

    for (int i = 0; i < 3; i++)
        counts[client_ask(client_connect(usher), "who")[0] - 'a']++;
    cr_expect_eq(counts[0], 1);
    cr_expect_eq(counts[1], 2);
    usher_stop(usher);
}

Test(limits, come_from_the_descriptors_there_are)
{
    struct origin *a = origin_start("a");
    struct usher *usher = usher_start_with((struct usher_options){ .descriptors = 300 },
                                           USHER_WEB USHER_APP "server = a %s\n",
                                           origin_address(a));
    const char *most = usher_info(usher, "Maxconn");
    struct client *clients[200];
    int open = 0, served = 0;

    cr_expect(atoi(most) > 50 && atoi(most) < 150, "maxconn is %s of 300 descriptors",
              most);
    for (; open < 200 && (clients[open] = client_try(usher_web(usher))); open++)
        (void)client_try_say(clients[open], "who\n");
    for (int i = 0; i < open; i++)
        served += client_hear(clients[i]) != NULL;
    cr_expect_eq(served, atoi(most), "%d were served", served);
    cr_expect(usher_try_admin(usher, "show info"), "the admin socket needs a place too");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "status"), "UP");
    usher_stop(usher);
}

/* So few descriptors that usher cannot serve one more. */
static void exhaust(struct usher *usher)
{
    usher_limit_descriptors(usher, (uint64_t)proc_descriptors(usher_pid(usher)));
}

Test(limits, of_descriptors_are_survived)
{
    struct origin *a = origin_start("a");
    struct usher *usher = usher_start(USHER_WEB USHER_APP "server = a %s\n",
                                      origin_address(a));
    const char *web = usher_web(usher);
    struct client *clients[ESTABLISHED];
    uint64_t spent;

    for (int i = 0; i < ESTABLISHED; i++)
        clients[i] = admitted(web);
    exhaust(usher);
    for (int i = 0; i < 30; i++)
        (void)client_try(web);
    spent = proc_cpu_ms(usher_pid(usher));
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < ESTABLISHED; i++)
            cr_assert_str_eq(client_ask(clients[i], "who"), "a");
        meanwhile(true, 100);
    }
    cr_expect_lt(proc_cpu_ms(usher_pid(usher)) - spent, patience_ms(500),
                 "it spins: %d ms", (int)(proc_cpu_ms(usher_pid(usher)) - spent));
    cr_expect_leq(usher_log_count(usher, "descriptor"), 30);
    usher_limit_descriptors(usher, 2000);
    eventually(client_ask_once(web)[0], 5000);
    for (int i = 0; i < ESTABLISHED; i++)
        cr_assert_str_eq(client_ask(clients[i], "who"), "a");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "status"), "UP");
    usher_stop(usher);
}

Test(limits, of_descriptors_shed_politely)
{
    struct origin *a = origin_start("a");
    struct usher *usher = usher_start(USHER_WEB USHER_APP "server = a %s\n",
                                      origin_address(a));
    const char *web = usher_web(usher);

    (void)admitted(web);
    exhaust(usher);
    for (int i = 0; i < 4; i++) {
        struct client *client = client_dial(web);

        cr_expect_neq(client_end(client, patience_ms(5000)), STREAM_OPEN,
                      "client %d was left in the dark", i);
        client_close(client);
    }
    usher_limit_descriptors(usher, 2000);
    eventually(client_ask_once(web)[0], 5000);
    usher_stop(usher);
}
