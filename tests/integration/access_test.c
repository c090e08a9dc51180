/* Who may come in, and how often. Who may not is reset at once; others do not notice. */
#include "support/client.h"
#include "support/kept.h"
#include "support/load.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/proc.h"
#include "support/scratch.h"
#include "support/usher.h"

#include <string.h>
#include <time.h>

TestSuite(access, .timeout = 60);

static struct usher *start(const char *frontend)
{
    return usher_start("%s%s%s%s", USHER_WEB, frontend, USHER_APP "check = off\n",
                       kept_format("server = a %s\n", origin_address(origin_start("a"))));
}

/* NULL when the reset came before connecting was over. */
static struct client *come(struct usher *usher, const char *ip)
{
    return client_try_from(kept_format("%s:0", ip), usher_web(usher));
}

/* "a" when it is served, "RST" when it is refused at once. */
static const char *outcome(struct usher *usher, const char *ip)
{
    struct client *client = come(usher, ip);
    const char *answer = NULL;

    /* A send that fails has taken the reset away. */
    if (!client || !client_try_say(client, "who\n"))
        answer = "RST";
    if (!answer)
        answer = client_hear(client);
    if (!answer)
        answer = stream_end_name(client_end(client, 0));
    client_close(client);
    return answer;
}

static void expect_all(struct usher *usher, const char *const *served,
                       const char *const *refused)
{
    for (; *served; served++)
        cr_expect_str_eq(outcome(usher, *served), "a", "%s", *served);
    for (; *refused; refused++)
        cr_expect_str_eq(outcome(usher, *refused), "RST", "%s", *refused);
}

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

Test(access, is_refused_to_who_is_denied)
{
    struct usher *usher = start("deny = 127.0.0.2, 127.1.0.0/16\ndeny = 127.0.0.3\n");

    expect_all(usher, LIST("127.0.0.1", "127.0.0.4", "127.2.0.1"),
               LIST("127.0.0.2", "127.0.0.3", "127.1.9.9"));
    cr_expect_eq(usher_count(usher, "web", "FRONTEND", "dcon"), 3);
    cr_expect_eq(usher_count(usher, "web", "FRONTEND", "stot"), 3);
    cr_expect_eq(usher_count(usher, "app", "BACKEND", "stot"), 3);
    cr_expect(usher_logged(usher, "a client was refused: its address is not allowed",
                           "frontend=web", NULL));
    usher_stop(usher);
}

Test(access, is_granted_only_to_who_is_allowed)
{
    struct usher *usher = start("allow = 127.0.0.1, 127.1.0.0/16\ndeny = 127.1.0.9\n");

    expect_all(usher, LIST("127.0.0.1", "127.1.2.3"),
               LIST("127.0.0.2", "127.2.0.1", "127.1.0.9"));
    usher_stop(usher);
}

Test(access, is_read_from_files_and_again_on_reload)
{
    const char *folder = scratch_create();
    const char *file = scratch_write(folder, "blocked",
                                     "# those we know\n127.0.0.2\n\n127.1.0.0/16\n");
    const char *config = kept_format(USHER_WEB "deny = %s\n" USHER_APP
                                               "check = off\nserver = a %s\n",
                                     file, origin_address(origin_start("a")));
    struct usher *usher = usher_start("%s", config);
    struct client *early = come(usher, "127.0.0.3");

    cr_expect_str_eq(client_ask(early, "who"), "a");
    expect_all(usher, LIST("127.0.0.1"), LIST("127.0.0.2", "127.1.1.1"));
    (void)scratch_write(folder, "blocked", "127.0.0.3\n");
    (void)usher_reload(usher, "%s", config);
    expect_all(usher, LIST("127.0.0.1", "127.0.0.2"), LIST("127.0.0.3"));
    cr_expect_str_eq(client_ask(early, "who"), "a", "a session was touched");
    usher_stop(usher);
    scratch_remove(folder);
}

Test(access, is_changed_on_the_admin_socket)
{
    struct usher *usher = start("");

    expect_all(usher, LIST("127.0.0.1", "127.0.0.2"), LIST(NULL));
    (void)usher_admin(usher, "add access web deny 127.0.0.2");
    expect_all(usher, LIST("127.0.0.1"), LIST("127.0.0.2"));
    cr_expect(strstr(usher_admin(usher, "show access web"), "127.0.0.2"));
    (void)usher_admin(usher, "del access web deny 127.0.0.2");
    expect_all(usher, LIST("127.0.0.2"), LIST(NULL));
    (void)usher_admin(usher, "add access web allow 127.0.0.1/32");
    expect_all(usher, LIST("127.0.0.1"), LIST("127.0.0.2"));
    usher_stop(usher);
}

Test(access, of_ipv6_clients_is_by_their_networks)
{
    struct usher *usher = usher_start(
        "[frontend web]\nbind = [::]:0\nbackend = app\ndeny = ::1, 127.0.0.2\n"
        "[backend app]\ncheck = off\nserver = a %s\n",
        origin_address(origin_start("a")));
    unsigned port = usher_port(usher, "web");
    const char *ip4 = kept_format("127.0.0.1:%u", port);
    struct client *denied = client_try_from("127.0.0.2:0", ip4);

    cr_expect(client_is_refused(kept_format("[::1]:%u", port), patience_ms(3000)));
    cr_expect_str_eq(client_ask(client_dial_from("127.0.0.1:0", ip4), "who"), "a");
    cr_expect(!denied || client_end(denied, patience_ms(3000)) == STREAM_RESET);
    usher_stop(usher);
}

Test(access, ends_at_client_maxconn_for_one_client_alone)
{
    struct usher *usher = start("client-maxconn = 2\n");
    struct client *one = come(usher, "127.0.0.2"), *two = come(usher, "127.0.0.2");

    cr_expect_str_eq(client_ask(one, "who"), "a");
    cr_expect_str_eq(client_ask(two, "who"), "a");
    cr_expect_str_eq(outcome(usher, "127.0.0.2"), "RST");
    cr_expect_str_eq(outcome(usher, "127.0.0.3"), "a");
    cr_expect_str_eq(client_ask(one, "who"), "a");
    client_close(one);
    eventually(strcmp(outcome(usher, "127.0.0.2"), "a") == 0, 3000);
    cr_expect(
        usher_logged(usher, "its address is at client-maxconn or client-rate", NULL));
    usher_stop(usher);
}

Test(access, counts_of_one_client_come_back_to_nothing)
{
    struct usher *usher = start("client-maxconn = 3\n");

    for (int i = 0; i < 50; i++) {
        struct client *client = come(usher, "127.0.0.2");

        if (i % 2)
            client_reset(client);
        else
            client_close(client);
        eventually(usher_sessions(usher) == 0, 3000);
    }
    for (int i = 0; i < 3; i++)
        cr_expect_str_eq(client_ask(come(usher, "127.0.0.2"), "who"), "a");
    cr_expect_str_eq(outcome(usher, "127.0.0.2"), "RST");
    usher_stop(usher);
}

/* All that follows happens within one second of the clock usher counts by, but for a rare
 * tick in between: then it is told again. */
static uint64_t second(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec;
}

/* Who comes to ask; "a" for who is served. */
typedef const char *caller(struct usher *usher, const char *ip);

/* How many of ten that come at once are served. */
static unsigned count_served(struct usher *usher, caller *call, const char *ip)
{
    for (int i = 0; i < 10; i++) {
        uint64_t began = second();
        unsigned served = 0;

        eventually(second() != began, 2000);
        began = second();
        for (int j = 0; j < 10; j++)
            served += strcmp(call(usher, ip), "a") == 0;
        if (second() == began)
            return served;
    }
    cr_assert_fail("ten clients take longer than a second");
    return 0;
}

Test(access, ends_at_client_rate_until_the_next_second)
{
    struct usher *usher = start("client-rate = 4\n");
    unsigned served = count_served(usher, outcome, "127.0.0.2");

    cr_expect_eq(served, 4, "%u of 10", served);
    cr_expect_str_eq(outcome(usher, "127.0.0.3"), "a");
    eventually(strcmp(outcome(usher, "127.0.0.2"), "a") == 0, 3000);
    usher_stop(usher);
}

/* Announced by a PROXY header, each from the next host of a network of IPv6. */
static const char *outcome_of_next(struct usher *usher, const char *network)
{
    static unsigned host;
    struct client *client = client_connect(usher);
    const char *answer;

    (void)client_try_say(client, kept_format("PROXY TCP6 %s:%x::1 ::1 1 2\r\nwho\n",
                                             network, ++host));
    answer = client_hear(client);
    client_close(client);
    return answer ? answer : "RST";
}

Test(access, ends_at_client_rate_for_a_whole_network_of_ipv6)
{
    struct usher *usher = start("client-rate = 4\naccept-proxy-from = 127.0.0.1\n");
    unsigned served = count_served(usher, outcome_of_next, "2001:db8:0:1");

    cr_expect_eq(served, 4, "%u of 10", served);
    cr_expect_str_eq(outcome_of_next(usher, "2001:db8:0:2"), "a");
    eventually(strcmp(outcome_of_next(usher, "2001:db8:0:1"), "a") == 0, 3000);
    usher_stop(usher);
}

Test(access, ends_at_session_rate_for_everybody)
{
    struct usher *usher = start("session-rate = 4\n");
    unsigned served = count_served(usher, outcome, "127.0.0.2");

    cr_expect_eq(served, 4, "%u of 10", served);
    eventually(strcmp(outcome(usher, "127.0.0.3"), "a") == 0, 3000);
    cr_expect(usher_logged(usher, "the frontend's session-rate is reached", NULL));
    usher_stop(usher);
}

/* A refusal costs little: thousands of them take usher no long time and no memory, and
 * who may come in is served meanwhile. */
Test(access, refused_to_thousands_disturbs_nobody)
{
    struct usher *usher = start("deny = 127.0.0.2\n");
    uint64_t most = patience_volume(3000), before, cpu;
    struct client *calm = come(usher, "127.0.0.1");

    cr_expect_str_eq(outcome(usher, "127.0.0.2"), "RST");
    before = proc_memory_kb(usher_pid(usher));
    cpu = proc_cpu_ms(usher_pid(usher));
    for (uint64_t i = 0; i < most; i++) {
        client_close(come(usher, "127.0.0.2"));
        if (i % 100 == 0)
            cr_assert_str_eq(client_ask(calm, "who"), "a");
    }
    eventually(usher_count(usher, "web", "FRONTEND", "dcon") == most + 1, 5000);
    cr_expect_lt(proc_cpu_ms(usher_pid(usher)) - cpu, patience_ms(1000));
    if (!patience_is_sanitized())
        cr_expect_lt(proc_memory_kb(usher_pid(usher)), before + 512);
    cr_expect_leq(usher_log_count(usher, "a client was refused"), 5);
    usher_stop(usher);
}
