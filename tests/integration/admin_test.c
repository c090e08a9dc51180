/* The admin socket speaks HAProxy's runtime dialect, byte for byte. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/proc.h"
#include "support/scratch.h"
#include "support/usher.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(admin, .timeout = 60);

enum { CROWD = 200, DEAF_COMMANDS = 2000, TOO_LONG = 70000 };

static struct usher *start(void)
{
    return usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                       "server = a %s\nserver = b %s\n",
                       origin_address(origin_start("a")),
                       origin_address(origin_start("b")));
}

static struct client *connect_to(struct usher *usher)
{
    return client_dial(usher_admin_address(usher));
}

/* Everything that comes back for exactly these bytes, up to the end. */
static const char *exchange(struct usher *usher, const char *bytes)
{
    struct client *client = connect_to(usher);
    const char *answer;

    client_say(client, bytes);
    answer = client_hear_all(client);
    client_close(client);
    return answer;
}

Test(admin, frames_each_answer_with_one_empty_line_and_closes)
{
    static const struct {
        const char *said, *answer;
    } cases[] = {
        { "get weight app/a\n", "1 (initial 1)\n\n" },
        { "get weight app/a\r\n", "1 (initial 1)\n\n" },
        { "  get \t weight   app/a  \n", "1 (initial 1)\n\n" },
        { "enable server app/a\n", "\n" },
        { "get weight app/a; disable server app/b\n", "1 (initial 1)\n\n\n" },
        { "enable server app/b;enable server app/b;enable server app/b\n", "\n\n\n" },
        { "\n", "\n" },
        { "get weight app/a\nget weight app/b\n", "1 (initial 1)\n\n1 (initial 1)\n\n" },
        { "quit\n", "" },
        { "show cli level\n", "admin\n\n" },
    };
    struct usher *usher = start();

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_expect_str_eq(exchange(usher, cases[i].said), cases[i].answer,
                         "after %s got %s", cases[i].said,
                         exchange(usher, cases[i].said));
    usher_stop(usher);
}

Test(admin, refuses_in_the_dialects_words)
{
    static const struct {
        const char *said, *answer;
    } cases[] = {
        { "get weight\n", "Require 'backend/server'.\n\n" },
        { "get weight app\n", "Require 'backend/server'.\n\n" },
        { "get weight ap/a\n", "No such backend.\n\n" },
        { "get weight app/x\n", "No such server.\n\n" },
        { "set server app/x state ready\n", "No such server.\n\n" },
        { "set server app/a state sleep\n",
          "'set server <srv> state' expects 'ready', 'drain' and 'maint'.\n\n" },
        { "set weight app/a\n", "Require <weight> or <weight%>.\n\n" },
        { "set weight app/a x\n",
          "Empty weight string empty or preceded by garbage\n\n" },
        { "set weight app/a -1\n",
          "Absolute weight can only be between 0 and 256 inclusive.\n\n" },
        { "set weight app/a 257\n",
          "Absolute weight can only be between 0 and 256 inclusive.\n\n" },
        { "set weight app/a 5x\n", "Trailing garbage in weight string\n\n" },
        { "set weight app/a -5%\n", "Relative weight must be positive.\n\n" },
        { "shutdown session 0xfffffff\n", "No such session (use 'show sess').\n\n" },
        { "shutdown session\n", "Session pointer expected (use 'show sess').\n\n" },
        { "show stat nobody -1 -1\n", "No such proxy.\n\n" },
        { "show servers state nobody\n", "Can't find backend.\n\n" },
    };
    struct usher *usher = start();

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        cr_expect_str_eq(exchange(usher, cases[i].said), cases[i].answer,
                         "after %s got %s", cases[i].said,
                         exchange(usher, cases[i].said));
    usher_stop(usher);
}

Test(admin, takes_numbers_for_names)
{
    struct usher *usher = start();
    const char *id = usher_stat(usher, "app", "b", "iid");

    (void)usher_admin(usher, "set weight app/b 7");
    cr_expect_str_eq(usher_admin(usher, "get weight #%s/#2", id), "7 (initial 1)\n\n");
    cr_expect_str_eq(usher_admin(usher, "get weight app/#2"), "7 (initial 1)\n\n");
    usher_stop(usher);
}

Test(admin, answers_n_silent_commands_with_n_line_feeds)
{
    struct usher *usher = start();
    const char *line = "";

    for (int i = 0; i < 50; i++)
        line = kept_format("%s%sdisable server app/b", line, i ? ";" : "");
    cr_expect_eq(strspn(exchange(usher, kept_format("%s\n", line)), "\n"), 50);
    usher_stop(usher);
}

Test(admin, prompts_when_asked_to)
{
    struct usher *usher = start();

    cr_expect_str_eq(exchange(usher, "prompt\nquit\n"), "\n> ");
    cr_expect_str_eq(exchange(usher, "prompt\nget weight app/a\nquit\n"),
                     "\n> 1 (initial 1)\n\n> ");
    cr_expect_str_eq(exchange(usher, "prompt\nenable server app/a\nquit\n"), "\n> \n> ");
    cr_expect_str_eq(exchange(usher,
                              "prompt\nget weight app/a;enable server app/a\nquit\n"),
                     "\n> 1 (initial 1)\n\n\n> ");
    cr_expect_str_eq(exchange(usher, "prompt\nprompt\n"), "\n> \n");
    usher_stop(usher);
}

Test(admin, stays_with_a_prompt_until_the_client_leaves)
{
    struct usher *usher = start();
    struct client *client = connect_to(usher);

    client_say(client, "prompt\n");
    cr_expect_str_eq(client_hear(client), "");
    for (int i = 0; i < 20; i++) {
        client_say(client, "get weight app/a\n");
        cr_assert(strstr(client_hear(client), "1 (initial 1)"));
        cr_assert_str_eq(client_hear(client), "");
    }
    cr_expect(client_is_open(client));
    usher_stop(usher);
}

Test(admin, names_unknown_commands)
{
    struct usher *usher = start();
    const char *answer = exchange(usher, "sohw info\n");
    size_t length = strlen(answer);

    cr_expect(strncmp(answer, "Unknown command: 'sohw'", 23) == 0, "%s", answer);
    cr_expect(length > 2 && strcmp(answer + length - 2, "\n\n") == 0, "%s", answer);
    cr_expect_eq(strncmp(exchange(usher, "show nothing\n"), "Unknown command", 15), 0);
    cr_expect(strstr(exchange(usher, "help\n"), "show stat"));
    usher_stop(usher);
}

Test(admin, refuses_a_line_that_is_too_long)
{
    struct usher *usher = start();
    char *line = malloc(TOO_LONG + 1);
    struct client *client = connect_to(usher);

    cr_assert(line);
    memset(line, 'x', TOO_LONG);
    line[TOO_LONG] = '\0';
    client_say(client, kept_text(line));
    cr_expect(strstr(client_hear_all(client), "too"), "no complaint");
    cr_expect_str_eq(exchange(usher, "get weight app/a\n"), "1 (initial 1)\n\n");
    usher_stop(usher);
}

Test(admin, survives_every_byte)
{
    struct usher *usher = start();
    char bytes[256 * 2 + 1];

    for (int i = 0; i < 256; i++) {
        struct client *client = connect_to(usher);
        char line[] = { 's', 'h', 'o', 'w', (char)i, (char)(255 - i), '\n' };

        bytes[2 * i] = (char)(i ? i : 1);
        bytes[2 * i + 1] = (char)(i ? 255 - i + !(255 - i) : 1);
        cr_assert_eq(write(client_fd(client), line, sizeof line), (ssize_t)sizeof line);
        client_half_close(client);
        cr_assert_neq(client_end(client, patience_ms(5000)), STREAM_OPEN, "byte %d", i);
        client_close(client);
    }
    bytes[512] = '\0';
    (void)exchange(usher, kept_format("%s\n", bytes));
    cr_expect_str_eq(exchange(usher, "get weight app/a\n"), "1 (initial 1)\n\n");
    usher_stop(usher);
}

Test(admin, never_runs_half_a_line)
{
    struct usher *usher = start();
    struct client *client = connect_to(usher);

    client_say(client, "disable server app/a");
    client_half_close(client);
    cr_expect_str_eq(client_hear_all(client), "");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "status"), "UP");
    usher_stop(usher);
}

Test(admin, runs_a_whole_line_that_a_half_close_follows)
{
    struct usher *usher = start();
    struct client *client = connect_to(usher);

    client_say(client, "get weight app/a\n");
    client_half_close(client);
    cr_expect_str_eq(client_hear_all(client), "1 (initial 1)\n\n");
    usher_stop(usher);
}

Test(admin, takes_a_line_that_comes_byte_by_byte)
{
    struct usher *usher = start();
    struct client *client = connect_to(usher);

    for (const char *text = "get weight app/a\n"; *text; text++) {
        client_say(client, kept_format("%c", *text));
        patience_pause();
    }
    cr_expect_str_eq(client_hear_all(client), "1 (initial 1)\n\n");
    usher_stop(usher);
}

Test(admin, answers_two_hundred_connections)
{
    struct usher *usher = start();
    struct client *clients[CROWD];

    for (int i = 0; i < CROWD; i++) {
        clients[i] = connect_to(usher);
        client_say(clients[i], "get weight app/a\n");
    }
    for (int i = 0; i < CROWD; i++)
        cr_assert_str_eq(client_hear_all(clients[i]), "1 (initial 1)\n\n", "client %d",
                         i);
    usher_stop(usher);
}

Test(admin, lets_idle_clients_go_after_the_timeout)
{
    struct origin *a = origin_start("a");
    const char *folder = scratch_create();
    const char *path = scratch_path(folder, "socket");
    struct usher *usher = usher_start_with(
        (struct usher_options){ .at_once = true },
        "[admin]\nsocket = %s\ntimeout = 300ms\nmaxclients = 2\n" USHER_WEB USHER_APP
        "server = a %s\n",
        path, origin_address(a));
    const char *address = kept_format("unix:%s", path);
    struct client *silent[2], *late;

    eventually((silent[0] = client_try(address)), 5000);
    silent[1] = client_dial(address);
    late = client_dial(address);
    client_say(late, "get weight app/a\n");
    cr_expect_str_eq(client_hear_all(late), "1 (initial 1)\n\n");
    cr_expect_str_eq(client_hear_all(silent[0]), "");
    cr_expect_str_eq(client_hear_all(silent[1]), "");
    usher_stop(usher);
    scratch_remove(folder);
}

Test(admin, is_not_held_up_by_a_client_that_never_reads)
{
    struct usher *usher = start();
    struct client *deaf = connect_to(usher);
    uint64_t before = proc_memory_kb(usher_pid(usher));

    client_say(deaf, "prompt\n");
    for (int i = 0; i < DEAF_COMMANDS; i++)
        if (send(client_fd(deaf), "show stat\n", 10, MSG_NOSIGNAL | MSG_DONTWAIT) == -1)
            break;
    for (int i = 0; i < 20; i++)
        cr_assert_str_eq(exchange(usher, "get weight app/a\n"), "1 (initial 1)\n\n");
    cr_expect_str_neq(client_ask_once(usher_web(usher)), "");
    if (!patience_is_sanitized())
        cr_expect_lt(proc_memory_kb(usher_pid(usher)), before + 4096);
    usher_stop(usher);
}
