/* Usher's own words on the admin socket: drain, show why, diff, save, reload, json. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/spawn.h"
#include "support/usher.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

TestSuite(words, .timeout = 60);

enum { CLIENTS = 10, LEAVERS = 30 };

static struct origin *origins[2];
static struct client *clients[CLIENTS];

static struct usher *start_with(const char *lines)
{
    origins[0] = origin_start("a");
    origins[1] = origin_start("b");
    return usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                       "%sserver = a %s weight=10\nserver = b %s weight=10\n",
                       lines, origin_address(origins[0]), origin_address(origins[1]));
}

static struct usher *start(void)
{
    return start_with("");
}

/* Half of them at each server. */
static void connect_clients(struct usher *usher)
{
    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = client_connect(usher);
        (void)client_ask(clients[i], "who");
    }
}

static int count_open(void)
{
    int open = 0;

    for (int i = 0; i < CLIENTS; i++)
        open += client_is_open(clients[i]);
    return open;
}

static struct client *say(struct usher *usher, const char *line)
{
    struct client *client = client_dial(usher_admin_address(usher));

    client_say(client, line);
    return client;
}

/* The first line with this text. */
static void expect_line(struct client *client, const char *text)
{
    const char *line = client_hear(client);

    cr_assert(line && strstr(line, text), "%s instead of %s", line ? line : "the end",
              text);
}

static const char *last_line(struct client *client)
{
    const char *line, *last = "";

    while ((line = client_hear(client)))
        last = *line ? line : last;
    return last;
}

static bool has(const char *text, const char *part)
{
    bool is_there = strstr(text, part) != NULL;

    if (!is_there)
        cr_log_warn("no \"%s\" in: %s", part, text);
    return is_there;
}

/* -- drain */

Test(words, drain_answers_when_the_last_session_has_left)
{
    struct usher *usher = start();
    struct client *asker;

    connect_clients(usher);
    asker = say(usher, "drain app wait\n");
    expect_line(asker, "app: 10 sessions left");
    cr_expect(client_is_refused(usher_web(usher), 3000));
    for (int i = 0; i < CLIENTS; i++)
        client_close(clients[i]);
    cr_expect_str_eq(last_line(asker), "app: drained");
    client_close(asker);
    usher_stop(usher);
}

Test(words, drain_tells_again_and_again_how_many_are_left)
{
    struct usher *usher = start();
    struct client *asker;

    connect_clients(usher);
    asker = say(usher, "drain app/a wait\n");
    expect_line(asker, "app/a: 5 sessions left");
    expect_line(asker, "app/a: 5 sessions left");
    expect_line(asker, "app/a: 5 sessions left");
    client_close(asker);
    usher_stop(usher);
}

Test(words, drain_ends_those_who_stay_little_by_little)
{
    struct usher *usher = start();
    struct client *asker;

    connect_clients(usher);
    asker = say(usher, "drain app/a timeout 2s then kill wait\n");
    expect_line(asker, "app/a: 5 sessions left");
    eventually(count_open() < CLIENTS, 2000);
    cr_expect_gt(count_open(), CLIENTS / 2 + 1);
    cr_expect_str_eq(last_line(asker), "app/a: drained");
    cr_expect_eq(count_open(), CLIENTS / 2);
    eventually(usher_log_count(usher, "ending=admin") >= CLIENTS / 2, 2000);
    client_close(asker);
    usher_stop(usher);
}

/* On each worker; here is only one. */
Test(words, drain_ends_the_idle_first)
{
    struct usher *usher;

    origins[0] = origin_start("a");
    usher = usher_start("[global]\nworkers = 1\n" USHER_WEB USHER_APP "server = a %s\n",
                        origin_address(origins[0]));
    for (int i = 0; i < 4; i++) {
        clients[i] = client_connect(usher);
        (void)client_ask(clients[i], "who");
    }
    patience_pause();
    (void)client_ask(clients[0], "who");
    (void)usher_admin(usher, "drain app/a timeout 1s then kill");
    eventually(!client_is_open(clients[1]), 3000);
    cr_expect(client_is_open(clients[0]));
    eventually(!client_is_open(clients[0]), 3000);
    usher_stop(usher);
}

Test(words, drain_says_who_is_left_when_its_time_is_over)
{
    struct usher *usher = start();

    connect_clients(usher);
    cr_expect(has(usher_admin(usher, "drain app/a timeout 300ms wait"),
                  "app/a: time is over, 5 sessions left\n\n"));
    meanwhile(count_open() == CLIENTS, 300);
    cr_expect_str_eq(usher_stat(usher, "app", "a", "status"), "DRAIN");
    usher_stop(usher);
}

Test(words, drain_goes_on_without_its_client)
{
    struct usher *usher = start();

    connect_clients(usher);
    for (int i = 0; i < LEAVERS; i++) {
        struct client *asker = say(usher, "drain app/a timeout 2s then kill wait\n");

        expect_line(asker, "left");
        client_close(asker);
    }
    cr_expect(has(usher_admin(usher, "show why app/a"), "set it to drain"));
    eventually(count_open() == CLIENTS / 2, 10000);
    usher_stop(usher);
}

/* They wait without being told anything, so that no write fails. */
Test(words, drain_holds_no_place_for_those_who_left)
{
    struct usher *usher;

    origins[0] = origin_start("a");
    usher = usher_start("[admin]\nmaxclients = 4\n" USHER_WEB USHER_APP "server = a %s\n",
                        origin_address(origins[0]));
    connect_clients(usher);
    for (int i = 0; i < LEAVERS; i++)
        client_close(say(usher, "drain app/a wait json\n"));
    cr_expect(has(usher_admin(usher, "show why app/a"), "set it to drain"));
    cr_expect_eq(count_open(), CLIENTS);
    usher_stop(usher);
}

Test(words, drain_is_heard_to_its_end_by_one_who_says_no_more)
{
    struct usher *usher = start();
    struct client *asker;

    connect_clients(usher);
    asker = say(usher, "drain app/a timeout 300ms then kill wait\n");
    client_half_close(asker);
    cr_expect_str_eq(last_line(asker), "app/a: drained");
    client_close(asker);
    usher_stop(usher);
}

Test(words, drain_is_over_when_the_server_is_made_ready)
{
    static const char *const ways[] = {
        "ready app/a",
        "ready app",
        "enable server app/a",
        "set server app/a state ready",
    };
    struct usher *usher = start();

    connect_clients(usher);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct client *asker = say(usher, "drain app/a timeout 2s then kill wait\n");

        expect_line(asker, "app/a: 5 sessions left");
        cr_expect_str_eq(usher_admin(usher, "%s", ways[i]), "\n");
        cr_expect_str_eq(last_line(asker), "app/a: ready again, 5 sessions left");
        client_close(asker);
    }
    meanwhile(count_open() == CLIENTS, 700);
    usher_stop(usher);
}

/* Of two wishes the later one counts. */
Test(words, drain_may_be_wished_for_in_another_way)
{
    struct usher *usher = start();

    connect_clients(usher);
    (void)usher_admin(usher, "drain app/a timeout 1s then kill");
    (void)usher_admin(usher, "drain app/a");
    meanwhile(count_open() == CLIENTS, 1300);
    (void)usher_admin(usher, "drain app/a then kill");
    eventually(count_open() == CLIENTS / 2, 3000);
    usher_stop(usher);
}

Test(words, drain_ends_when_a_reload_takes_the_server_away)
{
    struct usher *usher = start();
    struct client *asker;

    connect_clients(usher);
    asker = say(usher, "drain app/a wait\n");
    expect_line(asker, "left");
    (void)usher_reload(usher, USHER_WEB USHER_APP "server = b %s\n",
                       origin_address(origins[1]));
    cr_expect_str_eq(last_line(asker), "No such server.");
    client_close(asker);
    usher_stop(usher);
}

/* -- show why */

static void expect_why(struct usher *usher, const char *server, const char *part)
{
    eventually(strstr(usher_admin(usher, "show why %s", server), part), 5000);
}

Test(words, show_why_tells_the_share_of_those_that_serve)
{
    struct usher *usher = start();

    expect_why(usher, "app/a", "app/a gets traffic: it is up for ");
    expect_why(usher, "app/a", "the check said L4OK");
    expect_why(usher, "app/a", "its share of new sessions is 50 %.");
    (void)usher_admin(usher, "set weight app/a 30");
    expect_why(usher, "app/a", "is 75 %.");
    expect_why(usher, "app/b", "is 25 %.");
    (void)usher_admin(usher, "set weight app/a 0");
    expect_why(usher, "app/a", "an administrator set its weight of 10 to 0.");
    expect_why(usher, "app/b", "is 100 %.");
    usher_stop(usher);
}

Test(words, show_why_tells_who_wants_it_so_and_what_failed)
{
    struct usher *usher = start();
    const char *by = kept_format("(uid=%u pid=%d)", (unsigned)getuid(), (int)getpid());

    (void)usher_admin(usher, "disable server app/a");
    expect_why(usher, "app/a", "an administrator put it in maintenance 0s ago ");
    expect_why(usher, "app/a", by);
    (void)usher_admin(usher, "enable server app/a");
    origin_shut(origins[0]);
    expect_why(usher, "app/a", "the check said L4CON (Connection refused), ");
    usher_stop(usher);
}

Test(words, show_why_tells_of_tiers_limits_and_ways)
{
    struct usher *usher;

    origins[0] = origin_start("a");
    origins[1] = origin_start("b");
    usher = usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                        "server = a %s maxconn=1\nserver = b %s backup\n"
                        "[backend lonely]\ncheck = off\nserver = c %s\n"
                        "[backend old]\ncheck = off\nserver = d %s\n",
                        origin_address(origins[0]), origin_address(origins[1]),
                        origin_address(origins[0]), origin_address(origins[0]));
    expect_why(usher, "app/b", "it is in tier backup, and servers of tier 1 serve.");
    clients[0] = client_connect(usher);
    (void)client_ask(clients[0], "who");
    expect_why(usher, "app/a", "it is full: 1 of 1 sessions.");
    expect_why(usher, "lonely/c", "no frontend leads to its backend.");
    client_close(clients[0]);
    eventually(usher_sessions(usher) == 0, 5000);
    (void)usher_admin(usher, "set maxconn frontend web 0");
    cr_expect(strstr(usher_admin(usher, "show why app/a"), "app/a gets no new sessions"));
    cr_expect_str_eq(usher_admin(usher, "reload now"),
                     "'reload' takes no arguments.\n\n");
    cr_expect_str_eq(usher_admin(usher, "show why app/x"), "No such server.\n\n");
    cr_expect_str_eq(usher_admin(usher, "show why"), "Require 'backend/server'.\n\n");
    usher_stop(usher);
}

/* -- diff, save, reload */

Test(words, save_writes_what_a_restart_would_forget)
{
    const char *folder = scratch_create(), *path = scratch_path(folder, "state");
    struct usher *usher;

    origins[0] = origin_start("a");
    usher = usher_start("[global]\nworkers = 1\nstate-file = %s\n" USHER_WEB USHER_APP
                        "server = a %s weight=10\n",
                        path, origin_address(origins[0]));
    cr_expect_str_eq(usher_admin(usher, "save"),
                     kept_format("saved: 0 changes to %s\n\n", path));
    (void)usher_admin(usher, "set weight app/a 5; set server app/a state drain; "
                             "add access web deny 192.0.2.1");
    cr_expect_str_eq(usher_admin(usher, "save"),
                     kept_format("saved: 2 changes to %s\n"
                                 "not saved: frontend web: deny 192.0.2.1 added\n\n",
                                 path));
    cr_expect(has(kept_file(path), "app/a will=drain weight=5 of=10\n"));
    usher_signal(usher, 9);
    usher_forget(usher);
    usher = usher_start("[global]\nworkers = 1\nstate-file = %s\n" USHER_WEB USHER_APP
                        "server = a %s weight=10\n",
                        path, origin_address(origins[0]));
    cr_expect_str_eq(usher_admin(usher, "diff"), "server app/a: state ready -> drain\n"
                                                 "server app/a: weight 10 -> 5\n\n");
    usher_stop(usher);
    scratch_remove(folder);
}

Test(words, save_says_why_it_cannot)
{
    const char *folder = scratch_create();
    struct usher *usher = start();

    cr_expect(has(usher_admin(usher, "save"), "not saved: No state-file is configured"));
    (void)
        usher_reload(usher,
                     "[global]\nworkers = 2\nstate-file = %s/none/x\n" USHER_WEB USHER_APP
                     "server = a %s\n",
                     folder, origin_address(origins[0]));
    cr_expect_str_eq(usher_admin(usher, "save"),
                     "not saved: No such file or directory\n\n");
    usher_stop(usher);
    scratch_remove(folder);
}

Test(words, reload_tells_what_changed_and_what_became_of_changes_by_hand)
{
    struct usher *usher = start();
    const char *answer;

    (void)usher_admin(usher, "set weight app/a 5; set weight app/b 5; "
                             "set server app/b state maint");
    answer = usher_reload(usher,
                          USHER_WEB USHER_APP USHER_QUICK_CHECKS
                          "server = a %s weight=20\nserver = b %s weight=10\n",
                          origin_address(origins[0]), origin_address(origins[1]));
    cr_expect_str_eq(answer,
                     "applied: generation 2\n"
                     "server app/a: weight 10 -> 20\n"
                     "dropped: server app/a: weight 10 -> 5\n"
                     "kept: server app/b: state ready -> maint\n"
                     "kept: server app/b: weight 10 -> 5\n\n",
                     "%s", answer);
    cr_expect(usher_logged(usher, "reload kept: server app/b: weight 10 -> 5", NULL));
    answer = usher_reload(usher, USHER_WEB USHER_APP "server = a nowhere\n");
    cr_expect(has(answer, "refused: 1 problem; generation 2 goes on\n"));
    cr_expect(has(answer, "usher.ini:"));
    cr_expect(has(usher_admin(usher, "diff"), "app/b: weight 10 -> 5"));
    usher_stop(usher);
}

/* -- json */

static void expect_json(struct usher *usher, const char *folder, const char *command)
{
    const char *answer = usher_admin(usher, "%s json", command);
    const char *path = scratch_write(folder, "answer", answer);
    struct spawned jq = spawn_line("jq -e -c . %s", path);

    cr_expect(jq.status == 0 && *jq.out, "%s: %s%s", command, answer, jq.err);
    cr_expect(strchr(answer, '\n')[1] == '\n', "%s: %s", command, answer);
}

Test(words, json_is_valid_whatever_was_asked)
{
    static const char *const commands[] = {
        "show sess",
        "show servers state",
        "show listeners",
        "show access",
        "show cli level",
        "show ssl cert",
        "show version",
        "help",
        "help show",
        "get weight app/a",
        "get weight x",
        "show why app/a",
        "show why",
        "diff",
        "save",
        "drain app/b",
        "drain app/a wait timeout 10ms",
        "ready app",
        "set weight app/a 1",
        "set weight app/a x\\\"y\\\\\\ z",
        "echo \x01\xc3\xa4\"\\\\",
        "nonsense",
        "set severity-output number",
        "set timeout cli 9",
        "shutdown session 0x1",
        "shutdown sessions server app/b",
        "set ssl cert x",
        "add access web deny ::/0",
        "show access web",
        "show history app/a",
        "show history app/x",
        "reload",
        "prompt n",
    };
    const char *folder = scratch_create();
    struct usher *usher = start();

    clients[0] = client_connect(usher);
    (void)client_ask(clients[0], "who");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        expect_json(usher, folder, commands[i]);
    usher_stop(usher);
    scratch_remove(folder);
}

Test(words, json_has_one_object_for_each_row)
{
    const char *folder = scratch_create(), *path;
    struct usher *usher = start();

    connect_clients(usher);
    path = scratch_write(folder, "answer", usher_admin(usher, "show sess json"));
    cr_expect_str_eq(spawn_line("jq -r map(select(.fe==\"web\"))|length %s", path).out,
                     "10\n");
    path = scratch_write(folder, "answer", usher_admin(usher, "show servers state json"));
    cr_expect_str_eq(spawn_line("jq -r map(.srv_uweight)|add %s", path).out, "20\n");
    usher_stop(usher);
    scratch_remove(folder);
}
