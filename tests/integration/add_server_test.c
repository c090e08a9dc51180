/* Servers that are added and deleted while usher runs, and what scripts wait for between.
 */
#include "support/client.h"
#include "support/kept.h"
#include "support/load.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/usher.h"

#include <string.h>
#include <unistd.h>

static struct origin *origins[2];

static void set_up(void)
{
    origins[0] = origin_start("a");
    origins[1] = origin_start("b");
}

TestSuite(add_server, .timeout = 60, .init = set_up);

static const char *config_with(const char *lines)
{
    return kept_format(USHER_WEB USHER_APP USHER_QUICK_CHECKS "server = a %s\n%s",
                       origin_address(origins[0]), lines);
}

static struct usher *start(void)
{
    return usher_start("%s", config_with(""));
}

static void expect_answer(struct usher *usher, const char *command, const char *answer)
{
    const char *said = usher_admin(usher, "%s", command);

    cr_expect_str_eq(said, answer, "%s: %s", command, said);
}

static void add(struct usher *usher, const char *words)
{
    expect_answer(usher,
                  kept_format("add server app/b %s %s", origin_address(origins[1]),
                              words),
                  "New server registered.\n\n");
}

static bool is_status(struct usher *usher, const char *status)
{
    return usher_stat_is(usher, "app/b", "status", status);
}

static bool is_there(struct usher *usher)
{
    return strstr(usher_admin(usher, "show stat"), "\napp,b,");
}

static bool serves(struct usher *usher)
{
    return !strcmp(client_ask_once(usher_web(usher)), "b");
}

Test(add_server, begins_in_maintenance_and_serves_once_it_is_enabled)
{
    struct usher *usher = start();

    add(usher, "check weight 5 maxconn 7 backup");
    cr_expect(is_status(usher, "MAINT"));
    cr_expect_str_eq(usher_stat(usher, "app", "b", "slim"), "7");
    cr_expect_str_eq(usher_stat(usher, "app", "b", "bck"), "1");
    expect_answer(usher, "get weight app/b", "5 (initial 5)\n\n");
    cr_expect(strstr(usher_admin(usher, "show servers state"), " b 127.0.0.1 0 1 5 5 "));
    cr_expect(usher_logged(usher, "server app/b is added", "by=\"uid=", NULL));
    (void)usher_admin(usher, "enable health app/b;enable server app/b");
    eventually(is_status(usher, "UP"), 5000);
    (void)usher_admin(usher, "disable server app/a");
    eventually(serves(usher), 3000);
    usher_stop(usher);
}

Test(add_server, checks_as_its_words_say)
{
    struct usher *usher = start();

    add(usher, "check enabled rise 4 fall 5 inter 60 fastinter 50ms downinter 40ms");
    eventually(is_status(usher, "UP"), 5000);
    cr_expect_str_eq(usher_stat(usher, "app", "b", "check_rise"), "4");
    cr_expect_str_eq(usher_stat(usher, "app", "b", "check_fall"), "5");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "check_fall"), "3");
    origin_kill(origins[1]);
    eventually(is_status(usher, "DOWN"), 5000);
    usher_stop(usher);
}

Test(add_server, is_not_checked_without_being_told_to)
{
    struct usher *usher = start();

    add(usher, "enabled");
    cr_expect(is_status(usher, "no check"));
    eventually(serves(usher), 3000);
    expect_answer(usher, "enable health app/b",
                  "Health check was not configured on this server, cannot enable.\n\n");
    usher_stop(usher);
}

Test(add_server, checks_elsewhere_when_told_to)
{
    struct usher *usher = start();

    origin_kill(origins[1]);
    add(usher,
        kept_format("check addr 127.0.0.1 port %u enabled", origin_port(origins[0])));
    eventually(is_status(usher, "UP"), 5000);
    usher_stop(usher);
}

Test(add_server, stays_over_a_reload_until_the_file_names_it)
{
    struct usher *usher = start();
    const char *own = kept_format("server = b %s weight=9\n", origin_address(origins[1]));

    add(usher, "check enabled weight 3");
    eventually(is_status(usher, "UP"), 5000);
    (void)usher_reload(usher, "%s", config_with("retries = 1\n"));
    cr_expect(is_status(usher, "UP"));
    expect_answer(usher, "get weight app/b", "3 (initial 3)\n\n");
    (void)usher_reload(usher, "%s", config_with(own));
    expect_answer(usher, "get weight app/b", "9 (initial 9)\n\n");
    (void)usher_reload(usher, "%s", config_with(""));
    cr_expect_not(is_there(usher));
    usher_stop(usher);
}

Test(add_server, is_undone_by_del_server)
{
    struct usher *usher = start();
    struct client *client;

    add(usher, "enabled");
    (void)usher_admin(usher, "disable server app/a");
    client = client_connect(usher);
    cr_assert_str_eq(client_ask(client, "who"), "b");
    expect_answer(usher, "del server app/b",
                  "Only servers in maintenance mode can be deleted.\n\n");
    (void)usher_admin(usher, "disable server app/b;enable server app/a");
    expect_answer(usher, "del server app/b",
                  "Server still has connections attached to it, cannot remove it.\n\n");
    client_close(client);
    expect_answer(usher, "wait 20s srv-removable app/b", "Done.\n\n");
    expect_answer(usher, "del server app/b", "Server deleted.\n\n");
    cr_expect_not(is_there(usher));
    expect_answer(usher, "del server app/b", "No such server.\n\n");
    cr_expect_eq(usher_count(usher, "app", "BACKEND", "stot"), 1);
    add(usher, "enabled");
    eventually(serves(usher), 3000);
    usher_stop(usher);
}

Test(add_server, of_the_file_is_back_after_a_reload_when_it_was_deleted)
{
    struct usher *usher = start();

    add(usher, "enabled");
    (void)usher_admin(usher, "disable server app/a");
    expect_answer(usher, "wait 20s srv-removable app/a", "Done.\n\n");
    expect_answer(usher, "del server app/a", "Server deleted.\n\n");
    cr_expect_null(strstr(usher_admin(usher, "show stat"), "\napp,a,"));
    (void)usher_reload(usher, "%s", config_with(""));
    eventually(usher_stat_is(usher, "app/a", "status", "UP"), 5000);
    usher_stop(usher);
}

Test(add_server, under_load_and_delete_again_without_losing_a_session)
{
    struct usher *usher = start();
    struct load *load = load_start(
        (struct load_plan){ .address = usher_web(usher), .clients = 4 });
    struct load_report report;

    for (int i = 0; i < 8; i++) {
        add(usher, "enabled");
        cr_expect_str_eq(usher_admin(usher, "set server app/b state maint"), "\n");
        expect_answer(usher, "wait 20s srv-removable app/b", "Done.\n\n");
        expect_answer(usher, "del server app/b", "Server deleted.\n\n");
        if (i % 2)
            (void)usher_reload(usher, "%s", config_with(""));
    }
    report = load_stop(load);
    cr_expect_eq(report.failed, 0, "%s", report.first_failure);
    usher_stop(usher);
}

Test(add_server, answers_as_the_dialect_does)
{
    static const struct {
        const char *command, *answer;
    } cases[] = {
        { "add server", "Require 'backend/server'.\n\n" },
        { "add server nobody/x 127.0.0.1:9", "No such backend.\n\n" },
        { "add server app/x",
          "'server' expects <name> and <addr>[:<port>] as arguments.\n\n" },
        { "add server app/a 127.0.0.1:9",
          "Already exists a server with the same name in backend.\n\n" },
        { "add server app/x 127.0.0.1:9 wieght 5",
          "unknown keyword 'wieght'; did you mean 'weight' maybe ?\n\n" },
        { "add server app/x 127.0.0.1:9 cookie a", "unknown keyword 'cookie'\n\n" },
        { "add server app/x 127.0.0.1:9 weight 257",
          "invalid value '257' for argument 'weight' of server app/x.\n\n" },
        { "add server app/x 127.0.0.1:9 weight",
          "invalid value '' for argument 'weight' of server app/x.\n\n" },
        { "add server app/x 127.0.0.1:9 inter 0",
          "invalid value '0' for argument 'inter' of server app/x.\n\n" },
        { "add server app/x fd@3", "'fd@3': a server cannot be a descriptor.\n\n" },
        { "add server app/x,y 127.0.0.1:9", "invalid character in the name 'x,y'.\n\n" },
        { "add server app/BACKEND 127.0.0.1:9",
          "'BACKEND': write another name than FRONTEND and BACKEND.\n\n" },
        { "add server app/a23456789b23456789c23456789d23456789e23456789012 127.0.0.1:9",
          "'a23456789b23456789c23456789d23456789e23456789012': a name is at most 47 "
          "characters long.\n\n" },
        { "add server #2/x 127.0.0.1:9", "New server registered.\n\n" },
        { "del server app", "Require 'backend/server'.\n\n" },
        { "del server app/y", "No such server.\n\n" },
        { "del server app/a", "Only servers in maintenance mode can be deleted.\n\n" },
        { "set severity-output number;del server app/x", "\n[6]: Server deleted.\n\n" },
        { "operator;add server app/y 127.0.0.1:9", "\nPermission denied\n\n" },
        { "operator;del server app/a", "\nPermission denied\n\n" },
        { "wait", "Expects a duration in milliseconds.\n\n" },
        { "wait soon", "Invalid duration.\n\n" },
        { "wait 0", "Invalid duration.\n\n" },
        { "wait 1s never", "Unsupported condition, only 'srv-removable' is.\n\n" },
        { "wait 1s srv-removable", "Missing server name (<backend>/<server>).\n\n" },
        { "wait 1s srv-removable app/y", "No such server.\n\n" },
        { "wait 1s srv-removable app/a",
          "Only servers in maintenance mode can be deleted.\n\n" },
        { "user;wait 1", "\nDone.\n\n" },
        { "wait 10ms;show version", "Done.\n\n2.8" },
    };
    struct usher *usher = start();

    for (size_t i = 0; i < sizeof cases / sizeof *cases - 1; i++)
        expect_answer(usher, cases[i].command, cases[i].answer);
    cr_expect_eq(strncmp(usher_admin(usher, "wait 10ms;show version"), "Done.\n\n2.", 9),
                 0);
    usher_stop(usher);
}

Test(add_server, that_is_tracked_cannot_be_deleted)
{
    struct usher *usher = usher_start("%s", config_with(
                                                kept_format("server = t %s track=app/a\n",
                                                            origin_address(origins[1]))));

    (void)usher_admin(usher, "disable server app/a");
    expect_answer(usher, "del server app/a",
                  "This server cannot be removed at runtime due to other configuration "
                  "elements pointing to it.\n\n");
    usher_stop(usher);
}

Test(add_server, wait_ends_with_its_delay)
{
    struct usher *usher = start();
    struct client *client = client_connect(usher);
    uint64_t began = patience_now_ms();

    cr_assert_str_eq(client_ask(client, "who"), "a");
    (void)usher_admin(usher, "disable server app/a");
    expect_answer(usher, "wait 300 srv-removable app/a", "Wait delay expired.\n\n");
    cr_expect_geq(patience_now_ms() - began, 300);
    cr_expect(client_is_open(client));
    usher_stop(usher);
}

/* The connection's own timeout is for those who say nothing. */
Test(add_server, wait_is_not_idle)
{
    struct usher *usher = start();

    expect_answer(usher, "set timeout cli 1;wait 1500ms", "\nDone.\n\n");
    usher_stop(usher);
}

/* With room for one, others are served only once it is seen that this one has gone. */
Test(add_server, wait_ends_when_nobody_waits_any_more)
{
    struct usher *usher = usher_start("[admin]\nmaxclients = 1\n%s", config_with(""));
    struct client *client = client_dial(usher_admin_address(usher));

    client_say(client, "echo here;wait 1h\n");
    client_close(client);
    cr_expect(strstr(usher_admin(usher, "show info"), "Name: "));
    usher_stop(usher);
}
