/* Bytes on their way: none lost, added or swapped, whoever finishes first. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/usher.h"
#include "support/way.h"

TestSuite(relay, .timeout = 90);

enum { MEGABYTE = 1000 * 1000, MEBIBYTE = 1024 * 1024, PING_PONGS = 200 };

static struct origin *serve(origin_script *script, uint64_t bytes)
{
    return origin_serve(
        (struct origin_plan){ .name = "a", .script = script, .bytes = bytes });
}

/* Both got everything, in order, and both saw the other's FIN. */
static void expect_whole(struct origin *origin, const struct stream *stream, uint64_t up,
                         uint64_t down)
{
    cr_expect_eq(stream->received, down, "client got %llu",
                 (unsigned long long)stream->received);
    cr_expect_eq(stream->end, STREAM_FIN, "client saw %s", stream_end_name(stream->end));
    eventually(origin_facts(origin)->fins + origin_facts(origin)->resets == 1, 5000);
    cr_expect_eq(origin_facts(origin)->received, up, "server got %lu",
                 origin_facts(origin)->received);
    cr_expect_eq(origin_facts(origin)->fins, 1);
    cr_expect_eq(origin_facts(origin)->wrong, 0);
}

static void expect_nothing_left(struct usher *usher)
{
    eventually(usher_sessions(usher) == 0, 3000);
    usher_stop(usher);
}

static void tell(size_t way, origin_script *script, uint64_t bytes)
{
    struct origin *origin = serve(script, bytes);
    struct usher *usher = way_start(way, origin, "", "");
    struct client *client = client_connect(usher);
    struct stream stream = { .to_send = bytes, .finish = true, .to_receive = UINT64_MAX };

    client_exchange(client, &stream);
    expect_whole(origin, &stream, bytes, bytes);
    client_close(client);
    eventually(usher_count(usher, "app", "a", "bin") == bytes, 3000);
    cr_expect_eq(usher_count(usher, "app", "a", "bout"), bytes);
    cr_expect_eq(usher_count(usher, "web", "FRONTEND", "bin"), bytes);
    cr_expect_eq(usher_count(usher, "web", "FRONTEND", "bout"), bytes);
    expect_nothing_left(usher);
}

WAY_TEST(relay, carries_100_megabytes_both_ways_at_once)
{
    tell(*way, origin_mirror, patience_volume(100) * MEGABYTE);
}

WAY_TEST(relay, carries_4_mebibytes_until_each_side_is_done)
{
    tell(*way, origin_mirror, 4 * MEBIBYTE);
}

WAY_TEST(relay, brings_a_reply_of_100_megabytes_after_the_clients_fin)
{
    tell(*way, origin_late, patience_volume(100) * MEGABYTE);
}

WAY_TEST(relay, brings_a_short_reply_after_the_clients_fin)
{
    tell(*way, origin_late, 5);
}

/* The client sends nothing before it has seen the server's FIN. */
static void upload_late(size_t way, uint64_t bytes)
{
    struct origin *origin = serve(origin_early, bytes);
    struct usher *usher = way_start(way, origin, "", "");
    struct client *client = client_connect(usher);
    struct stream down = { .to_receive = UINT64_MAX };
    struct stream up = { .to_send = bytes, .finish = true };

    client_exchange(client, &down);
    client_exchange(client, &up);
    expect_whole(origin, &down, bytes, bytes);
    client_close(client);
    expect_nothing_left(usher);
}

WAY_TEST(relay, brings_an_upload_of_100_megabytes_after_the_servers_fin)
{
    upload_late(*way, patience_volume(100) * MEGABYTE);
}

WAY_TEST(relay, brings_a_short_upload_after_the_servers_fin)
{
    upload_late(*way, 5);
}

WAY_TEST(relay, returns_every_byte_of_an_echo)
{
    static const uint64_t sizes[] = { 1, 1000, 65536, 65537, 3 * MEGABYTE };
    struct origin *origin = serve(origin_echo, 0);
    struct usher *usher = way_start(*way, origin, "", "");

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct stream stream = { .to_send = sizes[i],
                                 .finish = true,
                                 .to_receive = UINT64_MAX };
        struct client *client = client_connect(usher);

        client_exchange(client, &stream);
        cr_expect_eq(stream.received, sizes[i]);
        cr_expect_eq(stream.end, STREAM_FIN);
        client_close(client);
    }
    expect_nothing_left(usher);
}

WAY_TEST(relay, keeps_the_bytes_of_many_clients_apart)
{
    struct origin *origin = serve(origin_echo, 0);
    struct usher *usher = way_start(*way, origin, "", "");
    struct client *clients[50];

    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 50; i++) {
            if (round == 0)
                clients[i] = client_connect(usher);
            client_say(clients[i], kept_format("client %d round %d\n", i, round));
        }
        for (int i = 0; i < 50; i++)
            cr_assert_str_eq(client_hear(clients[i]),
                             kept_format("client %d round %d", i, round));
    }
    for (int i = 0; i < 50; i++)
        client_close(clients[i]);
    expect_nothing_left(usher);
}

WAY_TEST(relay, does_not_delay_one_byte_ping_pongs)
{
    struct origin *origin = serve(origin_echo, 0);
    struct usher *usher = way_start(*way, origin, "", "");
    struct client *client = client_connect(usher);
    uint64_t began = patience_now_ms();

    for (int i = 0; i < PING_PONGS; i++) {
        client_send(client, 1);
        client_receive(client, 1);
    }
    cr_expect_lt(patience_now_ms() - began, patience_ms(PING_PONGS * 20),
                 "more than 20 ms for a byte and back");
    usher_stop(usher);
}

WAY_TEST(relay, tells_the_server_of_a_client_that_only_came_and_went)
{
    struct origin *origin = serve(origin_who, 0);
    struct usher *usher = way_start(*way, origin, "", "");

    client_close(client_connect(usher));
    eventually(origin_facts(origin)->fins == 1, 5000);
    cr_expect_eq(origin_facts(origin)->resets, 0);
    cr_expect_eq(origin_facts(origin)->received, 0);
    expect_nothing_left(usher);
}

WAY_TEST(relay, ends_when_the_client_half_closes_at_once)
{
    struct origin *origin = serve(origin_who, 0);
    struct usher *usher = way_start(*way, origin, "", "");
    struct client *client = client_connect(usher);

    client_half_close(client);
    cr_expect_eq(client_end(client, patience_ms(5000)), STREAM_FIN);
    client_close(client);
    expect_nothing_left(usher);
}

static void greet_and_leave(struct visit *visit)
{
    visit_say(visit, "goodbye\n");
}

WAY_TEST(relay, delivers_what_a_server_says_before_it_leaves)
{
    struct origin *origin = serve(greet_and_leave, 0);
    struct usher *usher = way_start(*way, origin, "", "");

    for (int i = 0; i < 100; i++) {
        struct client *client = client_connect(usher);

        cr_assert_str_eq(client_hear_all(client), "goodbye\n");
        client_close(client);
    }
    expect_nothing_left(usher);
}

WAY_TEST(relay, does_not_let_a_bulk_flow_delay_a_small_one)
{
    struct origin *bulk = serve(origin_mirror, UINT64_MAX / 2),
                  *small = origin_start("small");
    struct usher *usher =
        usher_start("[global]\nworkers = 1\n" USHER_WEB "%s[frontend bulk]\n"
                    "bind = 127.0.0.1:0\nbackend = bulk\n%s" USHER_APP
                    "%scheck = off\nserver = small %s\n[backend bulk]\n%scheck = off\n"
                    "server = bulk %s\n",
                    way_frontend(*way), way_frontend(*way), way_backend(*way),
                    way_to_server(*way, origin_address(small)), way_backend(*way),
                    way_to_server(*way, origin_address(bulk)));
    const char *to_bulk = way_to_frontend(*way, usher_address(usher, "bulk", 0));
    const char *to_web = way_to_frontend(*way, usher_web(usher));
    struct client *heavy = client_dial(to_bulk), *light = client_dial(to_web);
    uint64_t slowest = 0;

    for (int i = 0; i < 50; i++) {
        uint64_t began;

        client_say(light, "who\n");
        began = patience_now_ms();
        client_receive(heavy, 4 * MEBIBYTE);
        cr_expect_str_eq(client_hear(light), "small");
        slowest = patience_now_ms() - began > slowest ? patience_now_ms() - began
                                                      : slowest;
    }
    cr_expect_lt(slowest, patience_ms(2000));
    usher_stop(usher);
}
