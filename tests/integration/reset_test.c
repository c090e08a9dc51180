/* A reset on one side is a reset on the other; what came before it still arrives. */
#include "support/client.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/usher.h"
#include "support/way.h"

TestSuite(reset, .timeout = 60);

static struct origin *serve(origin_script *script, uint64_t bytes)
{
    return origin_serve(
        (struct origin_plan){ .name = "a", .script = script, .bytes = bytes });
}

static void expect_reset_at(struct origin *origin)
{
    eventually(origin_facts(origin)->fins + origin_facts(origin)->resets == 1, 5000);
    cr_expect_eq(origin_facts(origin)->resets, 1, "the server saw a FIN");
}

WAY_TEST(reset, of_an_idle_client_reaches_the_server)
{
    struct origin *origin = origin_start("a");
    struct usher *usher = way_start(*way, origin, "", "");
    struct client *client = client_connect(usher);

    (void)client_ask(client, "who");
    client_reset(client);
    expect_reset_at(origin);
    eventually(usher_sessions(usher) == 0, 3000);
    cr_expect_eq(usher_count(usher, "app", "a", "cli_abrt"), 1);
    usher_stop(usher);
}

WAY_TEST(reset, of_a_client_that_never_said_anything_reaches_the_server)
{
    struct origin *origin = origin_start("a");
    struct usher *usher = way_start(*way, origin, "", "");
    struct client *client = client_connect(usher);

    eventually(origin_facts(origin)->open == 1, 5000);
    client_reset(client);
    expect_reset_at(origin);
    usher_stop(usher);
}

WAY_TEST(reset, of_a_client_in_the_middle_of_a_download_reaches_the_server)
{
    struct origin *origin = serve(origin_mirror, UINT64_MAX / 2);
    struct usher *usher = way_start(*way, origin, "", "");
    struct client *client = client_connect(usher);

    client_receive(client, 1000 * 1000);
    client_reset(client);
    expect_reset_at(origin);
    eventually(usher_sessions(usher) == 0, 3000);
    usher_stop(usher);
}

WAY_TEST(reset, of_a_client_in_the_middle_of_an_upload_reaches_the_server)
{
    struct origin *origin = serve(origin_sink, 0);
    struct usher *usher = way_start(*way, origin, "", "");
    struct client *client = client_connect(usher);

    client_send(client, 1000 * 1000);
    client_reset(client);
    expect_reset_at(origin);
    usher_stop(usher);
}

WAY_TEST(reset, of_a_client_after_its_fin_reaches_the_server)
{
    struct origin *origin = serve(origin_mirror, UINT64_MAX / 2);
    struct usher *usher = way_start(*way, origin, "", "");
    struct client *client = client_connect(usher);

    client_half_close(client);
    client_receive(client, 100 * 1000);
    client_reset(client);
    eventually(origin_facts(origin)->open == 0, 5000);
    eventually(usher_sessions(usher) == 0, 3000);
    usher_stop(usher);
}

WAY_TEST(reset, of_the_server_reaches_the_client)
{
    struct origin *origin = serve(origin_abort, 1);
    struct usher *usher = way_start(*way, origin, "", "");

    for (int i = 0; i < 20; i++) {
        struct client *client = client_connect(usher);
        enum stream_end end = client_end(client, patience_ms(5000));

        cr_assert_eq(end, STREAM_RESET, "the client saw %s", stream_end_name(end));
        client_close(client);
    }
    eventually(usher_sessions(usher) == 0, 3000);
    cr_expect_eq(usher_count(usher, "app", "a", "srv_abrt"), 20);
    cr_expect_eq(usher_count(usher, "app", "a", "eresp"), 20);
    usher_stop(usher);
}

static void expect_bytes_then_reset(struct usher *usher, uint64_t bytes)
{
    struct stream stream = { .to_receive = UINT64_MAX };
    struct client *client = client_connect(usher);

    client_exchange(client, &stream);
    cr_assert_eq(stream.received, bytes, "%llu bytes arrived",
                 (unsigned long long)stream.received);
    cr_assert_eq(stream.end, STREAM_RESET, "the client saw %s",
                 stream_end_name(stream.end));
    client_close(client);
}

WAY_TEST(reset, of_the_server_comes_after_the_200_kilobytes_it_had_sent)
{
    struct usher *usher = way_start(*way, serve(origin_abort, 200 * 1000), "", "");

    for (int i = 0; i < 20; i++)
        expect_bytes_then_reset(usher, 200 * 1000);
    usher_stop(usher);
}

WAY_TEST(reset, of_the_server_comes_after_the_20_megabytes_it_had_sent)
{
    struct usher *usher = way_start(*way, serve(origin_abort, 20 * 1000 * 1000), "", "");

    expect_bytes_then_reset(usher, 20 * 1000 * 1000);
    usher_stop(usher);
}

static void say_then_reset(struct visit *visit)
{
    visit_say(visit, "half an ans");
    visit_settle(visit);
    visit_reset(visit);
}

WAY_TEST(reset, of_the_server_is_no_clean_end_of_a_short_answer)
{
    struct usher *usher = way_start(*way, serve(say_then_reset, 0), "", "");

    for (int i = 0; i < 20; i++) {
        struct client *client = client_connect(usher);

        cr_assert_str_eq(client_hear_all(client), "half an ans");
        cr_assert_eq(client_end(client, 0), STREAM_RESET);
        client_close(client);
    }
    usher_stop(usher);
}

WAY_TEST(reset, of_one_session_leaves_others_alone)
{
    struct origin *origin = origin_start("a");
    struct usher *usher = way_start(*way, origin, "", "");
    struct client *calm = client_connect(usher);

    for (int i = 0; i < 50; i++) {
        struct client *client = client_connect(usher);

        client_say(client, "who\n");
        client_reset(client);
        cr_assert_str_eq(client_ask(calm, "who"), "a");
    }
    eventually(usher_sessions(usher) == 1, 3000);
    usher_stop(usher);
}
