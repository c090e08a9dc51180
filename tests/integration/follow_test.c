/* What usher decides is told to whoever follows, as it happens. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/usher.h"

#include <poll.h>
#include <string.h>

static struct usher *usher;

static void set_up(void)
{
    usher = usher_start(USHER_WEB USHER_APP "check = off\nserver = a %s\n",
                        origin_address(origin_start("a")));
}

static void tear_down(void)
{
    usher_stop(usher);
}

TestSuite(follow, .timeout = 60, .init = set_up, .fini = tear_down);

static struct client *follow(const char *line)
{
    struct client *client = client_dial(usher_admin_address(usher));

    client_say(client, kept_format("%s\n", line));
    return client;
}

/* The next line that has this text. */
static const char *hear_of(struct client *client, const char *text)
{
    const char *line;

    while ((line = client_hear(client)) && !strstr(line, text))
        continue;
    cr_assert(line, "the end came before %s", text);
    return line;
}

static bool is_cut(const struct client *client)
{
    struct pollfd poll_fd = { .fd = client_fd(client) };

    return poll(&poll_fd, 1, 0) == 1 && poll_fd.revents & POLLHUP;
}

Test(follow, lists_where_events_are)
{
    cr_expect_str_eq(
        usher_admin(usher, "show events"),
        "Supported events sinks are listed below. Add -w(wait), -n(new). Any "
        "key to stop\n"
        "    events     : type=buffer, what usher decided lately\n\n");
    cr_expect_str_eq(usher_admin(usher, "show events buf9"), "No such event sink\n\n");
    cr_expect_str_eq(usher_admin(usher, "user;show events"), "\nPermission denied\n\n");
}

Test(follow, tells_what_was_decided_and_ends)
{
    const char *said = usher_admin(usher, "show events events");

    cr_expect(strstr(said, "Z notice  serving  generation=1 "), "%s", said);
    cr_expect_str_eq(said + strlen(said) - 2, "\n\n");
    cr_expect_str_eq(usher_admin(usher, "show events -n"), "\n");
}

Test(follow, tells_what_happens)
{
    struct client *client = follow("show events -w");

    (void)hear_of(client, "serving");
    for (int i = 0; i < 3; i++) {
        (void)usher_admin(usher, "disable server app/a");
        cr_expect(strstr(hear_of(client, "server app/a is set to"), "to maint "));
        (void)usher_admin(usher, "enable server app/a");
        cr_expect(strstr(hear_of(client, "server app/a is set to"), "to ready "));
    }
    client_close(client);
}

Test(follow, tells_of_new_events_only_if_that_is_asked_for)
{
    struct client *client = follow("echo now; show events -nw");

    cr_expect_str_eq(client_hear(client), "now");
    cr_expect_str_eq(client_hear(client), "");
    (void)usher_admin(usher, "set weight app/a 7");
    cr_expect(strstr(client_hear(client), "app/a"));
    client_close(client);
}

Test(follow, goes_on_for_one_who_only_says_no_more)
{
    struct client *client = follow("show events -w");

    client_half_close(client);
    (void)hear_of(client, "serving");
    (void)usher_admin(usher, "set weight app/a 7");
    (void)hear_of(client, "app/a");
    client_close(client);
}

Test(follow, outlasts_the_timeout_of_idle_clients)
{
    struct client *client = follow("set timeout cli 200ms; show events -w");

    (void)hear_of(client, "serving");
    meanwhile(!is_cut(client), 800);
    (void)usher_admin(usher, "set weight app/a 7");
    (void)hear_of(client, "app/a");
    client_close(client);
}

Test(follow, ends_when_the_client_says_something)
{
    struct client *client = follow("prompt\nshow events -w");

    (void)hear_of(client, "serving");
    client_say(client, "show cli level\n");
    cr_expect(strstr(hear_of(client, "admin"), "> admin"));
    cr_expect_str_eq(client_hear(client), "");
    client_say(client, "get weight app/a\n");
    cr_expect_str_eq(client_hear(client), "> 1 (initial 1)");
    client_close(client);
}

Test(follow, lets_go_of_one_who_leaves)
{
    struct client *clients[60];

    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 60; i++)
            clients[i] = follow("show events -w");
        for (int i = 0; i < 60; i++)
            client_close(clients[i]);
    }
    cr_expect_str_eq(usher_admin(usher, "get weight app/a"), "1 (initial 1)\n\n");
}

static void make_events(void)
{
    const char *line = "set weight app/a 2;set weight app/a 3";

    for (int i = 0; i < 6; i++)
        line = kept_format("%s;%s", line, line);
    (void)usher_admin(usher, "%s", line);
}

Test(follow, cuts_one_who_never_reads)
{
    struct client *deaf = follow("set timeout cli 200ms; show events -w");
    uint64_t until = patience_now_ms() + patience_ms(20000);

    while (!is_cut(deaf) && patience_now_ms() < until)
        make_events();
    cr_expect(is_cut(deaf));
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
}
