/* `usherctl drain` waits, whether usher keeps the time or usherctl has to. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/spawn.h"
#include "support/usher.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(usherctl_drain, .timeout = 60);

enum { DONE, REFUSED, USAGE, UNREACHABLE, LATE };

static struct usher *usher;
static const char *socket_address;
static struct client *client;

static struct spawned drain(const char *options)
{
    return spawn_line("%sctl -s %s drain app/a %s", usher_program(), socket_address,
                      options);
}

/* With a session of app/a. */
static void start(void)
{
    usher = usher_start(USHER_WEB USHER_APP "server = a %s\n",
                        origin_address(origin_start("a")));
    socket_address = usher_admin_address(usher);
    client = client_connect(usher);
    cr_expect_str_eq(client_ask(client, "who"), "a");
}

Test(usherctl_drain, waits_until_no_session_is_left)
{
    const char *folder = scratch_create(), *out = scratch_path(folder, "out");
    pid_t pid;

    start();
    pid = spawn_begin_line(out, "%sctl -s %s drain app/a --wait", usher_program(),
                           socket_address);
    eventually(strstr(scratch_read(out), "1 session left"), 5000);
    cr_expect(usher_stat_is(usher, "app/a", "status", "DRAIN"));
    cr_expect_eq(spawn_wait(pid, 0), -1, "it waits");
    client_close(client);
    cr_expect_eq(spawn_wait(pid, patience_ms(10000)), DONE);
    scratch_remove(folder);
    usher_stop(usher);
}

Test(usherctl_drain, waits_no_longer_than_it_was_told)
{
    start();
    cr_expect_eq(drain("--wait --timeout 100ms").status, LATE);
    cr_expect(client_is_open(client));
    cr_expect_eq(drain("--wait --timeout 100ms --kill").status, DONE);
    cr_expect_neq(client_end(client, CLIENT_MS), STREAM_OPEN);
    cr_expect_eq(usher_count(usher, "app", "a", "scur"), 0);
    client_close(client);
    usher_stop(usher);
}

/* The admin socket of an usher without the word `drain`: what is left ends after a few
 * looks, or, if the plan is called "stays", when it is told to. */
static const char *answer_as_old_usher(struct visit *visit, const char *line)
{
    bool stays = !strcmp(visit->plan->name, "stays");
    unsigned long looks;

    if (strstr(line, ";drain "))
        return "[3]: Unknown command: 'drain'.\n  help\n";
    if (strstr(line, ";shutdown sessions server app/a"))
        atomic_fetch_add(&visit->facts->wrong, 1);
    if (!strstr(line, ";show stat"))
        return "";
    looks = atomic_fetch_add(&visit->facts->asked, 1);
    if (stays ? atomic_load(&visit->facts->wrong) : looks >= 3)
        return "# pxname,svname,scur,\napp,a,0,\napp,b,9,\n";
    return "# pxname,svname,scur,\napp,a,2,\napp,b,9,\n";
}

static void old_usher(struct visit *visit)
{
    char line[512];
    size_t length = 0;
    ssize_t got = 1;

    while (got > 0 && length + 1 < sizeof line && !memchr(line, '\n', length)) {
        got = recv(visit->fd, line + length, sizeof line - 1 - length, 0);
        length += got > 0 ? (size_t)got : 0;
    }
    line[length] = '\0';
    visit_say(visit, kept_format("\n%s\n", answer_as_old_usher(visit, line)));
}

static struct origin_facts *start_old(const char *name)
{
    struct origin *origin;

    origin = origin_serve((struct origin_plan){ .name = name, .script = old_usher });
    socket_address = origin_address(origin);
    return origin_facts(origin);
}

Test(usherctl_drain, looks_by_itself_when_usher_does_not_know_the_word)
{
    struct origin_facts *facts = start_old("leaves");
    struct spawned spawned = drain("--wait");

    cr_expect_eq(spawned.status, DONE, "%s", spawned.err);
    cr_expect_str_eq(spawned.err, "app/a: 2 sessions left\n");
    cr_expect_eq(atomic_load(&facts->asked), 4);
    cr_expect_eq(atomic_load(&facts->wrong), 0);
    cr_expect_eq(drain("").status, DONE);
}

Test(usherctl_drain, keeps_the_time_when_usher_does_not_know_the_word)
{
    struct origin_facts *facts = start_old("stays");
    struct spawned spawned = drain("--wait --timeout 1ms");

    cr_expect_eq(spawned.status, LATE);
    cr_expect(strstr(spawned.err, "time is over"), "%s", spawned.err);
    cr_expect_eq(atomic_load(&facts->wrong), 0);
    cr_expect_eq(drain("--kill").status, REFUSED);
    cr_expect_eq(drain("--wait --timeout 1ms --kill").status, DONE);
    cr_expect_eq(atomic_load(&facts->wrong), 1);
}
