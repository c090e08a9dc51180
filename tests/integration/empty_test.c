/* What clients meet while no server is fit: a refusal, a wait, or nobody who listens. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/usher.h"
#include "support/wire.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(empty, .timeout = 60);

static struct origin *a, *b;

static void start_origins(bool are_absent)
{
    a = origin_serve((struct origin_plan){ .name = "a", .is_absent = are_absent });
    b = origin_serve((struct origin_plan){ .name = "b", .is_absent = are_absent });
}

static struct usher *start(const char *frontend, const char *backend)
{
    return usher_start(USHER_WEB "%s" USHER_APP USHER_QUICK_CHECKS
                                 "%sserver = a %s\nserver = b %s\n",
                       frontend, backend, origin_address(a), origin_address(b));
}

static void kill_both(struct usher *usher)
{
    origin_kill(a);
    origin_kill(b);
    eventually(usher_stat_is(usher, "app/BACKEND", "status", "DOWN"), 5000);
}

/* Nobody listens: the system itself says no, before usher could. */
static bool is_nobody_there(const char *address)
{
    int fd = wire_connect(address, 1000);

    if (fd != -1)
        (void)close(fd);
    return fd == -1;
}

/* All of a group of sockets that share a port are asked. */
static bool is_somebody_there(const char *address)
{
    for (int i = 0; i < 16; i++)
        if (is_nobody_there(address))
            return false;
    return true;
}

static bool is_closed(struct usher *usher)
{
    return usher_stat_is(usher, "web/FRONTEND", "status", "PAUSED");
}

Test(empty, refuses_unless_told_otherwise)
{
    struct usher *usher;

    start_origins(true);
    usher = start("", "");
    cr_expect(client_is_refused(usher_web(usher), CLIENT_MS));
    cr_expect(usher_logged(usher, "ending=no-server", NULL));
    cr_expect_not(is_nobody_there(usher_web(usher)), "it stopped listening");
    usher_stop(usher);
}

Test(empty, holds_clients_until_a_server_is_fit)
{
    struct client *early, *late;
    struct usher *usher;

    start_origins(true);
    usher = start("when-empty = hold 30s\n", "");
    early = client_connect(usher);
    client_say(early, "who\n");
    late = client_connect(usher);
    client_say(late, "who\n");
    eventually(usher_count(usher, "app", "BACKEND", "qcur") == 2, 5000);
    origin_revive(a);
    cr_expect_str_eq(client_hear(early), "a");
    cr_expect_str_eq(client_hear(late), "a");
    cr_expect_eq(usher_count(usher, "app", "BACKEND", "qcur"), 0);
    usher_stop(usher);
}

Test(empty, holds_clients_whose_server_failed_them)
{
    struct client *client;
    struct usher *usher;

    start_origins(false);
    usher = start("when-empty = hold 30s\n", "");
    origin_kill(a);
    origin_kill(b);
    client = client_connect(usher);
    client_say(client, "who\n");
    eventually(usher_count(usher, "app", "BACKEND", "qcur") == 1, 5000);
    origin_revive(b);
    cr_expect_str_eq(client_hear(client), "b");
    usher_stop(usher);
}

Test(empty, holds_first_come_first_served)
{
    enum { CLIENTS = 8 };
    struct client *clients[CLIENTS];
    struct usher *usher;

    start_origins(true);
    usher = usher_start(USHER_WEB "when-empty = hold 30s\n" USHER_APP USHER_QUICK_CHECKS
                                  "server = a %s maxconn=1\n",
                        origin_address(a));
    for (unsigned i = 0; i < CLIENTS; i++) {
        clients[i] = client_connect(usher);
        client_say(clients[i], "who\n");
        eventually(usher_count(usher, "app", "BACKEND", "qcur") == i + 1, 5000);
    }
    origin_revive(a);
    for (unsigned i = 0; i < CLIENTS; i++) {
        cr_expect_str_eq(client_hear(clients[i]), "a");
        cr_expect_eq(usher_count(usher, "app", "BACKEND", "qcur"), CLIENTS - 1 - i);
        client_close(clients[i]);
    }
    usher_stop(usher);
}

Test(empty, holds_no_longer_than_told)
{
    struct usher *usher;
    struct client *client;
    uint64_t began = patience_now_ms();

    start_origins(true);
    usher = start("when-empty = hold 300ms\n", "queue-timeout = 1ms\n");
    client = client_connect(usher);
    cr_expect_eq(client_end(client, CLIENT_MS), STREAM_RESET);
    cr_expect_geq(patience_now_ms() - began, 300);
    cr_expect(usher_logged(usher, "ending=hold-timeout", NULL));
    usher_stop(usher);
}

Test(empty, holds_no_more_than_the_queue_takes)
{
    struct usher *usher;
    struct client *client;

    start_origins(true);
    usher = start("when-empty = hold 30s\n", "queue-limit = 1\n");
    client = client_connect(usher);
    eventually(usher_count(usher, "app", "BACKEND", "qcur") == 1, 5000);
    cr_expect(client_is_refused(usher_web(usher), CLIENT_MS));
    cr_expect(usher_logged(usher, "ending=queue-full", NULL));
    client_reset(client);
    eventually(usher_count(usher, "app", "BACKEND", "qcur") == 0, 5000);
    cr_expect(usher_logged(usher, "ending=client-left", NULL));
    usher_stop(usher);
}

/* Who waits for a place goes on waiting when the last server goes down, by another
 * clock. */
Test(empty, holds_those_who_waited_for_a_busy_server)
{
    struct client *first, *second;
    struct usher *usher;

    start_origins(false);
    usher = usher_start(USHER_WEB "when-empty = hold 30s\n" USHER_APP USHER_QUICK_CHECKS
                                  "queue-timeout = 30s\nserver = a %s maxconn=1\n",
                        origin_address(a));
    first = client_connect(usher);
    cr_expect_str_eq(client_ask(first, "who"), "a");
    second = client_connect(usher);
    client_say(second, "who\n");
    eventually(usher_count(usher, "app", "BACKEND", "qcur") == 1, 5000);
    origin_kill(a);
    eventually(usher_stat_is(usher, "app/BACKEND", "status", "DOWN"), 5000);
    client_close(first);
    origin_revive(a);
    cr_expect_str_eq(client_hear(second), "a");
    usher_stop(usher);
}

Test(empty, refuses_behind_those_who_are_held)
{
    struct usher *usher;

    start_origins(true);
    usher = usher_start(USHER_WEB
                        "when-empty = hold 30s\n"
                        "[frontend other]\nbind = 127.0.0.1:0\nbackend = app\n" USHER_APP
                            USHER_QUICK_CHECKS "server = a %s\n",
                        origin_address(a));
    (void)client_connect(usher);
    eventually(usher_count(usher, "app", "BACKEND", "qcur") == 1, 5000);
    cr_expect(client_is_refused(usher_address(usher, "other", 0), CLIENT_MS));
    cr_expect(usher_logged(usher, "ending=no-server", NULL));
    usher_stop(usher);
}

static void close_and_open(const char *binds, unsigned addresses)
{
    const char *at[4];
    struct usher *usher;

    start_origins(false);
    usher = usher_start("[global]\nworkers = 4\n[frontend web]\nbackend = app\n%s"
                        "when-empty = close\n" USHER_APP USHER_QUICK_CHECKS
                        "server = a %s\nserver = b %s\n",
                        binds, origin_address(a), origin_address(b));
    for (unsigned i = 0; i < addresses; i++)
        at[i] = usher_address(usher, "web", i);
    for (unsigned round = 1; round <= 2; round++) {
        for (unsigned i = 0; i < addresses; i++)
            cr_assert(is_somebody_there(at[i]), "%s", at[i]);
        origin_kill(a);
        cr_expect_not(is_nobody_there(at[0]), "closed although a server is left");
        origin_kill(b);
        eventually(is_closed(usher), 5000);
        for (unsigned i = 0; i < addresses; i++)
            eventually(is_nobody_there(at[i]), 5000);
        meanwhile(is_nobody_there(at[0]), 50);
        origin_revive(b);
        for (unsigned i = 0; i < addresses; i++)
            eventually(is_somebody_there(at[i]), 5000);
        cr_expect_str_eq(client_ask_once(at[0]), "b");
        cr_expect_eq(usher_count(usher, "web", "FRONTEND", "times_closed"), round);
        cr_expect_str_eq(usher_stat(usher, "web", "FRONTEND", "status"), "OPEN");
        origin_revive(a);
        eventually(usher_stat_is(usher, "app/a", "status", "UP"), 5000);
    }
    eventually(usher_logged(usher, "frontend web listens again", "times=2", NULL), 5000);
    cr_expect_geq(usher_log_count(usher, "frontend web stops listening"), 1);
    usher_stop(usher);
}

Test(empty, closes_and_comes_back_by_itself)
{
    close_and_open("bind = 127.0.0.1:0\n", 1);
}

Test(empty, closes_every_tcp_address)
{
    close_and_open("bind = 127.0.0.1:0\nbind = [::1]:0\nbind = 127.0.0.2:0\n", 3);
}

/* A port below 1024 is not lost to one that is no longer root. */
Test(empty, keeps_the_port_it_closes)
{
    struct usher *usher;
    const char *at;

    if (geteuid() != 0)
        cr_skip_test("only root may have such a port");
    start_origins(false);
    usher =
        usher_start("[global]\nworkers = 2\nuser = nobody\n[frontend web]\n"
                    "bind = 127.0.0.7:987\nbackend = app\nwhen-empty = close\n" USHER_APP
                        USHER_QUICK_CHECKS "server = a %s\nserver = b %s\n",
                    origin_address(a), origin_address(b));
    at = "127.0.0.7:987";
    cr_assert(is_somebody_there(at));
    kill_both(usher);
    eventually(is_nobody_there(at), 5000);
    origin_revive(a);
    eventually(is_somebody_there(at), 5000);
    cr_expect_str_eq(client_ask_once(at), "a");
    usher_stop(usher);
}

Test(empty, comes_up_closed_when_all_servers_are_down)
{
    struct usher *usher;

    start_origins(true);
    usher = start("when-empty = close\n", "");
    eventually(is_closed(usher), 5000);
    eventually(is_nobody_there(usher_web(usher)), 5000);
    origin_revive(a);
    eventually(is_somebody_there(usher_web(usher)), 5000);
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    usher_stop(usher);
}

static const char *config(const char *frontend)
{
    return kept_format(USHER_WEB "%s" USHER_APP USHER_QUICK_CHECKS
                                 "server = a %s\nserver = b %s\n",
                       frontend, origin_address(a), origin_address(b));
}

Test(empty, stays_closed_over_a_reload_and_opens_when_the_rule_goes)
{
    struct usher *usher;
    const char *at;

    start_origins(true);
    usher = start("when-empty = close\n", "");
    at = usher_web(usher);
    eventually(is_nobody_there(at), 5000);
    (void)usher_reload(usher, "%s", config("when-empty = close\nmaxconn = 7\n"));
    meanwhile(is_nobody_there(at), 200);
    cr_expect_eq(usher_count(usher, "web", "FRONTEND", "times_closed"), 1);
    (void)usher_reload(usher, "%s", config(""));
    eventually(is_somebody_there(at), 5000);
    cr_expect_str_eq(usher_stat(usher, "web", "FRONTEND", "status"), "OPEN");
    (void)usher_reload(usher, "%s", config("when-empty = close\n"));
    eventually(is_nobody_there(at), 5000);
    origin_revive(a);
    eventually(is_somebody_there(at), 5000);
    usher_stop(usher);
}

/* One of its routes still leads somewhere. */
Test(empty, closes_only_when_no_route_leads_to_a_server)
{
    struct usher *usher;

    start_origins(false);
    usher = usher_start(
        USHER_WEB
        "route = 127.0.0.9 -> other\nwhen-empty = close\n" USHER_APP USHER_QUICK_CHECKS
        "server = a %s\n"
        "[backend other]\n" USHER_QUICK_CHECKS "server = b %s\n",
        origin_address(a), origin_address(b));
    origin_kill(a);
    eventually(usher_stat_is(usher, "app/BACKEND", "status", "DOWN"), 5000);
    cr_expect(is_somebody_there(usher_web(usher)));
    cr_expect(client_is_refused(usher_web(usher), CLIENT_MS));
    origin_kill(b);
    eventually(is_nobody_there(usher_web(usher)), 5000);
    origin_revive(a);
    eventually(is_somebody_there(usher_web(usher)), 5000);
    usher_stop(usher);
}

/* What cannot be undone is not done: their clients are refused one by one. */
Test(empty, leaves_local_and_inherited_sockets_open)
{
    int inherited = wire_listen("127.0.0.1:0", 16);
    const char *folder = scratch_create();
    const char *given = wire_address(inherited);
    const char *local = kept_format("unix:%s/web.sock", folder);
    struct usher *usher;

    start_origins(true);
    usher = usher_start_with((struct usher_options){ .pass_fd = inherited },
                             "[frontend web]\nbind = fd@3\nbind = %s\nbackend = app\n"
                             "when-empty = close\n" USHER_APP USHER_QUICK_CHECKS
                             "server = a %s\n",
                             local, origin_address(a));
    eventually(usher_log_count(usher, "cannot stop listening") == 2, 5000);
    cr_expect(client_is_refused(given, CLIENT_MS));
    cr_expect_str_eq(client_ask_once(local), "");
    origin_revive(a);
    eventually(!strcmp(client_ask_once(given), "a"), 5000);
    eventually(!strcmp(client_ask_once(local), "a"), 5000);
    usher_stop(usher);
    (void)close(inherited);
    scratch_remove(folder);
}

Test(empty, ends_in_good_order_while_closed)
{
    struct usher *usher;

    start_origins(true);
    usher = start("when-empty = close\n", "");
    eventually(is_nobody_there(usher_web(usher)), 5000);
    usher_stop(usher);
}
