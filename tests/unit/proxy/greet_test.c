#include "../net/greeting.h"
#include "../worker/serving.h"

#include "base/ledger.h"
#include "base/network.h"

#include <string.h>
#include <sys/socket.h>

#define HEADER "PROXY TCP4 192.0.2.7 192.0.2.1 4711 443\r\n"

static int client, server;
static struct networks *set;
static struct route_condition condition;
static struct route_settings to_other = { .condition_count = 1,
                                          .conditions = &condition,
                                          .backend = "other" };
static struct route other_route = { .settings = &to_other, .rules = &rules };

static void set_up(void)
{
    begin_serving();
    client = server = -1;
    frontend_settings.greet_timeout_ms = 600000;
}

TestSuite(greet, .timeout = 20, .init = set_up, .fini = end_serving);

static struct networks *set_of(const char *text)
{
    struct network network;

    set = networks_create();
    cr_assert_null(network_parse(text, &network));
    (void)networks_add(set, &network);
    return set;
}

static void begin(void)
{
    struct address_parts parts;
    struct endpoint peer;
    int pair[2];

    cr_assert_null(address_parse("127.0.0.1:4000", &parts));
    peer = endpoint_of(&parts.address.as.any);
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair),
                 0);
    client = pair[1];
    session_begin(&workspace, &frontend, pair[0], &peer);
}

static struct session *session(void)
{
    return session_of(workspace.present.next);
}

static void say(const void *bytes, size_t length)
{
    cr_assert_eq(send(client, bytes, length, 0), (ssize_t)length);
    turn();
}

/* The server is sent exactly these bytes. */
static void expect_served(const void *bytes, size_t length)
{
    static unsigned char room[2 * WORKSPACE_SCRATCH];
    size_t heard = 0;
    struct endpoint usher;

    while (server == -1) {
        turn();
        server = socket_accept(server_door, &usher);
    }
    while (heard < length) {
        ssize_t got = recv(server, room + heard, sizeof room - heard, MSG_DONTWAIT);

        cr_assert_neq(got, 0, "an end after %zu of %zu bytes", heard, length);
        heard += got > 0 ? (size_t)got : 0;
        turn();
    }
    cr_assert_eq(heard, length);
    cr_expect_arr_eq(room, bytes, length);
}

static void expect_refused(const char *ending)
{
    struct endpoint usher;

    while (workspace.sessions.used)
        (void)ev_run(loop, EVRUN_ONCE);
    cr_expect_eq(ledger_sum(frontend.entrance->ledger).client_errors, 1, "%s", ending);
    cr_expect_eq(socket_accept(server_door, &usher), -1, "%s was served", ending);
}

static void accept_headers(void)
{
    frontend.proxy_from = set_of("127.0.0.0/8");
}

Test(greet, serves_at_once_who_need_not_greet)
{
    begin();
    cr_expect_neq(session()->stage, STAGE_GREET);
    say("hello", 5);

    expect_served("hello", 5);
}

Test(greet, takes_the_client_from_a_proxy_header_and_sends_on_the_rest)
{
    accept_headers();
    begin();
    cr_expect_eq(session()->stage, STAGE_GREET);
    say(HEADER "hello", strlen(HEADER) + 5);

    expect_served("hello", 5);
    cr_expect_str_eq(endpoint_text(&session()->client).chars, "192.0.2.7:4711");
    cr_expect(session()->is_announced);
    cr_expect_str_eq(endpoint_text(&session()->announced).chars, "192.0.2.1:443");
}

Test(greet, takes_a_proxy_header_byte_by_byte)
{
    accept_headers();
    begin();
    for (size_t i = 0; i < strlen(HEADER); i++) {
        cr_expect_eq(session()->stage, STAGE_GREET, "over after %zu bytes", i);
        say(&HEADER[i], 1);
    }
    say("hello", 5);

    expect_served("hello", 5);
}

Test(greet, refuses_a_proxy_header_of_others)
{
    frontend.proxy_from = set_of("10.0.0.0/8");
    frontend.needs_greeting = true;
    begin();
    say(HEADER, strlen(HEADER));

    expect_refused("proxy-header");
}

Test(greet, does_not_make_others_wait)
{
    frontend.proxy_from = set_of("10.0.0.0/8");
    begin();
    cr_expect_neq(session()->stage, STAGE_GREET);
    say("hello", 5);

    expect_served("hello", 5);
    cr_expect_str_eq(endpoint_text(&session()->client).chars, "127.0.0.1:4000");
}

Test(greet, refuses_who_should_send_a_proxy_header_and_does_not)
{
    accept_headers();
    begin();
    say("GET / HTTP/1.0\r\n\r\n", 18);

    expect_refused("proxy-header");
}

Test(greet, judges_the_announced_client_not_the_one_that_announces)
{
    accept_headers();
    atomic_store(&frontend.access.deny, set_of("192.0.2.0/24"));
    begin();
    say(HEADER "hello", strlen(HEADER) + 5);

    expect_refused("not-allowed");
}

Test(greet, ends_with_a_client_that_leaves_before)
{
    accept_headers();
    begin();
    say("PROXY TCP4", 10);
    (void)close(client);

    expect_refused("client-closed");
}

Test(greet, does_not_wait_for_ever)
{
    frontend_settings.greet_timeout_ms = 50;
    accept_headers();
    begin();

    expect_refused("greet-timeout");
    cr_expect_leq(hear(client), 0);
}

static struct backend *other;

static void add_route(unsigned kind, const char *text)
{
    condition = (struct route_condition){ .kind = kind, .text = text };
    other = other_route.backend = make_backend();
    frontend_settings.routes = &to_other;
    frontend_settings.route_count = 1;
    frontend.routes = memory_new_array(1, sizeof other_route);
    frontend.routes[0] = other_route;
    frontend.needs_greeting = route_needs_greeting(&to_other, 1);
}

/* Of a server name, and with so many bytes that mean nothing. */
static struct bytes greeting(const char *name, size_t padding)
{
    static const unsigned char zeros[CLIENT_HELLO_MOST];
    struct bytes extensions = { 0 }, entry = { 0 }, list = { 0 };

    put_extension(&extensions, 21, zeros, padding);
    put(&entry, "\0", 1);
    put_part(&entry, 2, name, strlen(name));
    put_part(&list, 2, entry.at, entry.length);
    put_extension(&extensions, 0, list.at, list.length);
    return greeting_of(&extensions);
}

static void end_sessions(void)
{
    while (workspace.sessions.used)
        session_end_because(session(), ENDING_EXIT);
    frontend_settings.route_count = 0;
    backend_destroy(other);
}

static void expect_routed(const struct bytes *greeting, const struct backend *backend)
{
    begin();
    say(greeting->at, greeting->length);
    while (session()->stage == STAGE_GREET)
        turn();
    cr_expect_eq(session()->route->backend, backend);
}

Test(greet, routes_by_the_name_in_the_greeting_and_loses_nothing_of_it)
{
    struct bytes hello = greeting("Shop.Example.com", 0);

    add_route(ROUTE_NAME, "shop.example.com");
    expect_routed(&hello, other);
    expect_served(hello.at, hello.length);
    end_sessions();
}

Test(greet, routes_by_a_greeting_that_is_larger_than_a_small_piece)
{
    struct bytes hello = greeting("shop.example.com", 2 * WORKSPACE_SMALL_PIECE);

    add_route(ROUTE_NAME, "shop.example.com");
    expect_routed(&hello, other);
    expect_served(hello.at, hello.length);
    end_sessions();
    cr_expect_eq(workspace.pieces.used, 0);
    cr_expect_eq(workspace.small_pieces.used, 0);
}

Test(greet, sends_other_names_to_the_usual_backend)
{
    struct bytes hello = greeting("example.com", 0);

    add_route(ROUTE_NAME, "shop.example.com");
    expect_routed(&hello, frontend.usual.backend);
    end_sessions();
}

Test(greet, tells_who_does_not_speak_tls_by_the_first_byte)
{
    struct bytes hello = { .length = 1, .at = "G" };

    add_route(ROUTE_NO_TLS, NULL);
    expect_routed(&hello, other);
    expect_served("G", 1);
    end_sessions();
}

Test(greet, refuses_a_greeting_that_is_malformed)
{
    struct bytes hello = greeting("shop.example.com", 0);

    hello.at[5] = 99;
    add_route(ROUTE_NAME, "shop.example.com");
    begin();
    say(hello.at, hello.length);
    expect_refused("greeting");
    end_sessions();
}
