/* From which addresses usher comes to the servers. */
#include "support/client.h"
#include "support/kept.h"
#include "support/load.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/usher.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

TestSuite(source, .timeout = 60);

/* Answers each line with the address it comes from. */
static void tell_source(struct visit *visit)
{
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    char line[64], ip[INET_ADDRSTRLEN] = "";

    (void)getpeername(visit->fd, (struct sockaddr *)&from, &length);
    if (from.sin_family == AF_INET)
        (void)inet_ntop(AF_INET, &from.sin_addr, ip, sizeof ip);
    while (recv(visit->fd, line, sizeof line, 0) > 0)
        visit_say(visit, kept_format("%s\n", ip));
}

static struct origin *serve(void)
{
    return origin_serve((struct origin_plan){ .name = "a", .script = tell_source });
}

Test(source, is_each_address_in_turn)
{
    struct usher *usher = usher_start(USHER_WEB USHER_APP
                                      "check = off\nsource = 127.0.0.2, 127.0.0.3\n"
                                      "source = 127.0.0.4\nserver = a %s\n",
                                      origin_address(serve()));
    struct load_report report = load_run(
        (struct load_plan){ .address = usher_web(usher), .clients = 3, .requests = 30 });

    cr_expect_eq(report.failed, 0, "%s", report.first_failure);
    cr_expect_eq(load_count(&report, "127.0.0.2"), 30);
    cr_expect_eq(load_count(&report, "127.0.0.3"), 30);
    cr_expect_eq(load_count(&report, "127.0.0.4"), 30);
    usher_stop(usher);
}

Test(source, is_the_systems_choice_without_one)
{
    struct usher *usher = usher_start(USHER_WEB USHER_APP "check = off\nserver = a %s\n",
                                      origin_address(serve()));

    cr_expect_str_eq(client_ask_once(usher_web(usher)), "127.0.0.1");
    usher_stop(usher);
}

Test(source, is_of_the_servers_family)
{
    struct origin *six = origin_serve(
        (struct origin_plan){ .name = "six", .address = "[::1]:0" });
    struct usher *usher = usher_start(
        USHER_WEB USHER_APP "check = off\nsource = 127.0.0.2, ::1\nserver = a %s\n"
                            "server = b %s\n",
        origin_address(serve()), origin_address(six));

    for (int i = 0; i < 4; i++)
        cr_expect_str_eq(client_ask_once(usher_web(usher)), i % 2 ? "six" : "127.0.0.2");
    usher_stop(usher);
}

Test(source, changes_with_a_reload)
{
    struct origin *origin = serve();
    const char *config = kept_format(USHER_WEB USHER_APP "check = off\nserver = a %s\n",
                                     origin_address(origin));
    struct usher *usher = usher_start("%ssource = 127.0.0.2\n", config);
    struct client *early = client_connect(usher);

    cr_expect_str_eq(client_ask(early, "who"), "127.0.0.2");
    (void)usher_reload(usher, "%ssource = 127.0.0.5\n", config);
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "127.0.0.5");
    cr_expect_str_eq(client_ask(early, "who"), "127.0.0.2");
    usher_stop(usher);
}

enum { OCTETS = 256 };

/* How many visits came from 127.0.0.x; shared with the origin. */
static atomic_uint *visits;

static void note_source(struct visit *visit)
{
    struct sockaddr_in from;
    socklen_t length = sizeof from;

    if (getpeername(visit->fd, (struct sockaddr *)&from, &length) == 0)
        atomic_fetch_add(&visits[ntohl(from.sin_addr.s_addr) % OCTETS], 1);
    visit_listen(visit);
}

static unsigned strangers(unsigned one, unsigned other)
{
    unsigned sum = 0;

    for (unsigned i = 0; i < OCTETS; i++)
        sum += i == one || i == other ? 0 : atomic_load(&visits[i]);
    return sum;
}

static struct usher *start_with_checks(const char *rules)
{
    struct origin_plan plan = { .name = "a", .script = note_source };

    visits = mmap(NULL, OCTETS * sizeof *visits, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    cr_assert_neq(visits, MAP_FAILED, "no shared memory");
    return usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS "%sserver = a %s\n", rules,
                       origin_address(origin_serve(plan)));
}

static void visit_often(struct usher *usher)
{
    for (int i = 0; i < 10; i++) {
        struct client *client = client_connect(usher);

        client_half_close(client);
        cr_expect_eq(client_end(client, patience_ms(5000)), STREAM_FIN);
        client_close(client);
    }
}

Test(source, of_checks_may_be_another)
{
    struct usher *usher = start_with_checks("source = 127.0.0.2\n"
                                            "check-source = 127.0.0.3, 127.0.0.4\n");

    visit_often(usher);
    eventually(visits[3] >= 2 && visits[4] >= 2, 5000);
    cr_expect_eq(visits[2], 10, "%u sessions", visits[2]);
    visits[2] = 0;
    cr_expect_eq(strangers(3, 4), 0);
    usher_stop(usher);
}

Test(source, of_checks_is_that_of_sessions_otherwise)
{
    struct usher *usher = start_with_checks("source = 127.0.0.2\n");

    eventually(visits[2] >= 3, 5000);
    cr_expect_eq(strangers(2, 2), 0);
    usher_stop(usher);
}

Test(source, of_checks_leaves_sessions_alone)
{
    struct usher *usher = start_with_checks("check-source = 127.0.0.3\n");

    visit_often(usher);
    eventually(visits[3] >= 2, 5000);
    cr_expect_eq(visits[1], 10, "%u sessions", visits[1]);
    cr_expect_eq(strangers(1, 3), 0);
    usher_stop(usher);
}
