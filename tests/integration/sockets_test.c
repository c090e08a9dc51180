/* Several admin sockets, each with a level of its own; some of them TCP, on loopback. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/usher.h"

#include <string.h>

TestSuite(sockets, .timeout = 60);

static const char *rest_of_config(void)
{
    static const char *rest;

    if (!rest)
        rest = kept_format(USHER_WEB USHER_APP "check = off\nserver = a %s\n",
                           origin_address(origin_start("a")));
    return rest;
}

/* Where the TCP socket of this level is. */
static const char *address_of(struct usher *usher, const char *level)
{
    const char *sockets = usher_admin(usher, "show cli sockets"), *at = sockets;

    while ((at = strstr(at, "\nipv4@"))) {
        size_t length = strcspn(at += strlen("\nipv4@"), " ");

        if (strncmp(at + length + 1, level, strlen(level)) == 0)
            return kept_format("%.*s", (int)length, at);
    }
    cr_assert_fail("none of level %s: %s", level, sockets);
    return "";
}

static const char *ask(const char *address, const char *line)
{
    struct client *client = client_dial(address);
    const char *answer;

    client_say(client, kept_format("%s\n", line));
    answer = client_hear_all(client);
    client_close(client);
    return answer;
}

Test(sockets, on_loopback_are_for_users_unless_said)
{
    struct usher *usher = usher_start("[admin]\nsocket = 127.0.0.1:0\n"
                                      "socket = 127.0.0.2:0 level=operator\n%s",
                                      rest_of_config());
    const char *low = address_of(usher, "user"), *high = address_of(usher, "operator");

    cr_expect_str_eq(ask(low, "show cli level"), "user\n\n");
    cr_expect_str_eq(ask(low, "get weight app/a"), "1 (initial 1)\n\n");
    cr_expect_str_eq(ask(low, "show sess"), "Permission denied\n\n");
    cr_expect_str_eq(ask(high, "show cli level"), "operator\n\n");
    cr_expect_str_eq(ask(high, "disable server app/a"), "Permission denied\n\n");
    cr_expect(strstr(ask(high, "show sess"), "proto=tcpv4 src=127.0.0.1:"));
    usher_stop(usher);
}

Test(sockets, hide_addresses_from_users)
{
    struct usher *usher = usher_start("[admin]\nsocket = 127.0.0.1:0\n%s",
                                      rest_of_config());

    cr_expect(strstr(usher_admin(usher, "show stat"), ",127.0.0.1:"));
    cr_expect_null(strstr(ask(address_of(usher, "user"), "show stat"), ",127.0.0.1:"));
    cr_expect_null(strstr(ask(address_of(usher, "user"), "show stat json"), "127.0.0.1"));
    usher_stop(usher);
}

Test(sockets, are_told_with_their_levels)
{
    struct usher *usher = usher_start("[admin]\nsocket = 127.0.0.1:0 level=admin\n%s",
                                      rest_of_config());
    const char *address = address_of(usher, "admin");

    cr_expect_str_eq(usher_admin(usher, "show cli sockets"),
                     kept_format("# socket lvl processes\nunix@%s admin all\n"
                                 "ipv4@%s admin all\n\n",
                                 usher_admin_address(usher) + strlen("unix:"), address));
    cr_expect_str_eq(ask(address, "show cli level"), "admin\n\n");
    usher_stop(usher);
}

Test(sockets, come_and_go_by_a_reload)
{
    struct usher *usher = usher_start("[admin]\nsocket = 127.0.0.1:0\n%s",
                                      rest_of_config());
    const char *before = address_of(usher, "user");
    struct client *guest = client_dial(before);

    client_say(guest, "prompt\n");
    cr_expect_str_eq(client_hear(guest), "");
    (void)usher_reload(usher, "[admin]\nsocket = 127.0.0.1:0 level=operator\n%s",
                       rest_of_config());
    cr_expect_str_eq(address_of(usher, "operator"), before, "it stays open");
    (void)usher_reload(usher, "%s", rest_of_config());
    eventually(client_is_refused(before, 1000), 3000);
    client_say(guest, "show cli level\n");
    cr_expect_str_eq(client_hear(guest), "> user", "guests stay, with what they had");
    usher_stop(usher);
}

Test(sockets, name_who_changed_something)
{
    struct usher *usher = usher_start("[admin]\nsocket = 127.0.0.1:0 level=admin\n%s",
                                      rest_of_config());

    cr_expect_str_eq(ask(address_of(usher, "admin"), "disable server app/a"), "\n");
    eventually(usher_logged(usher, "server app/a", "by=\"address=127.0.0.1:", NULL),
               3000);
    usher_stop(usher);
}

Test(sockets, that_others_could_reach_are_refused)
{
    static const char *const addresses[] = { "0.0.0.0:0", ":9", "*:9", "[::]:9",
                                             "192.0.2.1:9" };
    struct usher *usher = usher_start("%s", rest_of_config());

    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        const char *said = usher_reload(usher, "[admin]\nsocket = %s\n%s", addresses[i],
                                        rest_of_config());

        cr_expect(strstr(said, "others than this host could reach it"), "%s: %s",
                  addresses[i], said);
    }
    cr_expect(strstr(usher_reload(usher, "[admin]\nsocket = 127.0.0.1:0 mode=0600\n%s",
                                  rest_of_config()),
                     "is for paths only"));
    usher_stop(usher);
}

Test(sockets, take_no_address_that_is_taken)
{
    struct usher *usher = usher_start("[admin]\nsocket = 127.0.0.1:0\n%s",
                                      rest_of_config());
    const char *said = usher_reload(usher,
                                    "[admin]\nsocket = 127.0.0.1:0\nsocket = %s\n%s",
                                    origin_address(origin_start("b")), rest_of_config());

    cr_expect(strstr(said, "another process is listening there"), "%s", said);
    cr_expect_str_eq(ask(address_of(usher, "user"), "show cli level"), "user\n\n");
    usher_stop(usher);
}

/* Who may only look takes no place of those who may act. */
Test(sockets, are_not_filled_by_a_crowd_at_another_one)
{
    enum { CROWD = 6 };
    struct usher *usher = usher_start("[admin]\nmaxclients = 3\nsocket = 127.0.0.1:0\n%s",
                                      rest_of_config());
    const char *low = address_of(usher, "user");

    for (int i = 0; i < CROWD; i++)
        client_say(client_dial(low), "wait 1h\n");
    cr_expect_str_eq(usher_admin(usher, "get weight app/a"), "1 (initial 1)\n\n");
    usher_stop(usher);
}

Test(sockets, have_room_when_a_crowd_sits_there_idle)
{
    enum { CROWD = 6 };
    struct usher *usher = usher_start("[admin]\nmaxclients = 3\nsocket = 127.0.0.1:0\n%s",
                                      rest_of_config());
    const char *low = address_of(usher, "user");

    for (int i = 0; i < CROWD; i++)
        client_say(client_dial(low), "prompt\nset timeout cli 3600\n");
    cr_expect_str_eq(ask(low, "get weight app/a"), "1 (initial 1)\n\n");
    usher_stop(usher);
}
