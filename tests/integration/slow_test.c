/* Those who are slow, silent or deaf: bounded memory, the right end, others unharmed. */
#include "support/client.h"
#include "support/kept.h"
#include "support/load.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/proc.h"
#include "support/usher.h"
#include "support/way.h"

TestSuite(slow, .timeout = 60);

enum { DEAF = 40, SILENT = 500, MEGABYTE = 1000 * 1000 };

static struct origin *serve(origin_script *script, uint64_t bytes)
{
    return origin_serve(
        (struct origin_plan){ .name = "a", .script = script, .bytes = bytes });
}

WAY_TEST(slow, readers_get_everything)
{
    uint64_t bytes = patience_volume(20) * MEGABYTE;
    struct origin *origin = serve(origin_early, bytes);
    struct usher *usher = way_start(*way, origin, "", "");
    struct client *client = client_connect(usher);

    for (uint64_t got = 0; got < bytes; got += MEGABYTE) {
        client_receive(client, MEGABYTE);
        patience_pause();
    }
    cr_expect_eq(client_end(client, patience_ms(5000)), STREAM_FIN);
    usher_stop(usher);
}

WAY_TEST(slow, servers_get_everything)
{
    struct origin *origin = serve(origin_slow, 0);
    struct usher *usher = way_start(*way, origin, "", "");
    struct client *client = client_connect(usher);
    struct stream stream = { .to_send = MEGABYTE, .finish = true };

    client_exchange(client, &stream);
    eventually(origin_facts(origin)->fins == 1, 20000);
    cr_expect_eq(origin_facts(origin)->received, MEGABYTE);
    usher_stop(usher);
}

WAY_TEST(slow, clients_that_never_read_take_bounded_memory)
{
    struct origin *deaf = serve(origin_early, UINT64_MAX / 2), *who = origin_start("who");
    struct usher *usher = usher_start(
        USHER_WEB "%s[frontend bulk]\nbind = 127.0.0.1:0\nbackend = bulk\n%s" USHER_APP
                  "server = who %s\n%s[backend bulk]\nserver = deaf %s\ncheck = off\n%s",
        way_frontend(*way), way_frontend(*way), way_to_server(*way, origin_address(who)),
        way_backend(*way), way_to_server(*way, origin_address(deaf)), way_backend(*way));
    const char *web = way_to_frontend(*way, usher_web(usher));
    const char *bulk = way_to_frontend(*way, usher_address(usher, "bulk", 0));
    uint64_t before = proc_memory_kb(usher_pid(usher)), after;
    struct load_report report;

    for (int i = 0; i < DEAF; i++)
        (void)client_dial(bulk);
    eventually(origin_facts(deaf)->open == DEAF, 10000);
    report = load_run(
        (struct load_plan){ .address = web, .clients = 4, .requests = 100 });
    cr_expect_eq(report.failed, 0, "%s", report.first_failure);
    after = proc_memory_kb(usher_pid(usher));
    if (!patience_is_sanitized())
        cr_expect_lt(after, before + DEAF * way_of(*way)->deaf_kb + 4096,
                     "from %llu to %llu kB", (unsigned long long)before,
                     (unsigned long long)after);
    usher_stop(usher);
}

WAY_TEST(slow, clients_that_never_read_keep_usher_idle)
{
    struct origin *deaf = serve(origin_early, UINT64_MAX / 2);
    struct usher *usher = way_start(*way, deaf, "", "");
    uint64_t bytes, spent;

    for (int i = 0; i < DEAF; i++)
        (void)client_connect(usher);
    eventually(origin_facts(deaf)->open == DEAF, 10000);
    do {
        bytes = usher_count(usher, "app", "a", "bout");
        meanwhile(true, 300);
    } while (usher_count(usher, "app", "a", "bout") != bytes);
    spent = proc_cpu_ms(usher_pid(usher));
    meanwhile(true, 1000);
    spent = proc_cpu_ms(usher_pid(usher)) - spent;
    cr_expect_lt(spent, patience_ms(200), "%s: %d ms of a second", way_of(*way)->name,
                 (int)spent);
    usher_stop(usher);
}

WAY_TEST(slow, client_that_began_deaf_gets_everything_in_the_end)
{
    uint64_t bytes = patience_volume(30) * MEGABYTE;
    struct origin *origin = serve(origin_early, bytes);
    struct usher *usher = way_start(*way, origin, "", "");
    struct client *client = client_connect(usher);

    meanwhile(client_fd(client) != -1, 300);
    client_receive(client, bytes);
    cr_expect_eq(client_end(client, patience_ms(5000)), STREAM_FIN);
    usher_stop(usher);
}

WAY_TEST(slow, silent_clients_cost_little_and_harm_nobody)
{
    const struct way *of = way_of(*way);
    struct origin *origin = origin_start("a");
    struct usher *usher = way_start(*way, origin, "", "");
    uint64_t before, after;
    struct load_report report;

    (void)client_ask_once(usher_web(usher));
    before = proc_memory_kb(usher_pid(usher));
    for (int i = 0; i < SILENT; i++)
        (void)client_connect(usher);
    eventually(usher_sessions(usher) == SILENT, 10000);
    after = proc_memory_kb(usher_pid(usher));
    if (!patience_is_sanitized())
        cr_expect_lt(after, before + SILENT * of->idle_kb + of->burst_kb,
                     "%s: %llu kB for %d silent clients", of->name,
                     (unsigned long long)(after - before), SILENT);
    report = load_run(
        (struct load_plan){ .address = usher_web(usher), .clients = 4, .requests = 50 });
    cr_expect_eq(report.failed, 0, "%s", report.first_failure);
    usher_stop(usher);
}

WAY_TEST(slow, silent_clients_are_let_go_after_the_idle_timeout)
{
    struct origin *origin = origin_start("a");
    struct usher *usher = way_start(*way, origin, "idle-timeout = 500ms\n", "");
    struct client *silent = client_connect(usher), *busy = client_connect(usher);
    uint64_t began = patience_now_ms();

    while (client_is_open(silent) && patience_now_ms() - began < patience_ms(10000)) {
        (void)client_ask(busy, "who");
        patience_pause();
    }
    cr_expect_geq(patience_now_ms() - began, 450, "let go after %d ms",
                  (int)(patience_now_ms() - began));
    cr_expect(!client_is_open(silent), "never let go");
    cr_expect(client_is_open(busy), "a busy session was let go");
    eventually(usher_sessions(usher) == 1, 3000);
    usher_stop(usher);
}

WAY_TEST(slow, servers_that_stand_still_keep_their_sessions)
{
    struct origin *origin = origin_start("a");
    struct usher *usher = way_start(*way, origin, "", "");
    struct client *client = client_connect(usher);

    cr_expect_str_eq(client_ask(client, "who"), "a");
    origin_freeze(origin);
    client_say(client, "who\n");
    meanwhile(client_is_open(client), 300);
    origin_thaw(origin);
    cr_expect_str_eq(client_hear(client), "a");
    usher_stop(usher);
}

/* Never finishes, whatever the peer does. */
static void hang(struct visit *visit)
{
    (void)visit;
    for (;;)
        patience_pause();
}

WAY_TEST(slow, half_closed_sessions_are_let_go_after_their_timeout)
{
    struct origin *origin = serve(hang, 0);
    struct usher *usher = way_start(*way, origin, "half-closed-timeout = 500ms\n", "");
    struct client *client = client_connect(usher);

    client_say(client, "who\n");
    client_half_close(client);
    cr_expect_neq(client_end(client, patience_ms(10000)), STREAM_OPEN);
    eventually(usher_sessions(usher) == 0, 3000);
    cr_expect_eq(proc_close_waits(usher_pid(usher)), 0);
    usher_stop(usher);
}

/* Several of each kind of session that waits for a peer who does nothing. */
WAY_TEST(slow, half_closed_sessions_keep_usher_idle)
{
    struct origin *hanging = serve(hang, 0), *early = serve(origin_early, 5);
    struct usher *to_hanging = way_start(*way, hanging, "", "");
    struct usher *to_early = way_start(*way, early, "", "");
    uint64_t spent;

    for (int i = 0; i < 10; i++) {
        struct client *client = client_connect(to_hanging);

        client_say(client, "who\n");
        client_half_close(client);
        client_receive(client_connect(to_early), 5);
    }
    eventually(usher_sessions(to_early) == 10 && usher_sessions(to_hanging) == 10, 5000);
    meanwhile(true, 200);
    spent = proc_cpu_ms(usher_pid(to_early)) + proc_cpu_ms(usher_pid(to_hanging));
    meanwhile(true, 1000);
    spent = proc_cpu_ms(usher_pid(to_early)) + proc_cpu_ms(usher_pid(to_hanging)) - spent;
    cr_expect_lt(spent, patience_ms(200), "%d ms of a second", (int)spent);
    usher_stop(to_early);
    usher_stop(to_hanging);
}

WAY_TEST(slow, bytes_one_at_a_time_arrive)
{
    struct origin *origin = serve(origin_echo, 0);
    struct usher *usher = way_start(*way, origin, "", "");
    struct client *client = client_connect(usher);
    struct stream stream = { .to_send = patience_volume(10000),
                             .finish = true,
                             .to_receive = UINT64_MAX,
                             .at_once = 1 };

    client_exchange(client, &stream);
    cr_expect_eq(stream.received, stream.to_send);
    cr_expect_eq(stream.end, STREAM_FIN);
    usher_stop(usher);
}
