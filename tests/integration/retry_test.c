/* As long as one server lives, no client sees a dead one. */
#include "support/client.h"
#include "support/kept.h"
#include "support/load.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/proc.h"
#include "support/usher.h"

#include <string.h>

TestSuite(retry, .timeout = 60);

static struct origin *absent(const char *name)
{
    return origin_serve((struct origin_plan){ .name = name, .is_absent = true });
}

static struct usher *start(const char *lines, const char *a, const char *b, const char *c)
{
    return usher_start(USHER_WEB USHER_APP
                       "check = off\n%sserver = a %s\nserver = b %s\nserver = c %s\n",
                       lines, a, b, c);
}

static struct load_report ask_many(struct usher *usher, unsigned clients,
                                   uint64_t requests)
{
    struct load_report report = load_run((struct load_plan){
        .address = usher_web(usher), .clients = clients, .requests = requests });

    cr_assert_eq(report.failed, 0, "%s", report.first_failure);
    return report;
}

Test(retry, hides_servers_that_refuse)
{
    struct origin *a = origin_start("a"), *b = absent("b"), *c = absent("c");
    struct usher *usher = start("", origin_address(a), origin_address(b),
                                origin_address(c));
    struct load_report report = ask_many(usher, 8, 25);

    cr_expect_eq(load_count(&report, "a"), 200);
    cr_expect_gt(usher_count(usher, "app", "BACKEND", "wretr") +
                     usher_count(usher, "app", "BACKEND", "wredis"),
                 0);
    cr_expect_eq(usher_count(usher, "app", "BACKEND", "econ"), 0);
    cr_expect_eq(usher_count(usher, "app", "BACKEND", "stot"), 200);
    usher_stop(usher);
}

Test(retry, hides_servers_that_do_not_answer)
{
    struct origin *a = origin_start("a");
    const char *hole = origin_black_hole();
    struct usher *usher = start("connect-timeout = 150ms\n", origin_address(a), hole,
                                hole);
    struct load_report report = ask_many(usher, 6, 5);

    cr_expect_eq(load_count(&report, "a"), 30);
    cr_expect_geq(report.slowest_ms, 140, "nobody waited for the connect timeout");
    usher_stop(usher);
}

Test(retry, keeps_what_the_client_has_said_already)
{
    struct origin *a = origin_serve(
        (struct origin_plan){ .name = "a", .script = origin_sink });
    const char *hole = origin_black_hole();
    struct usher *usher = start("connect-timeout = 150ms\n", origin_address(a), hole,
                                hole);

    for (int i = 0; i < 3; i++) {
        struct client *client = client_connect(usher);
        struct stream stream = { .to_send = 3000000, .finish = true };

        client_exchange(client, &stream);
        cr_expect_str_eq(client_hear_all(client), "got 3000000\n");
        client_close(client);
    }
    usher_stop(usher);
}

Test(retry, of_a_client_that_finished_at_once_goes_on)
{
    struct origin *a = origin_serve(
        (struct origin_plan){ .name = "a", .script = origin_late, .bytes = 1000 });
    const char *hole = origin_black_hole();
    struct usher *usher = start("connect-timeout = 150ms\n", origin_address(a), hole,
                                hole);

    for (int i = 0; i < 3; i++) {
        struct client *client = client_connect(usher);
        struct stream stream = { .to_send = 5, .finish = true, .to_receive = UINT64_MAX };

        client_exchange(client, &stream);
        cr_expect_eq(stream.received, 1000);
        client_close(client);
    }
    usher_stop(usher);
}

Test(retry, ends_soon_when_nobody_is_home)
{
    struct usher *usher = start("", origin_address(absent("a")),
                                origin_address(absent("b")), origin_address(absent("c")));
    uint64_t began = patience_now_ms();

    for (int i = 0; i < 10; i++)
        cr_assert(client_is_refused(usher_web(usher), 5000), "client %d was not reset",
                  i);
    cr_expect_lt(patience_now_ms() - began, patience_ms(8000));
    eventually(usher_count(usher, "app", "BACKEND", "econ") == 10, 3000);
    usher_stop(usher);
}

Test(retry, is_not_begun_when_all_are_known_to_be_dead)
{
    struct usher *usher = usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                                      "server = a %s\nserver = b %s\n",
                                      origin_address(absent("a")),
                                      origin_address(absent("b")));
    uint64_t began;

    eventually(usher_stat_is(usher, "app/BACKEND", "status", "DOWN"), 5000);
    began = patience_now_ms();
    for (int i = 0; i < 10; i++)
        cr_assert(client_is_refused(usher_web(usher), 5000), "client %d was not reset",
                  i);
    cr_expect_lt(patience_now_ms() - began, patience_ms(1000));
    cr_expect_eq(usher_count(usher, "app", "a", "stot"), 0);
    eventually(usher_count(usher, "app", "BACKEND", "econ") == 10, 3000);
    usher_stop(usher);
}

Test(retry, stays_inside_the_connect_budget)
{
    const char *hole = origin_black_hole();
    struct usher *usher = start("connect-timeout = 400ms\nconnect-budget = 600ms\n", hole,
                                hole, hole);
    uint64_t began = patience_now_ms(), took;

    cr_expect(client_is_refused(usher_web(usher), 10000));
    took = patience_now_ms() - began;
    cr_expect(took >= 550 && took < patience_ms(1150), "it took %d ms", (int)took);
    usher_stop(usher);
}

Test(retry, is_not_begun_when_there_are_no_retries)
{
    struct origin *a = origin_start("a"), *b = absent("b"), *c = absent("c");
    struct usher *usher = start("retries = 0\n", origin_address(a), origin_address(b),
                                origin_address(c));
    int answered = 0;

    for (int i = 0; i < 9; i++)
        answered += client_ask_once(usher_web(usher))[0] != '\0';
    cr_expect_eq(answered, 3, "%d of 9 were answered", answered);
    usher_stop(usher);
}

Test(retry, never_blames_a_server_for_our_own_shortage)
{
    struct origin *a = origin_start("a");
    struct usher *usher = usher_start(
        USHER_WEB USHER_APP "check-interval = 1h\ncheck-interval-changing = 20ms\n"
                            "connect-budget = 500ms\nserver = a %s\n",
        origin_address(a));
    struct client *early = client_connect(usher), *clients[12];

    cr_expect_str_eq(client_ask(early, "who"), "a");
    for (unsigned extra = 0; extra < 4; extra++) {
        usher_limit_descriptors(usher,
                                (uint64_t)proc_descriptors(usher_pid(usher)) + extra);
        for (int i = 0; i < 3; i++)
            clients[extra * 3 + (unsigned)i] = client_try(usher_web(usher));
        for (int i = 0; i < 3; i++)
            if (clients[extra * 3 + (unsigned)i])
                (void)client_end(clients[extra * 3 + (unsigned)i], 200);
        for (int i = 0; i < 3; i++)
            client_close(clients[extra * 3 + (unsigned)i]);
    }
    usher_limit_descriptors(usher, 1024);
    cr_expect_str_eq(client_ask(early, "who"), "a");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "status"), "UP");
    cr_expect_eq(usher_count(usher, "app", "a", "chkfail"), 0);
    cr_expect_eq(usher_log_count(usher, "went down"), 0);
    eventually(client_ask_once(usher_web(usher))[0], 5000);
    usher_stop(usher);
}
