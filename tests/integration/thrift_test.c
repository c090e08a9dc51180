/* How many system calls the data path takes, as strace counts them. A number that grows
 * is to be thought about; one that shrinks is to be written down here. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/proc.h"
#include "support/spawn.h"
#include "support/usher.h"

#include <signal.h>
#include <string.h>

TestSuite(thrift, .timeout = 60);

/* A session: connect, ask, answer, an end from the client, then one from the server. */
enum { ROUNDS = 50, CALLS_OF_SESSION = 16, CALLS_OF_MESSAGE = 4 };

/* libev forgets a client that says no more only when it is told of it once more. */
enum { CALLS_WHEN_TOLD_TWICE = 1 };

struct tracing {
    pid_t strace;
    const char *calls; /* a file with one line for each */
};

static struct usher *start(origin_script *script)
{
    struct origin *origin = origin_serve((struct origin_plan){ "a", .script = script });

    return usher_start("[global]\nworkers = 1\n" USHER_WEB "log-session = off\n" USHER_APP
                       "check = off\nserver = a %s\n",
                       origin_address(origin));
}

/* A sanitizer makes calls of its own, and not everybody may trace: then it is only seen
 * that all is answered. */
static bool can_count(void)
{
    return !patience_is_sanitized() && !spawn_line("strace -o /dev/null true").status;
}

/* Of the worker alone. Waiting is not counted: how often a loop waits depends on who
 * comes when. */
static struct tracing begin_tracing(struct usher *usher)
{
    const char *folder = usher_folder(usher);
    const char *said = kept_format("%s/strace", folder);
    struct tracing tracing = { .calls = kept_format("%s/calls", folder) };

    if (!can_count())
        return tracing;
    tracing.strace = spawn_begin_line(said,
                                      "strace -e trace=!?epoll_wait,?epoll_pwait,futex"
                                      " -o %s -p %d",
                                      tracing.calls, proc_last_thread(usher_pid(usher)));
    eventually(strstr(kept_file(said), "attached"), 5000);
    return tracing;
}

/* Whether a call finds nothing depends on who is late. */
static bool is_in_vain(const char *line, size_t length)
{
    return memmem(line, length, "EAGAIN", strlen("EAGAIN"));
}

static unsigned count_calls(const char *text)
{
    unsigned count = 0;

    for (size_t length; *text; text += length + 1) {
        length = (size_t)(strchrnul(text, '\n') - text);
        count += !is_in_vain(text, length);
        if (!text[length])
            break;
    }
    return count;
}

/* NULL: nobody counted. */
static const char *end_tracing(struct tracing *tracing)
{
    if (!tracing->strace)
        return NULL;
    cr_assert_neq(kill(tracing->strace, SIGINT), -1);
    cr_assert_neq(spawn_wait(tracing->strace, CLIENT_MS), -1);
    return kept_file(tracing->calls);
}

/* A few more are those of a session whose client was slower than its server. */
static void expect_calls(const char *calls, unsigned least, unsigned most)
{
    if (!calls)
        return;
    cr_expect_geq(count_calls(calls), ROUNDS * least, "fewer: write that down");
    cr_expect_leq(count_calls(calls), ROUNDS * most + ROUNDS / 5, "more:\n%s", calls);
}

Test(thrift, short_session_takes_few_system_calls)
{
    struct usher *usher = start(origin_once);
    struct tracing tracing;

    cr_assert_str_eq(client_ask_once(usher_web(usher)), "this is a");
    eventually(usher_sessions(usher) == 0, 5000);
    tracing = begin_tracing(usher);

    for (int i = 0; i < ROUNDS; i++)
        cr_assert_str_eq(client_ask_once(usher_web(usher)), "this is a");

    eventually(usher_sessions(usher) == 0, 5000);
    expect_calls(end_tracing(&tracing), CALLS_OF_SESSION,
                 CALLS_OF_SESSION + CALLS_WHEN_TOLD_TWICE);
    usher_stop(usher);
}

Test(thrift, message_takes_a_read_and_a_write_each_way)
{
    struct usher *usher = start(origin_who);
    struct client *client = client_connect(usher);
    struct tracing tracing;

    cr_assert_str_eq(client_ask(client, "who"), "a");
    tracing = begin_tracing(usher);

    for (int i = 0; i < ROUNDS; i++)
        cr_assert_str_eq(client_ask(client, "who"), "a");

    expect_calls(end_tracing(&tracing), CALLS_OF_MESSAGE, CALLS_OF_MESSAGE);
    client_close(client);
    usher_stop(usher);
}
