/* The ports of source addresses: many, and what happens when there is none left. */
#include "support/client.h"
#include "support/island.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/usher.h"

#include <string.h>
#include <sys/socket.h>

TestSuite(ports, .timeout = 60);

/* How many an address has; none of them is one that listeners get. */
enum { FIRST = 20000, PORTS = 16, CLIENTS_MOST = 3 * PORTS };

static const char *folder;

/* Clients come by a unix socket: they need no port. "[backend app]" is yet to come. */
static struct usher *start(const char *rest)
{
    struct usher *usher;

    folder = scratch_create();
    usher = usher_start("[frontend web]\nbind = unix:%s/web\nbackend = app\n"
                        "[defaults]\nretries = 0\n%s",
                        folder, rest);
    island_limit_ports(FIRST, FIRST + PORTS - 1);
    return usher;
}

static void stop(struct usher *usher)
{
    usher_stop(usher);
    scratch_remove(folder);
}

/* Sessions that stay; all of them have begun before the first one is looked at. */
static void fill(const char *address, unsigned count, const char *name)
{
    struct client *clients[CLIENTS_MOST];

    for (unsigned i = 0; i < count; i++) {
        clients[i] = client_dial(address);
        client_say(clients[i], "who\n");
    }
    for (unsigned i = 0; i < count; i++) {
        const char *answer = client_hear(clients[i]);

        cr_assert(answer && (!name || strcmp(answer, name) == 0), "client %u of %u: %s",
                  i, count, answer ? answer : "not served");
    }
}

static void expect_short(struct usher *usher)
{
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "");
    eventually(usher_logged(usher, "ending=own-shortage", NULL), 3000);
}

Test(ports, are_as_many_for_each_source)
{
    struct usher *usher;

    island_begin();
    usher = start(kept_format(USHER_APP "check = off\nserver = a %s\n"
                                        "source = 127.0.0.2, 127.0.0.3, 127.0.0.4\n",
                              origin_address(origin_start("a"))));
    fill(usher_web(usher), 3 * PORTS, "a");
    expect_short(usher);
    stop(usher);
}

/* A port is bound to a connection, not to the source. */
Test(ports, are_as_many_for_each_server)
{
    struct usher *usher;

    island_begin();
    usher = start(kept_format(USHER_APP "check = off\nsource = 127.0.0.2\n"
                                        "server = a %s\nserver = b %s\nserver = c %s\n",
                              origin_address(origin_start("a")),
                              origin_address(origin_start("b")),
                              origin_address(origin_start("c"))));
    fill(usher_web(usher), 3 * PORTS, NULL);
    expect_short(usher);
    stop(usher);
}

/* Both workers connect at the same time, and half of the turns are those of a source
 * without ports: whoever gets one takes the other source instead. */
Test(ports, are_those_of_another_source_when_one_has_none)
{
    const char *server, *more;
    struct usher *usher;

    island_begin();
    more = scratch_create();
    server = kept_format("check = off\nserver = a %s\n",
                         origin_address(origin_start("a")));
    usher = start(kept_format(
        "%s%s%s%s", USHER_APP "source = 127.0.0.2, 127.0.0.3\n", server,
        kept_format("[frontend other]\nbind = unix:%s/other\nbackend = other\n"
                    "[backend other]\nsource = 127.0.0.2\n",
                    more),
        server));
    fill(usher_address(usher, "other", 0), PORTS, "a");
    fill(usher_web(usher), PORTS, "a");
    expect_short(usher);
    stop(usher);
    scratch_remove(more);
}

/* Leaves first when it is told to: then usher's ports are free at once. */
static void serve_until_told(struct visit *visit)
{
    char line[64] = "";

    while (recv(visit->fd, line, sizeof line, 0) > 0 && *line != 'b')
        visit_say(visit, "a\n");
}

Test(ports, that_are_used_up_are_no_servers_fault)
{
    struct origin *origin;
    struct client *clients[PORTS];
    struct usher *usher;
    unsigned count = 0;

    island_begin();
    origin = origin_serve(
        (struct origin_plan){ .name = "a", .script = serve_until_told });
    usher = start(kept_format(USHER_APP "source = 127.0.0.2\ncheck-interval = 500ms\n"
                                        "server = a %s\n",
                              origin_address(origin)));
    for (const char *answer = "a"; answer && count < PORTS;) {
        clients[count] = client_connect(usher);
        client_say(clients[count], "who\n");
        answer = client_hear(clients[count]);
        count += answer != NULL;
    }
    cr_expect_gt(count, PORTS / 2, "only %u", count);
    eventually(usher_stat_is(usher, "app/a", "check_status", "SOCKERR"), 5000);
    expect_short(usher);
    cr_expect_str_eq(usher_stat(usher, "app", "a", "status"), "UP");
    cr_expect(!usher_logged(usher, "server app/a went down", NULL));

    for (unsigned i = 0; i < count; i++) {
        client_say(clients[i], "bye\n");
        cr_expect_eq(client_end(clients[i], patience_ms(5000)), STREAM_FIN);
        client_close(clients[i]);
    }
    eventually(strcmp(client_ask_once(usher_web(usher)), "a") == 0, 5000);
    eventually(!usher_stat_is(usher, "app/a", "check_status", "SOCKERR"), 5000);
    cr_expect_eq(usher_count(usher, "app", "a", "chkdown"), 0);
    stop(usher);
}

/* An address that is not ours is our own trouble, no server's. */
Test(ports, of_an_address_that_is_not_ours_take_no_server_down)
{
    struct usher *usher = usher_start(
        USHER_WEB USHER_APP "check = connect\nretries = 0\nsource = 192.0.2.77\n"
                            "server = a %s\n",
        origin_address(origin_start("a")));

    for (int i = 0; i < 5; i++)
        cr_expect_str_eq(client_ask_once(usher_web(usher)), "");
    cr_expect(!usher_logged(usher, "server app/a went down", NULL));
    eventually(usher_logged(usher, "ending=own-shortage", NULL), 3000);
    usher_stop(usher);
}
