/* From which addresses usher comes to the servers. */
#include "support/client.h"
#include "support/kept.h"
#include "support/load.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/usher.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
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

/* An address that is not ours is our own trouble, no server's. */
Test(source, that_is_not_ours_takes_no_server_down)
{
    struct usher *usher = usher_start(
        USHER_WEB USHER_APP "check = connect\nretries = 0\nsource = 192.0.2.77\n"
                            "server = a %s\n",
        origin_address(serve()));

    for (int i = 0; i < 5; i++)
        cr_expect_str_eq(client_ask_once(usher_web(usher)), "");
    cr_expect(!usher_logged(usher, "server app/a went down", NULL));
    eventually(usher_logged(usher, "ending=own-shortage", NULL), 3000);
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
