/* Frontends are opened and closed, and limits set, while usher runs. */
#include "support/authority.h"
#include "support/client.h"
#include "support/kept.h"
#include "support/openssl.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/usher.h"

#include <string.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static struct origin *origin;

static void set_up(void)
{
    origin = origin_start("a");
}

TestSuite(set_limits, .timeout = 60, .init = set_up);

static const char *config_with(const char *lines)
{
    return kept_format("[global]\nworkers = 2\nmaxconn = 100\n[frontend web]\n"
                       "bind = 127.0.0.1:0\nbackend = app\n%s" USHER_APP
                       "check = off\nserver = a %s\n",
                       lines, origin_address(origin));
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

static bool is_status(struct usher *usher, const char *status)
{
    return usher_stat_is(usher, "web/FRONTEND", "status", status);
}

static bool is_served(const char *address)
{
    return !strcmp(client_ask_once(address), "a");
}

Test(set_limits, frontend_disabled_refuses_and_enabled_serves_again)
{
    struct usher *usher = start();
    struct client *early = client_connect(usher);
    const char *web = usher_web(usher);

    cr_assert_str_eq(client_ask(early, "who"), "a");
    expect_answer(usher, "disable frontend web", "\n");
    cr_expect(is_status(usher, "PAUSED"));
    eventually(client_is_refused(web, 100), 3000);
    cr_expect_str_eq(client_ask(early, "who"), "a");
    (void)usher_reload(usher, "%s", config_with(""));
    cr_expect(is_status(usher, "PAUSED"));
    meanwhile(client_is_refused(web, 100), 200);
    expect_answer(usher, "enable frontend #1", "\n");
    cr_expect(is_status(usher, "OPEN"));
    eventually(is_served(web), 3000);
    cr_expect(usher_logged(usher, "frontend web is disabled", "by=\"uid=", NULL));
    usher_stop(usher);
}

Test(set_limits, frontend_on_a_unix_socket_is_disabled_too)
{
    const char *folder = scratch_create();
    const char *address = kept_format("unix:%s/web.sock", folder);
    struct usher *usher = usher_start("[frontend web]\nbind = 127.0.0.1:0\nbind = %s\n"
                                      "backend = app\n" USHER_APP
                                      "check = off\nserver = a %s\n",
                                      address, origin_address(origin));

    cr_expect(is_served(address));
    expect_answer(usher, "disable frontend web", "\n");
    eventually(!is_served(address), 3000);
    meanwhile(!is_served(address), 200);
    expect_answer(usher, "enable frontend web", "\n");
    eventually(is_served(address), 3000);
    usher_stop(usher);
    scratch_remove(folder);
}

static bool may_bind(unsigned port)
{
    struct sockaddr_in where = { .sin_family = AF_INET };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_bound;

    where.sin_port = htons((uint16_t)port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    is_bound = !bind(fd, (struct sockaddr *)&where, sizeof where) && !listen(fd, 1);
    (void)close(fd);
    return is_bound;
}

Test(set_limits, frontend_shut_down_gives_its_port_back_until_a_reload)
{
    struct usher *usher = start();
    unsigned port = usher_port(usher, "web");

    cr_expect_not(may_bind(port));
    expect_answer(usher, "shutdown frontend web", "\n");
    cr_expect(is_status(usher, "STOP"));
    eventually(may_bind(port), 3000);
    expect_answer(usher, "shutdown frontend web", "Frontend was already shut down.\n\n");
    expect_answer(usher, "enable frontend web",
                  "Frontend was previously shut down, cannot enable.\n\n");
    expect_answer(usher, "disable frontend web",
                  "Frontend was previously shut down, cannot disable.\n\n");
    (void)usher_reload(usher, "%s", config_with(""));
    cr_expect(is_status(usher, "OPEN"));
    eventually(is_served(usher_web(usher)), 3000);
    usher_stop(usher);
}

Test(set_limits, answers_as_the_dialect_does)
{
    static const char rates[] =
        "'set rate-limit' only supports :\n"
        "   - 'connections global' to set the per-process maximum connection rate\n"
        "   - 'sessions global' to set the per-process maximum session rate\n"
        "   - 'ssl-sessions global' to set the per-process maximum SSL session rate\n\n";
    static const struct {
        const char *command, *answer;
    } cases[] = {
        { "enable frontend", "A frontend name is expected.\n\n" },
        { "enable frontend x", "No such frontend.\n\n" },
        { "enable frontend web", "All sockets are already enabled.\n\n" },
        { "disable frontend web", "\n" },
        { "disable frontend web", "All sockets are already disabled.\n\n" },
        { "enable frontend web", "\n" },
        { "shutdown frontend", "A frontend name is expected.\n\n" },
        { "shutdown frontend app", "No such frontend.\n\n" },
        { "set maxconn frontend", "A frontend name is expected.\n\n" },
        { "set maxconn frontend x 1", "No such frontend.\n\n" },
        { "set maxconn frontend web", "Integer value expected.\n\n" },
        { "set maxconn frontend web x", "Integer value expected.\n\n" },
        { "set maxconn frontend web 5x", "Integer value expected.\n\n" },
        { "set maxconn frontend web -1", "Value out of range.\n\n" },
        { "set maxconn frontend web 99999999999999999999", "Value out of range.\n\n" },
        { "set maxconn frontend web 5", "\n" },
        { "set maxconn global", "Expects an integer value.\n\n" },
        { "set maxconn global x", "Expects an integer value.\n\n" },
        { "set maxconn global 101", "Value out of range.\n\n" },
        { "set maxconn global -1", "Value out of range.\n\n" },
        { "set maxconn global 100", "\n" },
        { "set rate-limit", rates },
        { "set rate-limit requests global 5", rates },
        { "set rate-limit sessions web 5", rates },
        { "set rate-limit sessions global", "Expects an integer value.\n\n" },
        { "set rate-limit sessions global x", "Expects an integer value.\n\n" },
        { "set rate-limit sessions global -1", "Value out of range.\n\n" },
        { "set rate-limit sessions global 0", "\n" },
        { "set severity-output number;enable frontend web",
          "\n[5]: All sockets are already enabled.\n\n" },
        { "operator;disable frontend web", "\nPermission denied\n\n" },
        { "operator;shutdown frontend web", "\nPermission denied\n\n" },
        { "operator;set maxconn global 1", "\nPermission denied\n\n" },
        { "operator;set rate-limit sessions global 1", "\nPermission denied\n\n" },
    };
    struct usher *usher = start();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_answer(usher, cases[i].command, cases[i].answer);
    usher_stop(usher);
}

Test(set_limits, maxconn_of_a_frontend_may_be_0_and_then_raised)
{
    struct usher *usher = start();
    const char *web = usher_web(usher);

    for (int i = 0; i < 5; i++) {
        expect_answer(usher, "set maxconn frontend web 0", "\n");
        cr_expect_str_eq(usher_stat(usher, "web", "FRONTEND", "slim"), "0");
        cr_expect(client_is_refused(web, 3000));
        expect_answer(usher, "set maxconn frontend web 1", "\n");
        cr_expect_str_eq(usher_stat(usher, "web", "FRONTEND", "slim"), "1");
        eventually(is_served(web), 3000);
    }
    usher_stop(usher);
}

Test(set_limits, maxconn_of_a_frontend_stays_until_the_file_has_another)
{
    struct usher *usher = start();

    (void)usher_admin(usher, "set maxconn frontend web 7");
    (void)usher_reload(usher, "%s", config_with(""));
    cr_expect_str_eq(usher_stat(usher, "web", "FRONTEND", "slim"), "7");
    (void)usher_reload(usher, "%s", config_with("maxconn = 9\n"));
    cr_expect_str_eq(usher_stat(usher, "web", "FRONTEND", "slim"), "9");
    usher_stop(usher);
}

Test(set_limits, maxconn_of_all_holds_and_is_the_file_s_again_with_0)
{
    struct usher *usher = start();
    struct client *first = client_connect(usher);

    cr_assert_str_eq(client_ask(first, "who"), "a");
    expect_answer(usher, "set maxconn global 1", "\n");
    cr_expect_str_eq(usher_info(usher, "Maxconn"), "1");
    cr_expect_str_eq(usher_info(usher, "Hard_maxconn"), "100");
    cr_expect(client_is_refused(usher_web(usher), 3000));
    (void)usher_reload(usher, "%s", config_with(""));
    cr_expect_str_eq(usher_info(usher, "Maxconn"), "1");
    expect_answer(usher, "set maxconn global 0", "\n");
    cr_expect_str_eq(usher_info(usher, "Maxconn"), "100");
    eventually(is_served(usher_web(usher)), 3000);
    usher_stop(usher);
}

enum { CLIENTS = 12, RATE = 3 };

/* However fast they come: so many are let in within so many whole seconds, and those that
 * touch it at both ends; each worker may let one more in each second. */
static void expect_limited(const char *kind, const char *line)
{
    struct usher *usher = start();
    uint64_t began, spent_s, most;

    expect_answer(usher, kept_format("set rate-limit %s global %d", kind, RATE), "\n");
    cr_expect_str_eq(usher_info(usher, line), kept_format("%d", RATE));
    began = patience_now_ms();
    for (int i = 0; i < CLIENTS; i++)
        cr_assert(is_served(usher_web(usher)));
    spent_s = (patience_now_ms() - began) / 1000 + 2;
    most = spent_s * (RATE + 2);
    cr_expect_leq(CLIENTS, most, "%d clients in %d seconds", CLIENTS, (int)spent_s);
    cr_expect_geq(patience_now_ms() - began, 1000);
    expect_answer(usher, kept_format("set rate-limit %s global 0", kind), "\n");
    cr_expect_str_eq(usher_info(usher, line), "0");
    usher_stop(usher);
}

Test(set_limits, rate_of_connections_makes_clients_wait)
{
    expect_limited("connections", "ConnRateLimit");
}

Test(set_limits, rate_of_sessions_makes_clients_wait)
{
    expect_limited("sessions", "SessRateLimit");
}

Test(set_limits, rate_of_tls_is_nothing_to_plain_clients)
{
    struct usher *usher = start();

    expect_answer(usher, "set rate-limit ssl-sessions global 1", "\n");
    cr_expect_str_eq(usher_info(usher, "SslRateLimit"), "1");
    for (int i = 0; i < CLIENTS; i++)
        cr_assert(is_served(usher_web(usher)));
    usher_stop(usher);
}

Test(set_limits, rate_of_tls_makes_its_clients_wait)
{
    struct authority *authority = authority_create("test");
    struct usher *usher = usher_start(
        "[frontend web]\nbind = 127.0.0.1:0\nbackend = app\ntls-cert = %s\n" USHER_APP
        "check = off\nserver = a %s\n",
        authority_name(authority, "a.test"),
        origin_address(
            origin_serve((struct origin_plan){ .name = "a", .script = origin_once })));
    uint64_t began;

    expect_answer(usher, "set rate-limit ssl-sessions global 1", "\n");
    began = patience_now_ms();
    for (int i = 0; i < 4; i++) {
        struct spawned spawned = openssl_ask(usher_web(usher), "-quiet");

        cr_expect(openssl_heard(&spawned, "a"));
    }
    cr_expect_geq(patience_now_ms() - began, 1000);
    usher_stop(usher);
    authority_remove(authority);
}

/* Who waits because of a rate is let in when the door closes, like all that have
 * arrived. */
Test(set_limits, rate_costs_nobody_a_place_when_the_frontend_is_disabled)
{
    struct usher *usher = start();
    struct client *waiting[4];

    cr_assert(is_served(usher_web(usher)));
    expect_answer(usher, "set rate-limit connections global 1", "\n");
    for (int i = 0; i < 4; i++) {
        waiting[i] = client_connect(usher);
        client_say(waiting[i], "who\n");
    }
    expect_answer(usher, "disable frontend web", "\n");
    for (int i = 0; i < 4; i++)
        cr_expect_str_eq(client_hear(waiting[i]), "a");
    usher_stop(usher);
}

Test(set_limits, that_differ_from_the_file_are_told_by_diff)
{
    struct usher *usher = start();

    (void)usher_admin(usher, "set maxconn global 50;set maxconn frontend web 7;"
                             "set rate-limit sessions global 9;disable frontend web;"
                             "disable health app/a;set maxconn server app/a 3");
    expect_answer(usher, "diff",
                  "global: maxconn 100 -> 50\nglobal: rate-limit sessions 0 -> 9\n"
                  "frontend web: disabled\nfrontend web: maxconn 0 -> 7\n"
                  "server app/a: maxconn 0 -> 3\n\n");
    cr_expect(strstr(usher_admin(usher, "show why app/a"), "is closed"));
    usher_stop(usher);
}
