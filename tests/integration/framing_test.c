/* How requests are cut and answers are framed on the admin socket, byte for byte, and
 * what those get who do not keep to it. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/proc.h"
#include "support/scratch.h"
#include "support/usher.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define NO_CERTIFICATE                                                                   \
    "Can't replace a certificate which is not referenced by the configuration!\n"        \
    "Can't update /x!\n\n"

enum { LINE_MOST = 65536, CROWD = 200, HUGE = 10 * 1000 * 1000 };

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

TestSuite(framing, .timeout = 60, .init = set_up, .fini = tear_down);

static struct client *come(void)
{
    return client_dial(usher_admin_address(usher));
}

/* Everything that comes back for exactly these bytes, up to the end. */
static const char *exchange(const char *bytes)
{
    struct client *client = come();
    const char *answer;

    client_say(client, bytes);
    answer = client_hear_all(client);
    client_close(client);
    return answer;
}

static void expect(const char *said, const char *answer)
{
    const char *heard = exchange(said);

    cr_expect_str_eq(heard, answer, "after \"%s\" got \"%s\"", said, heard);
}

static void expect_well(void)
{
    expect("get weight app/a\n", "1 (initial 1)\n\n");
}

Test(framing, takes_empty_commands_for_empty_answers)
{
    expect("\n", "\n");
    expect(";\n", "\n\n");
    expect("get weight app/a;\n", "1 (initial 1)\n\n\n");
    expect(";;get weight app/a\n", "\n\n1 (initial 1)\n\n");
    expect(" \t \n", "\n");
}

Test(framing, takes_characters_as_they_are_behind_a_backslash)
{
    expect("echo a\\;b; echo c\\ d \\\\\n", "a;b\n\nc d \\\n\n");
    expect("echo a\\\n", "a\n\n");
}

Test(framing, takes_sixty_four_words)
{
    const char *line = "echo";

    for (int i = 1; i < 64; i++)
        line = kept_format("%s x", line);
    cr_expect_eq(strlen(exchange(kept_format("%s\n", line))), 63 * 2 - 1 + 2);
    expect(kept_format("%s x\n", line),
           "Too many arguments. Commands must have at most 64 arguments.\n\n");
}

Test(framing, marks_messages_by_severity_and_tables_never)
{
    expect("set severity-output number; get weight app/z; get weight app/a\n",
           "\n[3]: No such server.\n\n1 (initial 1)\n\n");
    expect("set severity-output string; get weight app/z; show cli level\n",
           "\n[err]: No such server.\n\n[info]: admin\n\n");
    expect("set severity-output number; set severity-output none; show cli level\n",
           "\n\nadmin\n\n");
    expect("set severity-output loud\n",
           "one of 'none', 'number', 'string' is a required argument\n\n");
    expect("set severity-output number; user; reload\n",
           "\n\n[3]: Permission denied\n\n");
    expect("set severity-output number;show backend\n", "\n# name\napp\n\n");
}

Test(framing, has_modes_with_and_without_a_prompt)
{
    expect("prompt i\nshow cli level\nquit\n", "\nadmin\n\n");
    expect("prompt p\nshow cli level\nquit\n", "\n> admin\n\n> ");
    expect("prompt i\nprompt n\nshow cli level\n", "\n\nadmin\n\n");
    expect("experimental-mode on; expert-mode off; show cli level\n", "\n\nadmin\n\n");
    expect("expert-mode\n", "The mode is 'on' or 'off'.\n\n");
    expect("prompt x\n", "'prompt' expects 'n', 'i', 'p' or 'timed'.\n\n");
    expect("prompt timed\nquit\n", "\n[0:00:00:00]> ");
}

Test(framing, ends_after_what_was_heard_when_the_client_says_no_more)
{
    struct client *client = come();

    client_say(client, "prompt\nget weight app/a\nget weight app");
    client_half_close(client);
    cr_expect_str_eq(client_hear_all(client), "\n> 1 (initial 1)\n\n> ");
}

Test(framing, takes_a_payload_to_its_mark)
{
    expect("set ssl cert /x <<\nget weight app/a\n\n", NO_CERTIFICATE);
    expect("set ssl cert /x <<%EOF%\nget weight app/a\n\nmore\n%EOF%\n", NO_CERTIFICATE);
    expect("prompt\nset ssl cert /x <<%EOF%\n1\n2\n%EOF%\nquit\n",
           "\n> + + + " NO_CERTIFICATE "> ");
    expect("echo said <<\nmore\n\n", "said\n\n");
}

Test(framing, takes_a_payload_without_its_end_for_nothing)
{
    struct client *client = come();

    client_say(client, "set ssl cert /x <<%EOF%\n1\n\n");
    client_half_close(client);
    cr_expect_str_eq(client_hear_all(client), "");
    expect_well();
}

static char *many(char letter, size_t count)
{
    char *text = malloc(count + 2);

    cr_assert(text);
    memset(text, letter, count);
    text[count] = '\n';
    text[count + 1] = '\0';
    (void)kept_text(text);
    return text;
}

Test(framing, takes_a_line_of_64_kilobytes_and_not_a_byte_more)
{
    char *line = many('x', LINE_MOST);

    memcpy(line, "echo ", 5);
    cr_expect_eq(strlen(exchange(line)), LINE_MOST - 5 + 2);
    line = many('x', LINE_MOST + 1);
    memcpy(line, "echo ", 5);
    expect(line, "The line is too long: at most 65536 bytes.\n\n");
    expect_well();
}

Test(framing, takes_a_payload_of_128_kilobytes)
{
    const char *line = many('x', LINE_MOST - 1);

    expect(kept_format("set ssl cert /x <<\n%s%s\n", line, line), NO_CERTIFICATE);
    expect(kept_format("set ssl cert /x <<\n%s%sx\n\n", line, line),
           "The payload is too long: at most 131072 bytes.\n\n");
    expect_well();
}

/* Its answer is there for it when it listens at last, and its end as well. */
Test(framing, does_not_keep_ten_megabytes_without_a_line)
{
    struct client *client = come();
    uint64_t before = proc_memory_kb(usher_pid(usher));
    const char *piece = many('x', 100 * 1000 - 1);

    for (size_t sent = 0; sent < HUGE; sent += 100 * 1000)
        if (!client_try_put(client, piece, 99 * 1000))
            break;
    if (!patience_is_sanitized())
        cr_expect_lt(proc_memory_kb(usher_pid(usher)), before + 2048);
    cr_expect_str_eq(client_hear_all(client),
                     "The line is too long: at most 65536 bytes.\n\n");
    expect_well();
}

Test(framing, does_not_mind_clients_that_leave_in_the_middle_of_an_answer)
{
    const char *line = "show stat";

    for (int i = 0; i < 200; i++)
        line = kept_format("%s;show stat", line);
    for (int i = 0; i < 30; i++) {
        struct client *client = come();

        client_say(client, kept_format("%s\n", line));
        if (i % 3)
            (void)client_hear(client);
        if (i % 2)
            client_reset(client);
        else
            client_close(client);
    }
    expect_well();
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
}

/* The last ones wait in the backlog; those who were silent make room for them. */
Test(framing, answers_those_who_come_behind_a_silent_crowd)
{
    const char *web = usher_web(usher);
    struct client *late;

    for (int i = 0; i < CROWD; i++)
        (void)come();
    late = come();
    client_say(late, "get weight app/a\n");
    cr_expect_str_eq(client_ask_once(web), "a");
    cr_expect_str_eq(client_hear_all(late), "1 (initial 1)\n\n");
}

static bool is_cut(const struct client *client)
{
    struct pollfd poll_fd = { .fd = client_fd(client) };

    return poll(&poll_fd, 1, 0) == 1 && poll_fd.revents & POLLHUP;
}

Test(framing, lets_go_of_a_client_that_never_reads)
{
    struct client *deaf = come();

    client_say(deaf, "set timeout cli 300ms; prompt\n");
    while (send(client_fd(deaf), "show stat\n", 10, MSG_NOSIGNAL | MSG_DONTWAIT) == 10)
        continue;
    eventually(is_cut(deaf), 5000);
    expect_well();
}
