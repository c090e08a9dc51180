/* What is cut short never looks complete, and nobody's end goes unnoticed. */
#include "support/client.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/usher.h"

#include <signal.h>
#include <sys/socket.h>

TestSuite(cut, .timeout = 60);

enum { HEARD = 1000 * 1000, ANSWER = 1500 * 1000 };

static struct origin *serve(origin_script *script, uint64_t bytes)
{
    return origin_serve(
        (struct origin_plan){ .name = "a", .script = script, .bytes = bytes });
}

static struct usher *start(const char *frontend, const char *backend, const char *server)
{
    return usher_start("[global]\nworkers = 2\ndrain-timeout = 300ms\n" USHER_WEB
                       "%s" USHER_APP "check = off\n%sserver = a %s\n",
                       frontend, backend, server);
}

/* More is on its way, in all buffers. */
static struct client *deaf_client(struct usher *usher)
{
    struct client *client = client_connect(usher);

    client_receive(client, HEARD);
    return client;
}

static void expect_reset(struct client *client)
{
    enum stream_end end = client_end(client, patience_ms(10000));

    cr_expect_eq(end, STREAM_RESET, "the client saw %s", stream_end_name(end));
}

Test(cut, by_a_drain_looks_like_no_end)
{
    struct origin *origin = serve(origin_early, UINT64_MAX / 2);
    struct usher *usher = start("", "", origin_address(origin));
    struct client *client = deaf_client(usher);

    usher_signal(usher, SIGTERM);
    cr_expect_eq(usher_wait(usher), 0);
    expect_reset(client);
    usher_stop(usher);
}

Test(cut, by_the_idle_timeout_looks_like_no_end)
{
    struct origin *origin = serve(origin_early, UINT64_MAX / 2);
    struct usher *usher = start("idle-timeout = 300ms\n", "", origin_address(origin));
    struct client *client = deaf_client(usher);

    eventually(usher_sessions(usher) == 0, 10000);
    cr_expect(usher_logged(usher, "ending=idle", NULL), "%s", usher_log(usher));
    expect_reset(client);
    usher_stop(usher);
}

Test(cut, by_the_idle_timeout_with_nothing_on_its_way_is_an_end)
{
    struct origin *origin = origin_start("a");
    struct usher *usher = start("idle-timeout = 300ms\n", "", origin_address(origin));
    struct client *client = client_connect(usher);

    cr_expect_str_eq(client_ask(client, "who"), "a");
    cr_expect_eq(client_end(client, patience_ms(10000)), STREAM_FIN);
    eventually(origin_facts(origin)->fins == 1, 5000);
    usher_stop(usher);
}

static void abort_later(struct visit *visit)
{
    visit_send(visit, visit->plan->bytes);
    visit_settle(visit);
    visit_reset(visit);
}

/* 0 is no limit, and not no time at all. */
Test(cut, off_server_s_answer_arrives_whole_without_a_half_closed_timeout)
{
    struct origin *origin = serve(abort_later, ANSWER);
    struct usher *usher = start("half-closed-timeout = 0\n", "", origin_address(origin));
    struct client *client = client_connect(usher);
    int room = 8192;

    cr_assert_eq(setsockopt(client_fd(client), SOL_SOCKET, SO_RCVBUF, &room, sizeof room),
                 0);
    eventually(origin_facts(origin)->accepted == 1 && origin_facts(origin)->open == 0,
               10000);
    client_receive(client, ANSWER);
    expect_reset(client);
    usher_stop(usher);
}

Test(cut, client_is_noticed_while_its_server_is_being_reached)
{
    struct usher *usher = start("", "connect-timeout = 1m\nconnect-budget = 1m\n",
                                origin_black_hole());
    struct client *client = client_connect(usher);

    eventually(usher_count(usher, "app", "a", "scur") == 1, 5000);
    client_reset(client);
    eventually(usher_sessions(usher) == 0, 5000);
    usher_stop(usher);
}

/* Its server takes nothing any more. */
Test(cut, client_is_noticed_while_its_bytes_are_held)
{
    struct origin *origin = serve(origin_silence, 0);
    struct usher *usher = start("", "", origin_address(origin));
    struct client *client = client_connect(usher);
    struct stream endless = { .fd = client_fd(client), .to_send = UINT64_MAX / 2 };
    uint64_t sent;

    do {
        sent = endless.sent;
        (void)stream_run(&endless, 300);
    } while (endless.sent != sent);
    client_reset(client);
    eventually(usher_sessions(usher) == 0, 5000);
    eventually(origin_facts(origin)->resets == 1, 5000);
    usher_stop(usher);
}
