/* For each way that a session can end, its line as the tools of HAProxy's users read it,
 * byte for byte but for the port, the date and the times. */
#include "support/authority.h"
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/usher.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

TestSuite(tcplog, .timeout = 60);

#define GLOBAL "[global]\nworkers = 1\nlog-format = tcplog\n"

enum { LETTERS_MOST = 512 };

static struct usher *start(const char *frontend, const char *backend, const char *server)
{
    return usher_start(GLOBAL USHER_WEB "%s" USHER_APP "check = off\n%sserver = a %s\n",
                       frontend, backend, server);
}

static struct usher *start_with_origin(const char *frontend, const char *backend)
{
    return start(frontend, backend, origin_address(origin_start("a")));
}

static struct usher *start_with_script(const char *frontend, origin_script *script,
                                       uint64_t bytes)
{
    struct origin *origin = origin_serve(
        (struct origin_plan){ .name = "a", .script = script, .bytes = bytes });

    return start(frontend, "", origin_address(origin));
}

/* "127.0.0.1:PORT", as usher sees the client. */
static const char *name_of(struct client *client)
{
    struct sockaddr_in ip4;
    socklen_t length = sizeof ip4;

    cr_assert_eq(getsockname(client_fd(client), (struct sockaddr *)&ip4, &length), 0);
    return kept_format("127.0.0.1:%u", ntohs(ip4.sin_port));
}

static bool is_date(const char *text)
{
    const char *form = "[00/Aaa/0000:00:00:00.000]";

    for (; *form; form++, text++)
        if (*form == '0'   ? !isdigit((unsigned char)*text)
            : *form == 'A' ? !isupper((unsigned char)*text)
            : *form == 'a' ? !islower((unsigned char)*text)
                           : *form != *text)
            return false;
    return true;
}

/* Takes a time, unless it is -1, which stays. */
static const char *mask_time(const char *from, char **to)
{
    if (*from == '-')
        *(*to)++ = *from++;
    else
        *(*to)++ = 'T';
    while (isdigit((unsigned char)*from)) {
        if ((*to)[-1] != 'T')
            *(*to)++ = *from;
        from++;
    }
    return from;
}

/* The line without what no two of them share; from behind the client on. */
static const char *mask(const char *line)
{
    char letters[LETTERS_MOST], *to = letters;
    unsigned blanks = 0;

    cr_assert(is_date(line), "%s", line);
    for (line += strlen("[00/Aaa/0000:00:00:00.000] "); *line && *line != '\n';) {
        bool is_time = blanks == 2 && (isdigit((unsigned char)*line) || *line == '-');

        if (is_time) {
            line = mask_time(line, &to);
            continue;
        }
        blanks += *line == ' ';
        *to++ = *line++;
    }
    *to = '\0';
    return kept_format("%s", letters);
}

/* The last line on this client, without the date; NULL: none yet. */
static const char *line_of(struct usher *usher, const char *client)
{
    const char *line = NULL, *mark = kept_format("]: %s [", client);

    for (const char *next = usher_log(usher); (next = strstr(next, mark)); next++)
        line = next;
    return line && strchr(line, '\n') ? line + strlen(mark) - 1 : NULL;
}

static bool is_over(struct usher *usher, const char *client)
{
    const char *line = line_of(usher, client);

    return line && !strstr(kept_format("%.*s", (int)strcspn(line, "\n"), line), "/+");
}

#define EXPECT_LINE(usher, client, expected)                                             \
    do {                                                                                 \
        eventually(line_of(usher, client), 10000);                                       \
        cr_expect_str_eq(mask(line_of(usher, client)), expected);                        \
    } while (0)

/* One client, which does this and then is gone or waits; the line is to be the second. */
static void expect_after(struct usher *usher, void (*act)(struct client *),
                         const char *expected)
{
    struct client *client = client_connect(usher);
    const char *name = name_of(client);

    act(client);
    EXPECT_LINE(usher, name, expected);
    usher_stop(usher);
}

static void ask_and_close(struct client *client)
{
    (void)client_ask(client, "who");
    client_close(client);
}

static void ask_and_reset(struct client *client)
{
    (void)client_ask(client, "who");
    client_reset(client);
}

static void say_and_wait(struct client *client)
{
    client_say(client, "who\n");
}

static void half_close(struct client *client)
{
    client_half_close(client);
}

static void wait(struct client *client)
{
    (void)client;
}

static void ask_and_hear_to_the_end(struct client *client)
{
    client_say(client, "who\n");
    (void)client_end(client, CLIENT_MS);
    client_close(client);
}

/* Breaks off in the midst of an answer. */
static void answer_and_reset(struct visit *visit)
{
    char question[8];

    (void)recv(visit->fd, question, sizeof question, 0);
    visit_say(visit, "0123456789");
    visit_settle(visit);
    visit_reset(visit);
}

Test(tcplog, of_a_client_that_closes)
{
    expect_after(start_with_origin("", ""), ask_and_close,
                 "web app/a T/T/T 2 -- 1/1/0/0/0 0/0");
}

Test(tcplog, of_a_server_that_closes)
{
    expect_after(start_with_script("", origin_once, 0), ask_and_hear_to_the_end,
                 "web app/a T/T/T 10 -- 1/1/0/0/0 0/0");
}

Test(tcplog, of_a_server_that_resets)
{
    expect_after(start_with_script("", answer_and_reset, 0), say_and_wait,
                 "web app/a T/T/T 10 SD 1/1/0/0/0 0/0");
}

Test(tcplog, of_a_client_that_resets)
{
    expect_after(start_with_origin("", ""), ask_and_reset,
                 "web app/a T/T/T 2 CD 1/1/0/0/0 0/0");
}

Test(tcplog, of_a_client_that_is_silent)
{
    expect_after(start_with_origin("idle-timeout = 100ms\n", ""), wait,
                 "web app/a T/T/T 0 cD 1/1/0/0/0 0/0");
}

Test(tcplog, of_a_server_that_is_silent)
{
    expect_after(start_with_script("idle-timeout = 100ms\n", origin_silence, 0),
                 say_and_wait, "web app/a T/T/T 0 sD 1/1/0/0/0 0/0");
}

Test(tcplog, of_a_server_that_is_silent_after_the_end_of_the_client)
{
    struct origin *origin = origin_start("a");
    struct usher *usher = start("half-closed-timeout = 100ms\n", "",
                                origin_address(origin));

    origin_freeze(origin);
    expect_after(usher, half_close, "web app/a T/T/T 0 sD 1/1/0/0/0 0/0");
    origin_thaw(origin);
}

Test(tcplog, of_a_client_that_stays_after_the_end_of_the_server)
{
    expect_after(start_with_script("half-closed-timeout = 100ms\n", origin_early, 10),
                 wait, "web app/a T/T/T 10 cD 1/1/0/0/0 0/0");
}

static const char *nobody(void)
{
    return origin_address(
        origin_serve((struct origin_plan){ .name = "a", .is_absent = true }));
}

Test(tcplog, of_a_server_that_refuses)
{
    expect_after(start("", "retries = 1\n", nobody()), wait,
                 "web app/a T/-1/T 0 SC 1/1/0/0/1 0/0");
}

Test(tcplog, of_another_server_than_the_first_one_tried)
{
    struct usher *usher = start("",
                                kept_format("balance = first\nserver = absent %s\n",
                                            nobody()),
                                origin_address(origin_start("a")));

    expect_after(usher, ask_and_close, "web app/a T/T/T 2 -- 1/1/0/0/+1 0/0");
}

Test(tcplog, of_a_backend_without_a_server)
{
    struct usher *usher = start_with_origin("", "");

    (void)usher_admin(usher, "disable server app/a");
    expect_after(usher, wait, "web app/<NOSRV> -1/-1/T 0 SC 1/1/0/0/0 0/0");
}

Test(tcplog, of_a_server_that_does_not_answer)
{
    expect_after(start("", "connect-timeout = 50ms\nretries = 0\n", origin_black_hole()),
                 wait, "web app/a T/-1/T 0 sC 1/1/0/0/0 0/0");
}

Test(tcplog, of_a_client_that_leaves_while_a_server_is_reached)
{
    expect_after(start("", "connect-timeout = 1m\nconnect-budget = 2m\n",
                       origin_black_hole()),
                 client_reset, "web app/a T/-1/T 0 CC 1/1/0/0/0 0/0");
}

/* Somebody takes the one place there is; then the client comes. */
static void expect_behind_another(struct usher *usher, void (*act)(struct client *),
                                  const char *expected)
{
    struct client *served = client_connect(usher), *second;
    const char *name;

    (void)client_ask(served, "who");
    second = client_connect(usher);
    name = name_of(second);
    act(second);
    EXPECT_LINE(usher, name, expected);
    client_close(served);
    usher_stop(usher);
}

static struct usher *start_with_one_place(const char *backend)
{
    return start("", backend,
                 kept_format("%s maxconn=1", origin_address(origin_start("a"))));
}

Test(tcplog, of_a_client_that_waits_in_vain)
{
    expect_behind_another(start_with_one_place("queue-timeout = 100ms\n"), wait,
                          "web app/<NOSRV> T/-1/T 0 sQ 2/2/1/0/0 0/1");
}

Test(tcplog, of_a_client_that_leaves_the_queue)
{
    expect_behind_another(start_with_one_place("queue-timeout = 1m\n"), client_reset,
                          "web app/<NOSRV> T/-1/T 0 CQ 2/2/1/0/0 0/1");
}

Test(tcplog, of_a_client_that_finds_the_queue_full)
{
    expect_behind_another(start_with_one_place("queue-limit = 0\n"), wait,
                          "web app/<NOSRV> -1/-1/T 0 SQ 2/2/1/0/0 0/0");
}

Test(tcplog, of_sessions_that_others_end)
{
    struct usher *usher = usher_start(GLOBAL "drain-timeout = 0\n" USHER_WEB USHER_APP
                                             "check = off\nserver = a %s\n",
                                      origin_address(origin_start("a")));
    struct client *client = client_connect(usher), *last;
    const char *name = name_of(client);

    (void)client_ask(client, "who");
    (void)usher_admin(usher, "shutdown sessions server app/a");
    EXPECT_LINE(usher, name, "web app/a T/T/T 2 K- 1/1/0/0/0 0/0");
    eventually(usher_sessions(usher) == 0, 3000);
    last = client_connect(usher);
    name = name_of(last);
    (void)client_ask(last, "who");
    usher_signal(usher, SIGTERM);
    EXPECT_LINE(usher, name, "web app/a T/T/T 2 K- 1/1/0/0/0 0/0");
    usher_stop(usher);
}

Test(tcplog, of_a_session_whose_server_goes_down)
{
    struct origin *origin = origin_start("a");
    struct usher *usher = usher_start(GLOBAL USHER_WEB USHER_APP USHER_QUICK_CHECKS
                                      "fall = 1\non-down = kill\nserver = a %s\n",
                                      origin_address(origin));
    struct client *client = client_connect(usher);
    const char *name = name_of(client);

    (void)client_ask(client, "who");
    origin_shut(origin);
    EXPECT_LINE(usher, name, "web app/a T/T/T 2 D- 1/1/0/0/0 0/0");
    usher_stop(usher);
}

Test(tcplog, of_a_session_on_a_backup_when_a_better_server_comes_back)
{
    struct origin *first = origin_serve(
        (struct origin_plan){ .name = "first", .is_absent = true });
    struct usher *usher =
        usher_start(GLOBAL USHER_WEB USHER_APP USHER_QUICK_CHECKS
                    "rise = 1\non-up = move\nslow-start = 100ms\nserver = first %s\n"
                    "server = b %s backup\n",
                    origin_address(first), origin_address(origin_start("b")));
    struct client *client;
    const char *name;

    eventually(usher_stat_is(usher, "app/first", "status", "DOWN"), 5000);
    client = client_connect(usher);
    name = name_of(client);
    (void)client_ask(client, "who");
    origin_revive(first);
    EXPECT_LINE(usher, name, "web app/b T/T/T 2 U- 1/1/0/0/0 0/0");
    usher_stop(usher);
}

#define PROXIED "accept-proxy-from = 127.0.0.1\n"

static void say_nonsense(struct client *client)
{
    client_say(client, "GET / HTTP/1.1\r\nHost: nobody.example\r\n\r\n");
}

Test(tcplog, of_a_client_that_leaves_before_its_greeting)
{
    expect_after(start_with_origin(PROXIED, ""), client_close,
                 "web web/<NOSRV> -1/-1/T 0 CR 1/1/0/0/0 0/0");
}

Test(tcplog, of_a_client_that_takes_too_long_to_greet)
{
    expect_after(start_with_origin(PROXIED "greet-timeout = 100ms\n", ""), wait,
                 "web web/<NOSRV> -1/-1/T 0 cR 1/1/0/0/0 0/0");
}

Test(tcplog, of_a_client_whose_greeting_is_none)
{
    expect_after(start_with_origin(PROXIED, ""), say_nonsense,
                 "web web/<NOSRV> -1/-1/T 0 PR 1/1/0/0/0 0/0");
}

Test(tcplog, of_a_client_that_speaks_no_tls)
{
    struct authority *authority = authority_create("signer");
    const char *line = kept_format("tls-cert = %s\n",
                                   authority_name(authority, "a.test"));

    expect_after(start_with_origin(line, ""), say_nonsense,
                 "web~ web/<NOSRV> -1/-1/T 0 PR 1/1/0/0/0 0/0");
    expect_after(start_with_origin(line, ""), client_close,
                 "web~ web/<NOSRV> -1/-1/T 0 CR 1/1/0/0/0 0/0");
    authority_remove(authority);
}

Test(tcplog, of_a_client_on_a_unix_socket)
{
    const char *folder = scratch_create(), *path = scratch_path(folder, "door");
    struct usher *usher = usher_start(GLOBAL "[frontend web]\nbind = unix:%s\n"
                                             "backend = app\n" USHER_APP
                                             "check = off\nserver = a %s\n",
                                      path, origin_address(origin_start("a")));

    (void)client_ask_once(kept_format("unix:%s", path));
    EXPECT_LINE(usher, "unix:1", "web app/a T/T/T 2 -- 1/1/0/0/0 0/0");
    usher_stop(usher);
    scratch_remove(folder);
}

Test(tcplog, of_a_session_that_begins_goes_on_and_ends)
{
    struct usher *usher =
        start_with_origin("log-session = open,close\nlog-every = 300ms\n", "");
    struct client *client = client_connect(usher);
    const char *name = name_of(client);

    EXPECT_LINE(usher, name, "web web/<NOSRV> -1/-1/+T +0 -- 1/1/0/0/0 0/0");
    (void)client_ask(client, "who");
    eventually(strstr(line_of(usher, name), "+2 -- 1/1/1/1/0 0/0\n"), 5000);
    cr_expect_str_eq(mask(line_of(usher, name)), "web app/a T/T/+T +2 -- 1/1/1/1/0 0/0");
    client_close(client);
    eventually(is_over(usher, name), 3000);
    EXPECT_LINE(usher, name, "web app/a T/T/T 2 -- 1/1/0/0/0 0/0");
    usher_stop(usher);
}
