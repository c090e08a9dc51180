/* What `set server` sets beside state and weight: where it is, what is held of its
 * health, where its check and its agent ask. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/usher.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct origin *origins[3];

static void set_up(void)
{
    origins[0] = origin_start("a");
    origins[1] = origin_start("b");
    origins[2] = origin_start("c");
}

TestSuite(set_server, .timeout = 60, .init = set_up);

#define BY " by 'stats socket command'\n\n"

static const char *config_with(const char *lines)
{
    return kept_format(USHER_WEB USHER_APP USHER_QUICK_CHECKS "%sserver = a %s\n", lines,
                       origin_address(origins[0]));
}

static struct usher *start(const char *lines)
{
    return usher_start("%s", config_with(lines));
}

static void expect_answer(struct usher *usher, const char *command, const char *answer)
{
    const char *said = usher_admin(usher, "%s", command);

    cr_expect_str_eq(said, answer, "%s: %s", command, said);
}

static void move_to(struct usher *usher, unsigned which)
{
    const char *answer = usher_admin(usher, "set server app/a addr 127.0.0.1 port %u",
                                     origin_port(origins[which]));

    cr_expect(strstr(answer, "no need to change the addr, port changed from '"), "%s",
              answer);
    cr_expect(strstr(answer, "'" BY), "%s", answer);
}

static void expect_served_by(struct usher *usher, const char *name)
{
    for (int i = 0; i < 3; i++)
        cr_assert_str_eq(client_ask_once(usher_web(usher)), name);
}

Test(set_server, addr_moves_sessions_to_come_and_leaves_those_there_are)
{
    struct usher *usher = start("");
    struct client *early = client_connect(usher);

    cr_assert_str_eq(client_ask(early, "who"), "a");
    move_to(usher, 1);
    expect_served_by(usher, "b");
    cr_expect_str_eq(client_ask(early, "who"), "a");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "addr"), origin_address(origins[1]));
    cr_expect(strstr(usher_admin(usher, "show servers state"),
                     kept_format(" - %u - ", origin_port(origins[1]))));
    cr_expect(
        strstr(usher_admin(usher, "show history app/a"), origin_address(origins[1])));
    eventually(usher_logged(usher, "is moved to", origin_address(origins[1]),
                            "by=\"uid=", NULL),
               3000);
    usher_stop(usher);
}

Test(set_server, addr_moves_the_checks_too)
{
    struct usher *usher = start("");

    origin_kill(origins[0]);
    eventually(usher_stat_is(usher, "app/a", "status", "DOWN"), 5000);
    move_to(usher, 1);
    eventually(usher_stat_is(usher, "app/a", "status", "UP"), 5000);
    expect_served_by(usher, "b");
    origin_kill(origins[1]);
    eventually(usher_stat_is(usher, "app/a", "status", "DOWN"), 5000);
    usher_stop(usher);
}

Test(set_server, addr_is_kept_by_a_reload_until_the_file_has_another_one)
{
    struct usher *usher = start("");

    move_to(usher, 1);
    (void)usher_reload(usher, "%s", config_with(""));
    expect_served_by(usher, "b");
    (void)usher_reload(usher, "%s", config_with("retries = 1\n"));
    expect_served_by(usher, "b");
    (void)usher_reload(usher, USHER_WEB USHER_APP "server = a %s\n",
                       origin_address(origins[2]));
    eventually(!strcmp(client_ask_once(usher_web(usher)), "c"), 3000);
    (void)usher_reload(usher, "%s", config_with(""));
    eventually(!strcmp(client_ask_once(usher_web(usher)), "a"), 3000);
    usher_stop(usher);
}

Test(set_server, answers_as_the_dialect_does)
{
    static const struct {
        const char *command, *answer;
    } cases[] = {
        { "set server app/a addr",
          "set server <b>/<s> addr requires an address and optionally a port.\n\n" },
        { "set server app/a addr 127.0.0.1", "no need to change the addr" BY },
        { "set server #2/#1 addr 127.0.0.1", "no need to change the addr" BY },
        { "set server app/a addr 127.0.0.2",
          "IP changed from '127.0.0.1' to '127.0.0.2'" BY },
        { "set server app/a addr ::1", "IP changed from '127.0.0.2' to '::1'" BY },
        { "set server app/a addr ::1 port 7x",
          "problem converting port '7x' to an int" BY },
        { "set server app/a addr ::1 port 99999",
          "problem converting port '99999' to an int" BY },
        { "set server app/a addr ::1 port", "problem converting port '' to an int" BY },
        { "set server app/a addr nope", "Invalid addr 'nope'" BY },
        { "set server app/a addr 127.0.0.1:80", "Invalid addr '127.0.0.1:80'" BY },
        { "set server app/a health",
          "'set server <srv> health' expects 'up', 'stopping', or 'down'.\n\n" },
        { "set server app/a check-port",
          "set server <b>/<s> check-port requires a port.\n\n" },
        { "set server app/a check-port x", "provided port is not an integer\n\n" },
        { "set server app/a check-port 65536", "provided port is invalid\n\n" },
        { "set server app/a check-addr",
          "set server <b>/<s> check-addr requires an address and optionally a "
          "port.\n\n" },
        { "set server app/a check-addr x", "invalid addr 'x'\n\n" },
        { "set server app/a agent-addr 127.0.0.1",
          "agent checks are not enabled on this server\n\n" },
        { "set server app/a agent-port 7",
          "agent checks are not enabled on this server\n\n" },
        { "set server app/a agent-send x",
          "agent checks are not enabled on this server.\n\n" },
        { "set server app/a fqdn", "set server <b>/<s> fqdn requires a FQDN.\n\n" },
        { "set server app/a fqdn x.test",
          "set server <b>/<s> fqdn failed because no resolution is configured.\n\n" },
        { "set server app/a ssl on",
          "usage: set server <backend>/<server> addr | agent | agent-addr | agent-port | "
          "agent-send | check-addr | check-port | fqdn | health | state | weight\n\n" },
        { "set maxconn server app/a", "Require <maxconn>.\n\n" },
        { "set maxconn server app/a x",
          "maxconn string empty or preceded by garbage\n\n" },
        { "set maxconn server app/a 4x", "Trailing garbage in maxconn string\n\n" },
        { "set maxconn server app/a -4", "Value out of range.\n\n" },
        { "set maxconn server app/a 4", "\n" },
        { "set maxconn server app/x 4", "No such server.\n\n" },
        { "enable health app", "Require 'backend/server'.\n\n" },
        { "disable health app/a", "\n" },
        { "enable health app/a", "\n" },
    };
    struct usher *usher = start("");

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_answer(usher, cases[i].command, cases[i].answer);
    usher_stop(usher);
}

Test(set_server, addr_marks_its_answer_as_a_warning)
{
    struct usher *usher = start("");

    cr_expect_str_eq(usher_admin(usher, "set severity-output number;"
                                        "set server app/a addr 127.0.0.1"),
                     "\n[4]: no need to change the addr" BY);
    usher_stop(usher);
}

Test(set_server, health_down_holds_until_probes_insist)
{
    struct usher *usher = start("rise = 3\n");

    expect_answer(usher, "set server app/a health down", "\n");
    cr_expect_eq(strncmp(usher_stat(usher, "app", "a", "status"), "DOWN", 4), 0);
    cr_expect(strstr(usher_admin(usher, "show history app/a"), "administrator"));
    eventually(usher_stat_is(usher, "app/a", "status", "UP"), 5000);
    usher_stop(usher);
}

Test(set_server, health_without_a_check_holds_until_it_is_set_again)
{
    struct usher *usher = start("check = off\n");

    expect_answer(usher, "set server app/a health down", "\n");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "status"), "DOWN");
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "");
    (void)usher_reload(usher, "%s", config_with("check = off\n"));
    cr_expect_str_eq(usher_stat(usher, "app", "a", "status"), "DOWN");
    expect_answer(usher, "set server app/a health stopping", "\n");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "status"), "NOLB");
    cr_expect(strstr(usher_admin(usher, "show servers state"), " a 127.0.0.1 3 0 "));
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "");
    expect_answer(usher, "set server app/a health up", "\n");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "status"), "no check");
    expect_served_by(usher, "a");
    usher_stop(usher);
}

Test(set_server, health_stopping_ends_with_the_next_probe_that_passes)
{
    struct usher *usher = start("");

    (void)usher_admin(usher, "set server app/a health stopping");
    eventually(usher_stat_is(usher, "app/a", "status", "UP"), 5000);
    expect_served_by(usher, "a");
    usher_stop(usher);
}

Test(set_server, health_is_not_set_where_another_server_is_tracked)
{
    struct usher *usher = start(
        kept_format("server = t %s track=app/a\n", origin_address(origins[1])));

    expect_answer(usher, "set server app/t health up",
                  "cannot change health on a tracking server.\n\n");
    expect_answer(usher, "enable health app/t",
                  "Health check was not configured on this server, cannot enable.\n\n");
    usher_stop(usher);
}

Test(set_server, health_disabled_is_neither_asked_nor_shown_and_stays_what_it_was)
{
    struct usher *usher = start("");

    eventually(usher_stat_is(usher, "app/a", "status", "UP"), 3000);
    (void)usher_admin(usher, "disable health app/a");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "status"), "no check");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "check_status"), "");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "check_health"), "");
    cr_expect(strstr(usher_admin(usher, "show servers state"), " 3 4 2 0 "), "%s",
              usher_admin(usher, "show servers state"));
    origin_kill(origins[0]);
    (void)usher_reload(usher, "%s", config_with(""));
    meanwhile(usher_stat_is(usher, "app/a", "status", "no check"), 500);
    (void)usher_admin(usher, "enable health app/a");
    cr_expect_neq(strcmp(usher_stat(usher, "app", "a", "status"), "UP -1/3"), 0);
    eventually(usher_stat_is(usher, "app/a", "status", "DOWN"), 5000);
    usher_stop(usher);
}

Test(set_server, check_port_is_asked_instead_until_the_file_says_another_one)
{
    struct usher *usher = start("");

    origin_kill(origins[1]);
    expect_answer(usher,
                  kept_format("set server app/a check-port %u", origin_port(origins[1])),
                  "\n");
    eventually(usher_stat_is(usher, "app/a", "status", "DOWN"), 5000);
    cr_expect(strstr(usher_admin(usher, "show servers state"),
                     kept_format(" %u - - 0\n", origin_port(origins[1]))));
    (void)usher_reload(usher, "%s", config_with(""));
    meanwhile(usher_stat_is(usher, "app/a", "status", "DOWN"), 300);
    (void)usher_reload(usher, "%s",
                       config_with(
                           kept_format("check-port = %u\n", origin_port(origins[2]))));
    eventually(usher_stat_is(usher, "app/a", "status", "UP"), 5000);
    usher_stop(usher);
}

Test(set_server, check_addr_may_name_a_port)
{
    struct usher *usher = start("");

    origin_kill(origins[0]);
    eventually(usher_stat_is(usher, "app/a", "status", "DOWN"), 5000);
    expect_answer(usher,
                  kept_format("set server app/a check-addr 127.0.0.1 port %u",
                              origin_port(origins[1])),
                  "\n");
    eventually(usher_stat_is(usher, "app/a", "status", "UP"), 5000);
    cr_expect(strstr(usher_admin(usher, "show servers state"),
                     kept_format(" %u 127.0.0.1 - 0\n", origin_port(origins[1]))));
    usher_stop(usher);
}

static void answer_drain(struct visit *visit)
{
    char heard[64] = "";
    size_t length = 0;

    while (length + 1 < sizeof heard && !strchr(heard, '\n')) {
        ssize_t got = read(visit->fd, heard + length, sizeof heard - 1 - length);

        if (got <= 0)
            break;
        length += (size_t)got;
    }
    visit_say(visit, strstr(heard, "please") ? "drain\n" : "ready\n");
}

Test(set_server, agent_is_asked_elsewhere_and_otherwise)
{
    struct origin *agent = origin_serve(
        (struct origin_plan){ .name = "agent", .script = answer_drain });
    struct usher *usher = start("agent-port = 1\nagent-interval = 50ms\n");

    expect_answer(usher, "set server app/a agent-port 0", "provided port is invalid\n\n");
    expect_answer(usher, "set server app/a agent-addr 127.0.0.1", "\n");
    expect_answer(usher,
                  kept_format("set server app/a agent-port %u", origin_port(agent)),
                  "\n");
    expect_answer(usher, "set server app/a agent-send please\\ do", "\n");
    eventually(usher_stat_is(usher, "app/a", "status", "DRAIN (agent)"), 5000);
    cr_expect(strstr(usher_admin(usher, "show servers state"),
                     kept_format(" 127.0.0.1 %u\n", origin_port(agent))));
    usher_stop(usher);
}

Test(set_server, maxconn_makes_sessions_wait_and_lets_them_go_on)
{
    struct usher *usher = start("queue-timeout = 20s\n");
    struct client *first = client_connect(usher), *second = client_connect(usher);

    cr_expect_str_eq(client_ask(first, "who"), "a");
    cr_expect_str_eq(client_ask(second, "who"), "a");
    expect_answer(usher, "set maxconn server app/a 2", "\n");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "slim"), "2");
    first = client_connect(usher);
    client_say(first, "who\n");
    eventually(usher_count(usher, "app", "BACKEND", "qcur") == 1, 3000);
    (void)usher_reload(usher, "%s", config_with("queue-timeout = 20s\n"));
    cr_expect_str_eq(usher_stat(usher, "app", "a", "slim"), "2");
    expect_answer(usher, "set maxconn server app/a 0", "\n");
    cr_expect_str_eq(client_hear(first), "a");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "slim"), "");
    usher_stop(usher);
}

Test(set_server, is_for_administrators)
{
    struct usher *usher = start("");
    static const char *const commands[] = {
        "set server app/a addr 127.0.0.2",
        "set server app/a health down",
        "set maxconn server app/a 3",
        "enable health app/a",
        "disable health app/a",
    };

    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        cr_expect_str_eq(usher_admin(usher, "operator;%s", commands[i]),
                         "\nPermission denied\n\n", "%s", commands[i]);
    usher_stop(usher);
}
