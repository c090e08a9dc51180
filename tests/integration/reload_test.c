/* Reading the configuration again: what stays is not touched. */
#include "support/client.h"
#include "support/kept.h"
#include "support/load.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/proc.h"
#include "support/usher.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

TestSuite(reload, .timeout = 60);

enum { RELOADS = 100, LARGE = 200, SPARE_KB = 4096 };

static struct origin *a, *b, *c;

static void start_origins(void)
{
    a = origin_start("a");
    b = origin_start("b");
    c = origin_start("c");
}

/* Three servers, and lines for the backend. */
static const char *config_with(const char *lines)
{
    return kept_format(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                       "%sserver = a %s\nserver = b %s\nserver = c %s\n",
                       lines, origin_address(a), origin_address(b), origin_address(c));
}

static const char *config_of(const struct origin *origin, const char *name)
{
    return kept_format(USHER_WEB USHER_APP "server = %s %s\n", name,
                       origin_address(origin));
}

static void expect_applied(const char *answer)
{
    cr_assert(strncmp(answer, "applied", 7) == 0, "%s", answer);
}

Test(reload, lets_present_sessions_go_on)
{
    struct origin *blue = origin_start("blue"), *green = origin_start("green");
    struct usher *usher = usher_start("%s", config_of(blue, "blue"));
    struct client *early = client_connect(usher);

    cr_expect_str_eq(client_ask(early, "who"), "blue");
    expect_applied(usher_reload(usher, "%s", config_of(green, "green")));
    cr_expect_str_eq(client_ask(early, "who"), "blue");
    cr_expect_str_eq(client_ask(client_connect(usher), "who"), "green");
    cr_expect_str_eq(client_ask(early, "who"), "blue");
    client_close(early);
    usher_stop(usher);
}

Test(reload, says_which_generation_it_is)
{
    struct usher *usher;

    start_origins();
    usher = usher_start("%s", config_with(""));
    cr_expect(strstr(usher_reload(usher, "%s", config_with("")), "2"));
    cr_expect(strstr(usher_reload(usher, "%s", config_with("")), "3"));
    usher_stop(usher);
}

Test(reload, keeps_the_listening_sockets)
{
    struct usher *usher;
    const char *before;
    int descriptors;

    start_origins();
    usher = usher_start("%s", config_with(""));
    before = usher_web(usher);
    descriptors = proc_descriptors(usher_pid(usher));
    expect_applied(usher_reload(usher, "%s", config_with("balance = leastconn\n")));
    cr_expect_str_eq(usher_web(usher), before);
    eventually(proc_descriptors(usher_pid(usher)) <= descriptors + 1, 3000);
    usher_stop(usher);
}

/* So many servers that a generation which is not freed cannot be overlooked. */
static const char *large_backend(void)
{
    const char *lines = "[frontend large]\nbind = 127.0.0.1:0\nbackend = large\n"
                        "[backend large]\ncheck = off\n";

    for (int i = 0; i < LARGE; i++)
        lines = kept_format("%sserver = large-%d 127.0.0.1:%d\n", lines, i, i + 1);
    return lines;
}

/* Memory once old generations have had time to leave. */
static uint64_t reload_often(struct usher *usher, const char *large)
{
    int reloads = (int)patience_volume(RELOADS);

    for (int i = 0; i < reloads; i++)
        expect_applied(usher_reload(usher, "%s%s",
                                    i % 2 ? config_with("") : config_of(c, "c"), large));
    meanwhile(true, 1500);
    return proc_memory_kb(usher_pid(usher));
}

Test(reload, a_hundred_times_under_load_fails_nobody_and_leaks_nothing)
{
    struct usher *usher;
    struct load *load;
    struct load_report report;
    uint64_t before, after;
    const char *large = large_backend();
    int descriptors;
    unsigned threads;

    start_origins();
    usher = usher_start("%s%s", config_with(""), large);
    descriptors = proc_descriptors(usher_pid(usher));
    threads = proc_threads(usher_pid(usher));
    load = load_start((struct load_plan){ .address = usher_web(usher), .clients = 4 });
    before = reload_often(usher, large);
    after = reload_often(usher, large);
    report = load_stop(load);
    cr_expect_eq(report.failed, 0, "%d of %d: %s", (int)report.failed,
                 (int)(report.failed + report.answered), report.first_failure);
    if (!patience_is_sanitized())
        cr_expect_leq(after, before + SPARE_KB, "from %d to %d kB", (int)before,
                      (int)after);
    eventually(proc_descriptors(usher_pid(usher)) <= descriptors + 3, 5000);
    cr_expect_eq(proc_threads(usher_pid(usher)), threads);
    usher_stop(usher);
}

Test(reload, to_entirely_other_servers_fails_nobody)
{
    struct usher *usher;
    struct load *load;
    struct load_report report;

    start_origins();
    usher = usher_start("%s", config_of(a, "a"));
    load = load_start((struct load_plan){ .address = usher_web(usher), .clients = 4 });
    for (int i = 0; i < 20; i++) {
        expect_applied(usher_reload(usher, "%s", config_of(i % 2 ? a : b, "same")));
        expect_applied(usher_reload(usher, "%s", config_of(i % 2 ? b : a, "other")));
    }
    report = load_stop(load);
    cr_expect_eq(report.failed, 0, "%d of %d: %s", (int)report.failed,
                 (int)(report.failed + report.answered), report.first_failure);
    usher_stop(usher);
}

Test(reload, keeps_health)
{
    struct usher *usher;

    start_origins();
    usher = usher_start("%s", config_with(""));
    origin_kill(b);
    eventually(usher_stat_is(usher, "app/b", "status", "DOWN"), 5000);
    for (int i = 0; i < 5; i++) {
        expect_applied(usher_reload(usher, "%s", config_with("")));
        cr_expect(strstr(usher_stat(usher, "app", "b", "status"), "DOWN"));
        cr_expect(strstr(usher_stat(usher, "app", "a", "status"), "UP"));
    }
    for (int i = 0; i < 6; i++)
        cr_expect_str_neq(client_ask_once(usher_web(usher)), "b");
    cr_expect_eq(usher_count(usher, "app", "b", "chkdown"), 1);
    cr_expect_eq(usher_log_count(usher, "app/b went down"), 1);
    usher_stop(usher);
}

Test(reload, keeps_turns)
{
    struct usher *usher;
    char last;

    start_origins();
    usher = usher_start("%s", config_with(""));
    last = client_ask_once(usher_web(usher))[0];
    for (int i = 0; i < 10; i++) {
        char next;

        expect_applied(usher_reload(usher, "%s", config_with("")));
        next = client_ask_once(usher_web(usher))[0];
        cr_assert_eq(next, last == 'c' ? 'a' : last + 1, "%c after %c", next, last);
        last = next;
    }
    usher_stop(usher);
}

Test(reload, keeps_counters)
{
    struct usher *usher;

    start_origins();
    usher = usher_start("%s", config_with(""));
    for (int i = 0; i < 9; i++)
        (void)client_ask_once(usher_web(usher));
    eventually(usher_sessions(usher) == 0, 3000);
    expect_applied(usher_reload(usher, "%s", config_with("")));
    cr_expect_eq(usher_count(usher, "app", "b", "stot"), 3);
    cr_expect_eq(usher_count(usher, "app", "BACKEND", "stot"), 9);
    cr_expect_eq(usher_count(usher, "web", "FRONTEND", "stot"), 9);
    cr_expect_eq(usher_count(usher, "web", "FRONTEND", "bin"), 9 * 4);
    cr_expect_eq(usher_count(usher, "web", "FRONTEND", "bout"), 9 * 2);
    usher_stop(usher);
}

Test(reload, keeps_what_the_administrator_said)
{
    struct usher *usher;

    start_origins();
    usher = usher_start("%s", config_with(""));
    (void)usher_admin(usher, "set server app/a state drain");
    (void)usher_admin(usher, "set server app/b state maint");
    (void)usher_admin(usher, "set weight app/c 7");
    expect_applied(usher_reload(usher, "%s", config_with("")));
    cr_expect_str_eq(usher_stat(usher, "app", "a", "status"), "DRAIN");
    cr_expect_str_eq(usher_stat(usher, "app", "b", "status"), "MAINT");
    cr_expect_str_eq(usher_admin(usher, "get weight app/c"), "7 (initial 1)\n\n");
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "c");
    usher_stop(usher);
}

Test(reload, keeps_counting_sessions_that_are_open)
{
    struct usher *usher;
    struct client *clients[6];

    start_origins();
    usher = usher_start("%s", config_with(""));
    for (int i = 0; i < 6; i++) {
        clients[i] = client_connect(usher);
        (void)client_ask(clients[i], "who");
    }
    expect_applied(usher_reload(usher, "%s", config_with("balance = leastconn\n")));
    cr_expect_eq(usher_count(usher, "app", "a", "scur"), 2);
    cr_expect_eq(usher_count(usher, "web", "FRONTEND", "scur"), 6);
    for (int i = 0; i < 6; i++)
        client_close(clients[i]);
    eventually(usher_count(usher, "app", "BACKEND", "scur") == 0, 3000);
    cr_expect_eq(usher_sessions(usher), 0);
    usher_stop(usher);
}

Test(reload, of_a_bad_file_changes_nothing_and_names_every_problem)
{
    struct usher *usher;
    const char *answer, *before;

    start_origins();
    usher = usher_start("%s", config_with(""));
    before = usher_admin(usher, "show servers state");
    answer = usher_reload(usher, "[frontend web]\nbind = 127.0.0.1:99999\nbackend = ap\n"
                                 "[backend app]\nbalanse = first\nserver = a\n");
    cr_expect(strncmp(answer, "refused", 7) == 0, "%s", answer);
    cr_expect(strstr(answer, "usher.ini:2: "), "%s", answer);
    cr_expect(strstr(answer, "usher.ini:3: "), "%s", answer);
    cr_expect(strstr(answer, "usher.ini:5: "), "%s", answer);
    cr_expect(strstr(answer, "usher.ini:6: "), "%s", answer);
    cr_expect(strstr(answer, "\"balance\"") || strstr(answer, "balance"), "%s", answer);
    for (int i = 0; i < 6; i++)
        cr_expect(client_ask_once(usher_web(usher))[0]);
    cr_expect_eq(strlen(usher_admin(usher, "show servers state")), strlen(before));
    eventually(usher_logged(usher, "warning", "refused", NULL), 3000);
    expect_applied(usher_reload(usher, "%s", config_with("")));
    usher_stop(usher);
}

Test(reload, of_an_address_in_use_is_refused)
{
    struct usher *usher;
    const char *answer;

    start_origins();
    usher = usher_start("%s", config_with(""));
    answer = usher_reload(usher, "[frontend taken]\nbind = %s\nbackend = app\n%s",
                          origin_address(a), config_with(""));
    cr_expect(strncmp(answer, "refused", 7) == 0, "%s", answer);
    cr_expect(strstr(answer, origin_address(a)), "%s", answer);
    cr_expect_str_eq(usher_address(usher, "taken", 0), "");
    cr_expect(client_ask_once(usher_web(usher))[0]);
    usher_stop(usher);
}

Test(reload, adds_and_removes_servers)
{
    struct usher *usher;
    struct client *old;

    start_origins();
    usher = usher_start("%s", config_of(a, "a"));
    old = client_connect(usher);
    cr_expect_str_eq(client_ask(old, "who"), "a");
    expect_applied(usher_reload(usher, "%s", config_with("")));
    eventually(usher_stat_is(usher, "app/c", "status", "UP"), 3000);
    for (int i = 0; i < 6; i++)
        (void)client_ask_once(usher_web(usher));
    cr_expect_eq(usher_count(usher, "app", "c", "stot"), 2);
    expect_applied(usher_reload(usher, "%s", config_of(c, "c")));
    for (int i = 0; i < 6; i++)
        cr_expect_str_eq(client_ask_once(usher_web(usher)), "c");
    cr_expect_str_eq(client_ask(old, "who"), "a");
    client_close(old);
    eventually(!strstr(usher_admin(usher, "show stat"), "app,a,"), 5000);
    usher_stop(usher);
}

Test(reload, follows_a_server_to_another_address)
{
    struct origin *old = origin_start("old"), *new = origin_start("new");
    struct usher *usher = usher_start("%s", config_of(old, "same"));
    struct client *early = client_connect(usher);

    cr_expect_str_eq(client_ask(early, "who"), "old");
    expect_applied(usher_reload(usher, "%s", config_of(new, "same")));
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "new");
    cr_expect_str_eq(client_ask(early, "who"), "old");
    usher_stop(usher);
}

Test(reload, adds_and_removes_frontends)
{
    struct usher *usher;
    struct client *early;
    const char *extra;

    start_origins();
    usher = usher_start("%s", config_of(a, "a"));
    expect_applied(usher_reload(usher,
                                "[frontend extra]\nbind = 127.0.0.1:0\n"
                                "backend = app\n%s",
                                config_of(a, "a")));
    eventually(usher_address(usher, "extra", 0)[0], 3000);
    extra = usher_address(usher, "extra", 0);
    early = client_dial(extra);
    cr_expect_str_eq(client_ask(early, "who"), "a");
    expect_applied(usher_reload(usher, "%s", config_of(a, "a")));
    cr_expect_str_eq(usher_address(usher, "extra", 0), "");
    eventually(client_is_refused(extra, 1000), 3000);
    cr_expect_str_eq(client_ask(early, "who"), "a");
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    usher_stop(usher);
}

/* Two backends, and one door that belongs to one frontend. */
static const char *config_of_door(const char *door, const char *frontend,
                                  const char *backend)
{
    return kept_format("[frontend %s]\nbind = %s\nbackend = %s\n[backend a]\n"
                       "server = s %s\n[backend b]\nserver = s %s\n",
                       frontend, door, backend, origin_address(a), origin_address(b));
}

Test(reload, gives_an_address_to_another_frontend)
{
    struct usher *usher;
    const char *door;
    struct client *early;

    start_origins();
    usher = usher_start("%s", config_of(c, "c"));
    door = kept_format("unix:%s/door", usher_folder(usher));
    expect_applied(usher_reload(usher, "%s", config_of_door(door, "one", "a")));
    eventually(client_ask_once(door)[0], 3000);
    early = client_dial(door);
    cr_expect_str_eq(client_ask(early, "who"), "a");
    expect_applied(usher_reload(usher, "%s", config_of_door(door, "other", "b")));
    eventually(strcmp(client_ask_once(door), "b") == 0, 3000);
    cr_expect_str_eq(client_ask(early, "who"), "a");
    usher_stop(usher);
}

Test(reload, is_also_done_on_sighup)
{
    struct usher *usher;

    start_origins();
    usher = usher_start("%s", config_of(a, "a"));
    usher_rewrite(usher, "%s", config_of(b, "b"));
    usher_signal(usher, SIGHUP);
    eventually(strcmp(client_ask_once(usher_web(usher)), "b") == 0, 5000);
    usher_rewrite(usher, "[nonsense]\n");
    usher_signal(usher, SIGHUP);
    eventually(usher_logged(usher, "refused", NULL), 5000);
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "b");
    usher_stop(usher);
}

Test(reload, says_what_it_cannot_change)
{
    struct usher *usher;
    const char *answer;

    start_origins();
    usher = usher_start("%s", config_of(a, "a"));
    answer = usher_reload(usher, "[global]\nworkers = 3\n%s", config_of(b, "b"));
    cr_expect(strstr(answer, "workers"), "%s", answer);
    usher_stop(usher);
}

Test(reload, of_a_file_that_is_gone_is_refused)
{
    struct usher *usher;
    const char *answer;

    start_origins();
    usher = usher_start("%s", config_of(a, "a"));
    cr_assert_eq(remove(kept_format("%s/usher.ini", usher_folder(usher))), 0);
    answer = usher_admin(usher, "reload");
    cr_expect(strncmp(answer, "refused", 7) == 0, "%s", answer);
    cr_expect(strstr(answer, "No such file"), "%s", answer);
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    usher_stop(usher);
}
