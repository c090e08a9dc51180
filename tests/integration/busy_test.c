/* A server that has no time now is not ill, and those who wait for one are served. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/usher.h"
#include "support/wire.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(busy, .timeout = 60);

enum { WAITERS = 3, CLIENTS = 5 };

static void line_up(struct usher *usher, struct client **waiters)
{
    for (unsigned i = 0; i < WAITERS; i++) {
        waiters[i] = client_connect(usher);
        client_say(waiters[i], "who\n");
        eventually(usher_count(usher, "app", "BACKEND", "qcur") == i + 1, 5000);
    }
}

static int serve_who_is_ready(struct client **waiters)
{
    int served = 0;

    for (int i = 0; i < WAITERS; i++) {
        if (!waiters[i] || !wire_wait(client_fd(waiters[i]), POLLIN, patience_now_ms()))
            continue;
        cr_assert_str_eq(client_hear(waiters[i]), "a", "waiter %d", i);
        client_close(waiters[i]);
        waiters[i] = NULL;
        served++;
    }
    return served;
}

/* Whoever tries in vain meets a queue then, and must not wait behind it. */
Test(busy, server_that_restarts_serves_all_who_wait_for_it)
{
    struct origin *a = origin_start("a");
    struct usher *usher = usher_start(USHER_WEB USHER_APP
                                      "check = off\nqueue-timeout = 1m\nretries = 100\n"
                                      "connect-budget = 1m\nserver = a %s maxconn=1\n",
                                      origin_address(a));
    struct client *first = client_connect(usher), *waiters[WAITERS];
    int left = WAITERS;

    cr_expect_str_eq(client_ask(first, "who"), "a");
    line_up(usher, waiters);
    origin_kill(a);
    client_close(first);
    eventually(usher_count(usher, "app", "BACKEND", "wretr") > 1, 5000);
    origin_revive(a);
    eventually((left -= serve_who_is_ready(waiters)) == 0, 10000);
    usher_stop(usher);
}

/* Whoever waits is let in; is the server well then? */
static bool is_well(struct usher *usher, int listener)
{
    while (wire_wait(listener, POLLIN, patience_now_ms()))
        (void)close(accept(listener, NULL, NULL));
    return usher_stat_is(usher, "app/a", "check_status", "L4OK");
}

/* Its backlog holds one connection, and nobody accepts that. */
Test(busy, unix_server_is_not_taken_for_dead)
{
    const char *folder = scratch_create();
    const char *address = kept_format("unix:%s/server", folder);
    int listener = wire_listen(address, 0);
    struct usher *usher = usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                                      "rise = 1\nfall = 1\nconnect-budget = 200ms\n"
                                      "server = a %s\n",
                                      address);

    eventually(usher_stat_is(usher, "app/a", "check_status", "SOCKERR"), 5000);
    for (int i = 0; i < CLIENTS; i++)
        cr_expect(client_is_refused(usher_web(usher), 5000), "client %d", i);
    cr_expect_eq(usher_count(usher, "app", "a", "chkfail"), 0);
    cr_expect_str_eq(usher_stat(usher, "app", "a", "status"), "UP");
    cr_expect_eq(usher_log_count(usher, "went down"), 0);
    cr_expect(usher_logged(usher, "ending=own-shortage", NULL), "%s", usher_log(usher));

    eventually(is_well(usher, listener), 5000);
    usher_stop(usher);
    scratch_remove(folder);
}
