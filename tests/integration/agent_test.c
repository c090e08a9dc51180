/* Agents tell how much their servers can take: they lower weights, take servers out, and
 * never overrule a probe. */
#include "support/client.h"
#include "support/kept.h"
#include "support/load.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/proc.h"
#include "support/scratch.h"
#include "support/usher.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

TestSuite(agent, .timeout = 60);

enum { SIP_US = 20000, PIECE = 64 * 1024, FLOOD = 160 * PIECE, SPARE_KB = 4096 };

/* A server, its agent, and what the agent says: a file. */
static struct origin *a, *b, *agent;
static const char *folder, *words;

/* Says what the file named says. */
static void say_file(struct visit *visit)
{
    char text[256] = "";
    FILE *file = fopen(visit->plan->name, "re");

    if (file && fgets(text, sizeof text, file))
        visit_say(visit, text);
    if (file)
        (void)fclose(file);
}

/* At once, or the agent could read half of it. */
static void let_say(const char *line)
{
    const char *next = scratch_write(folder, "next", line);

    cr_assert_eq(rename(next, words), 0);
}

static struct usher *start_with(origin_script *script, const char *lines)
{
    a = origin_start("a");
    b = origin_start("b");
    folder = scratch_create();
    words = scratch_write(folder, "words", "up\n");
    agent = origin_serve((struct origin_plan){ .name = words, .script = script });
    return usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                       "agent-interval = 50ms\n%sserver = a %s weight=10 agent-port=%u\n"
                       "server = b %s weight=10\n",
                       lines, origin_address(a), origin_port(agent), origin_address(b));
}

static struct usher *start(void)
{
    return start_with(say_file, "");
}

static void stop(struct usher *usher)
{
    usher_stop(usher);
    scratch_remove(folder);
}

static bool is_status(struct usher *usher, const char *status)
{
    return usher_stat_is(usher, "app/a", "status", status);
}

static bool is_weight(struct usher *usher, const char *weight)
{
    return usher_stat_is(usher, "app/a", "weight", weight);
}

Test(agent, lowers_a_weight_and_gives_it_back)
{
    struct usher *usher = start();
    struct load_report report;

    let_say("20%\n");
    eventually(is_weight(usher, "2"), 5000);
    cr_expect_str_eq(usher_admin(usher, "get weight app/a"), "2 (initial 10)\n\n");
    cr_expect_str_eq(usher_stat(usher, "app", "b", "weight"), "10");
    report = load_run(
        (struct load_plan){ .address = usher_web(usher), .clients = 1, .requests = 24 });
    cr_expect_eq(load_count(&report, "a"), 4);
    cr_expect_eq(load_count(&report, "b"), 20);
    let_say("0%\n");
    eventually(is_weight(usher, "1"), 5000);
    let_say("weight:5 maxconn:3\n");
    eventually(is_weight(usher, "5"), 5000);
    cr_expect_str_eq(usher_stat(usher, "app", "a", "slim"), "3");
    let_say("up\n");
    eventually(is_weight(usher, "10"), 5000);
    cr_expect_str_eq(usher_stat(usher, "app", "a", "slim"), "");
    stop(usher);
}

Test(agent, takes_a_server_out_that_passes_its_probes)
{
    struct usher *usher = start();

    let_say("down#disk full\n");
    eventually(is_status(usher, "DOWN (agent)"), 5000);
    eventually(usher_stat_is(usher, "app/a", "check_status", "L4OK"), 5000);
    for (int i = 0; i < 10; i++)
        cr_expect_str_eq(client_ask_once(usher_web(usher)), "b");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "last_agt"), "down#disk full");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "agent_health"), "0");
    eventually(usher_logged(usher, "warning", "app/a", "down", "disk full", "was=", NULL),
               5000);
    let_say("75%\n");
    eventually(is_status(usher, "UP"), 5000);
    cr_expect(is_weight(usher, "8"), "a report is complete by itself");
    stop(usher);
}

Test(agent, does_not_overrule_a_failed_probe)
{
    struct usher *usher = start();

    let_say("up ready 100%\n");
    origin_kill(a);
    eventually(is_status(usher, "DOWN"), 5000);
    meanwhile(is_status(usher, "DOWN"), 300);
    cr_expect(strstr(usher_stat(usher, "app", "a", "agent_status"), "L7OK"));
    let_say("down\n");
    eventually(usher_stat_is(usher, "app/a", "agent_health", "0"), 5000);
    origin_revive(a);
    eventually(is_status(usher, "DOWN (agent)"), 5000);
    let_say("up\n");
    eventually(is_status(usher, "UP"), 5000);
    stop(usher);
}

Test(agent, does_not_overrule_an_administrator)
{
    struct usher *usher = start();

    (void)usher_admin(usher, "set server app/a state drain");
    let_say("up ready 50%\n");
    eventually(is_weight(usher, "5"), 5000);
    meanwhile(is_status(usher, "DRAIN"), 200);
    (void)usher_admin(usher, "set server app/a state maint");
    cr_expect(is_status(usher, "MAINT"));
    (void)usher_admin(usher, "set server app/a state ready");
    eventually(is_status(usher, "UP"), 5000);
    stop(usher);
}

Test(agent, that_drains_leaves_present_sessions_alone)
{
    struct usher *usher = start();
    struct client *client = client_connect(usher);

    while (strcmp(client_ask(client, "who"), "a") != 0) {
        client_close(client);
        client = client_connect(usher);
    }
    let_say("drain\n");
    eventually(is_status(usher, "DRAIN (agent)"), 5000);
    cr_expect_str_eq(client_ask(client, "who"), "a");
    for (int i = 0; i < 5; i++)
        cr_expect_str_eq(client_ask_once(usher_web(usher)), "b");
    let_say("maint\n");
    eventually(is_status(usher, "MAINT (agent)"), 5000);
    client_close(client);
    stop(usher);
}

Test(agent, that_contradicts_itself_is_taken_at_its_worst_word)
{
    struct usher *usher = start();
    unsigned long asked;

    let_say("up 90% down drain ready 20% up bogus\n");
    eventually(is_status(usher, "DOWN (agent)"), 5000);
    cr_expect(is_weight(usher, "2"));
    asked = origin_facts(agent)->accepted;
    eventually(origin_facts(agent)->accepted > asked + 10, 10000);
    cr_expect_eq(usher_log_count(usher, "says that it is down"), 1);
    cr_expect_eq(usher_log_count(usher, "bogus  times"), 1);
    stop(usher);
}

Test(agent, that_falls_silent_fades)
{
    struct usher *usher = start();

    let_say("20% drain\n");
    eventually(is_status(usher, "DRAIN (agent)"), 5000);
    cr_expect_str_eq(usher_stat(usher, "app", "a", "agent_age"), "0");
    origin_kill(agent);
    eventually(is_weight(usher, "10"), 5000);
    cr_expect(is_status(usher, "UP"));
    cr_expect_str_eq(usher_stat(usher, "app", "a", "last_agt"), "Connection refused");
    eventually(usher_count(usher, "app", "a", "agent_age") >= 1, 5000);
    eventually(usher_logged(usher, "app/a", "forgotten", NULL), 5000);
    cr_expect_eq(usher_log_count(usher, "forgotten"), 1);
    origin_revive(agent);
    eventually(is_weight(usher, "2"), 5000);
    eventually(usher_logged(usher, "app/a", "no new sessions", "was=forgotten", NULL),
               5000);
    stop(usher);
}

static void drip(struct visit *visit)
{
    for (int i = 0; i < 600 && visit->fd != -1; i++) {
        visit_say(visit, "u");
        (void)usleep(SIP_US);
    }
}

static void flood(struct visit *visit)
{
    char piece[PIECE + 1];

    memset(piece, 'x', PIECE);
    piece[PIECE] = '\0';
    for (int i = 0; i < FLOOD; i += PIECE)
        visit_say(visit, piece);
}

static void say_and_stay(struct visit *visit)
{
    visit_say(visit, "up 50%\n");
    visit_listen(visit);
}

static void leave(struct visit *visit)
{
    (void)visit;
}

static void say_zeros(struct visit *visit)
{
    static const char zeros[] = "\0up\0 50%\0 \0\n";

    (void)write(visit->fd, zeros, sizeof zeros - 1);
}

static void say_nonsense(struct visit *visit)
{
    visit_say(visit, "HTTP/1.1 200 OK\r\nServer: what\r\n\r\n");
}

Test(agent, that_misbehaves_changes_nothing)
{
    static const struct {
        origin_script *script;
        const char *status, *why;
    } cases[] = {
        { drip, "L7TOUT", "timeout" },     { flood, "L7RSP", "does not end" },
        { leave, "L7RSP", "ended" },       { say_zeros, "L7RSP", "x00" },
        { say_nonsense, "L7RSP", "HTTP" }, { origin_silence, "L7TOUT", "timeout" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct usher *usher = start_with(cases[i].script, "check-timeout = 200ms\n");
        uint64_t memory_kb = proc_memory_kb(usher_pid(usher));
        unsigned long accepted = origin_facts(agent)->accepted;

        eventually(origin_facts(agent)->accepted > accepted + 6, 10000);
        cr_expect(strstr(usher_stat(usher, "app", "a", "agent_status"), cases[i].status),
                  "%s", usher_stat(usher, "app", "a", "agent_status"));
        cr_expect(strstr(usher_stat(usher, "app", "a", "last_agt"), cases[i].why), "%s",
                  usher_stat(usher, "app", "a", "last_agt"));
        cr_expect(is_status(usher, "UP"));
        cr_expect(is_weight(usher, "10"));
        cr_expect_leq(usher_log_count(usher, "agent of server"), 2);
        if (!patience_is_sanitized())
            cr_expect_leq(proc_memory_kb(usher_pid(usher)), memory_kb + SPARE_KB);
        stop(usher);
        origin_kill(agent);
    }
}

Test(agent, may_stay_after_its_line)
{
    struct usher *usher = start_with(say_and_stay, "check-timeout = 60s\n");

    eventually(is_weight(usher, "5"), 5000);
    eventually(origin_facts(agent)->accepted > 3, 5000);
    stop(usher);
}

Test(agent, obeys_commands)
{
    struct usher *usher = start();

    let_say("50%\n");
    eventually(is_weight(usher, "5"), 5000);
    cr_expect_str_eq(usher_admin(usher, "disable agent app/a"), "\n");
    cr_expect(is_weight(usher, "10"));
    cr_expect_str_eq(usher_stat(usher, "app", "a", "agent_status"), "");
    cr_expect(strstr(usher_admin(usher, "set server app/a agent down"), "not enabled"));
    cr_expect_str_eq(usher_admin(usher, "enable agent app/a"), "\n");
    eventually(is_weight(usher, "5"), 5000);
    cr_expect(strstr(usher_admin(usher, "enable agent app/b"), "cannot enable"));
    cr_expect_str_eq(usher_admin(usher, "disable agent app/b"), "\n");
    cr_expect(strstr(usher_admin(usher, "set server app/a agent sideways"), "expects"));
    origin_freeze(agent);
    cr_expect_str_eq(usher_admin(usher, "set server app/a agent down"), "\n");
    eventually(is_status(usher, "DOWN (agent)"), 5000);
    origin_thaw(agent);
    eventually(is_status(usher, "UP"), 5000);
    stop(usher);
}

Test(agent, comes_and_goes_with_the_file)
{
    struct usher *usher = start();
    static const char lines[] = USHER_WEB USHER_APP USHER_QUICK_CHECKS
        "agent-interval = 50ms\n%sserver = a %s weight=10\nserver = b %s weight=10\n";

    let_say("50% maint\n");
    eventually(is_status(usher, "MAINT (agent)"), 5000);
    (void)usher_reload(usher, lines, "", origin_address(a), origin_address(b));
    cr_expect(is_status(usher, "UP"));
    cr_expect(is_weight(usher, "10"));
    cr_expect_str_eq(usher_stat(usher, "app", "a", "agent_status"), "");
    (void)usher_reload(usher, lines,
                       kept_format("agent-address = 127.0.0.1\nagent-port = %u\n",
                                   origin_port(agent)),
                       origin_address(a), origin_address(b));
    eventually(is_status(usher, "MAINT (agent)"), 5000);
    eventually(usher_stat_is(usher, "app/b", "status", "MAINT (agent)"), 5000);
    stop(usher);
}
