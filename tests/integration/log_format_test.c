/* Logs as other tools read them: JSON for jq, sessions for halog, and syslog. */
#include "support/catcher.h"
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/spawn.h"
#include "support/usher.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

TestSuite(log_format, .timeout = 60);

static const char *folder, *path;

static struct usher *start(const char *global, const char *frontend)
{
    return usher_start("[global]\nworkers = 2\n%s" USHER_WEB "%s" USHER_APP
                       "check = off\nretries = 0\nserver = a %s\n",
                       global, frontend, origin_address(origin_start("a")));
}

static struct usher *start_with_file(const char *format, const char *frontend)
{
    folder = scratch_create();
    path = scratch_path(folder, "log");
    return start(kept_format("log = %s\nlog-format = %s\n", path, format), frontend);
}

static void stop(struct usher *usher)
{
    usher_stop(usher);
    scratch_remove(folder);
}

static unsigned count_lines(const char *text)
{
    unsigned count = 0;

    for (; *text; text++)
        count += *text == '\n';
    return count;
}

/* Sessions that end in several ways. */
static void visit_in_many_ways(struct usher *usher)
{
    struct client *rude = client_connect(usher);

    (void)client_ask_once(usher_web(usher));
    client_say(rude, "who\n");
    (void)client_hear(rude);
    client_reset(rude);
    (void)usher_admin(usher, "disable server app/a");
    (void)client_ask_once(usher_web(usher));
    (void)usher_admin(usher, "enable server app/a");
}

static unsigned count_in_file(const char *text)
{
    const char *log = kept_file(path);
    unsigned count = 0;

    for (; (log = strstr(log, text)); log++)
        count++;
    return count;
}

/* The values of a field, a line for each object that has the other one. */
static const char *values(const char *filter)
{
    struct spawned jq = spawn_line("jq -r %s %s", filter, path);

    cr_expect_eq(jq.status, 0, "%s", jq.err);
    return jq.out;
}

Test(log_format, is_json_in_every_line)
{
    struct usher *usher = start_with_file("json", "log-session = open,close\n");
    struct spawned jq;

    visit_in_many_ways(usher);
    (void)usher_reload(usher, "[frontend web]\nbind = nonsense \"\\\n");
    eventually(count_in_file("\"event\":\"end\"") == 3, 3000);
    eventually(count_in_file("reload refused") == 1, 3000);
    jq = spawn_line("jq -c . %s", path);
    cr_expect_eq(jq.status, 0, "%s", jq.err);
    cr_expect_eq(count_lines(jq.out), count_lines(kept_file(path)));
    stop(usher);
}

Test(log_format, gives_json_values_their_types)
{
    struct usher *usher = start_with_file("json", "");

    (void)client_ask_once(usher_web(usher));
    eventually(count_in_file("\"event\":\"end\"") == 1, 3000);
    cr_expect_str_eq(values("select(.event)|.in,.out,.tries,.queue_ms,.ending,.server"),
                     "4\n2\n1\n0\nclient-closed\na\n");
    cr_expect_str_eq(values("select(.event)|.connect_ms,.total_ms|type"),
                     "number\nnumber\n");
    cr_expect_str_eq(values("select(.event)|.severity,.frontend,.backend"),
                     "info\nweb\napp\n");
    cr_expect_str_eq(values("select(.message==\"serving\")|.workers"), "2\n");
    stop(usher);
}

Test(log_format, for_halog_is_read_by_halog_without_an_error)
{
    static const char *const ways[] = {
        "-srv", "-tc", "-tcn SC", "-st", "-pct", "-gt",   "-u",         "-ic",
        "-e",   "-E",  "-H",      "-Q",  "-cc",  "-rt 0", "-hs 200:503"
    };
    struct usher *usher = start_with_file("halog", "log-session = open,close\n"
                                                   "log-every = 1ms\n");

    visit_in_many_ways(usher);
    eventually(count_lines(kept_file(path)) == 3, 3000);
    usher_signal(usher, SIGUSR1);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct spawned halog = spawn_line_with(kept_file(path), "halog %s", ways[i]);

        cr_expect_eq(halog.status, 0);
        cr_expect(strstr(halog.err, "3 lines in,"), "%s: %s", ways[i], halog.err);
        cr_expect(strstr(halog.err, " 0 parsing errors"), "%s: %s", ways[i], halog.err);
        cr_expect_not(strstr(halog.err, "Truncated"), "%s: %s", ways[i], halog.err);
    }
    stop(usher);
}

Test(log_format, for_halog_tells_it_what_happened)
{
    struct usher *usher = start_with_file("halog", "");
    const char *log;

    visit_in_many_ways(usher);
    eventually(count_lines(kept_file(path)) == 3, 3000);
    log = kept_file(path);
    cr_expect_str_eq(spawn_line_with(log, "halog -tc").out, "-- 1\nCD 1\nSC 1\n");
    cr_expect_str_eq(spawn_line_with(log, "halog -st").out, "200 2\n503 1\n");
    cr_expect(strstr(spawn_line_with(log, "halog -srv").out,
                     "app/a 0 2 0 0 0 0 2 2 100.0"),
              "%s", log);
    cr_expect(strstr(log, " \"TCP web TCP\"\n"));
    stop(usher);
}

Test(log_format, for_halog_says_all_else_on_standard_error)
{
    struct usher *usher = start_with_file("halog", "");

    cr_expect(usher_logged(usher, "Z notice  serving", NULL));
    cr_expect_null(usher_logged(usher, "session", NULL));
    cr_expect_str_eq(kept_file(path), "");
    stop(usher);
}

Test(log_format, for_other_tools_looks_like_a_file_of_syslogd)
{
    struct usher *usher = start_with_file("tcplog", "");
    char host[65] = "", month[4];
    int day, hour, minute, second, end = 0;
    const char *line = kept_file(path);

    (void)gethostname(host, sizeof host - 1);
    (void)sscanf(line, "%3s %d %d:%d:%d %n", month, &day, &hour, &minute, &second, &end);
    cr_expect_eq(end, 16, "%s", line);
    cr_expect(!strncmp(line + end,
                       kept_format("%s usher[%d]: notice  ", host, (int)usher_pid(usher)),
                       strlen(host) + 10));
    stop(usher);
}

static void expect_syslog(struct catcher *catcher, const char *settings,
                          const char *expected)
{
    struct usher *usher = start(kept_format("log = %s\n%s", catcher_target(catcher),
                                            settings),
                                "");
    const char *message;

    (void)client_ask_once(usher_web(usher));
    eventually(catcher_heard(catcher, "session over"), 5000);
    message = catcher_heard(catcher, "session over");
    cr_expect(strstr(message, kept_format(expected, (int)usher_pid(usher))), "%s",
              message);
    cr_expect(!strncmp(message, "<30>", 4) == !*settings, "%s", message);
    usher_stop(usher);
    catcher_close(catcher);
}

static const char *host(void)
{
    char name[65] = "";

    (void)gethostname(name, sizeof name - 1);
    return kept_format("%s", name);
}

Test(log_format, of_syslog_is_the_old_one_unless_told_otherwise)
{
    expect_syslog(catcher_open_udp(), "",
                  kept_format(" %s usher[%%d]: info  session over", host()));
}

Test(log_format, of_syslog_may_be_the_newer_one)
{
    static const char settings[] = "log-syslog = rfc5424\nlog-facility = local3\n";
    const char *expected = kept_format("Z %s usher %%d - - info  session over", host());
    struct catcher *udp = catcher_open_udp(), *local;

    folder = scratch_create();
    local = catcher_open_unix(scratch_path(folder, "syslog"));
    expect_syslog(udp, settings, expected);
    expect_syslog(local, settings, expected);
    cr_expect(!strncmp(catcher_heard(udp, "session over"), "<158>1 2", 8));
    cr_expect(!strncmp(catcher_heard(local, "session over"), "<158>1 2", 8));
    scratch_remove(folder);
}

Test(log_format, changes_with_a_reload)
{
    struct origin *origin = origin_start("a");
    struct usher *usher = usher_start(USHER_WEB USHER_APP "server = a %s\n",
                                      origin_address(origin));

    (void)usher_reload(usher,
                       "[global]\nworkers = 2\nlog-format = json\n" USHER_WEB USHER_APP
                       "server = a %s\n",
                       origin_address(origin));
    (void)client_ask_once(usher_web(usher));
    eventually(usher_logged(usher, "\"event\":\"end\"", "\"in\":4", NULL), 3000);
    usher_stop(usher);
}

/* The text behind this one in the first line that has it, up to a blank. */
static const char *word_after(struct usher *usher, const char *sentence, const char *key)
{
    const char *line = usher_logged(usher, sentence, key, NULL);
    const char *word = line ? strstr(line, key) + strlen(key) : "";

    return kept_format("%.*s", (int)strcspn(word, " \n"), word);
}

Test(log_format, has_lines_of_a_session_while_it_lasts)
{
    struct usher *usher = start("", "log-session = open,close\nlog-every = 100ms\n");
    struct client *client = client_connect(usher);
    const char *id;

    (void)client_ask(client, "who");
    eventually(usher_logged(usher, "session goes on", "in=4 out=2", NULL), 5000);
    (void)client_ask(client, "who");
    eventually(usher_logged(usher, "session goes on", "in=8 out=4", NULL), 5000);
    client_close(client);
    eventually(usher_logged(usher, "session over", "in=8 out=4", NULL), 3000);
    id = word_after(usher, "session over", "session=");
    cr_expect_str_eq(word_after(usher, "session begins", "session="), id);
    cr_expect_str_eq(word_after(usher, "in=4 out=2", "session="), id);
    cr_expect_str_eq(word_after(usher, "goes on  session", "session="), id);
    usher_stop(usher);
}

/* It has an idle timeout that is sooner, and none at all. */
Test(log_format, has_them_whatever_else_the_session_waits_for)
{
    struct usher *usher = start("",
                                "log-every = 100ms\nidle-timeout = 0\n"
                                "[frontend hasty]\nbind = 127.0.0.1:0\nbackend = app\n"
                                "idle-timeout = 450ms\nlog-every = 100ms\n"
                                "[frontend off]\nbind = 127.0.0.1:0\nbackend = app\n"
                                "log-session = off\nlog-every = 100ms\n");
    struct client *patient = client_connect(usher);
    struct client *hasty = client_dial(usher_address(usher, "hasty", 0));
    struct client *off = client_dial(usher_address(usher, "off", 0));

    eventually(usher_logged(usher, "goes on", "frontend=web", "in=0 out=0", NULL), 5000);
    eventually(usher_logged(usher, "goes on", "frontend=hasty", NULL), 5000);
    cr_expect_neq(client_end(hasty, patience_ms(5000)), STREAM_OPEN);
    eventually(usher_logged(usher, "session over", "ending=idle", NULL), 3000);
    eventually(usher_log_count(usher, "goes on") > 6, 5000);
    cr_expect_null(usher_logged(usher, "frontend=off", "session=", NULL));
    client_close(patient);
    client_close(off);
    usher_stop(usher);
}

static void knock(const char *address, void (*leave)(struct client *))
{
    leave(client_dial(address));
}

Test(log_format, is_quiet_on_clients_that_leave_without_a_byte)
{
    struct usher *usher = start("", "log-session = open,close\nlog-quiet-empty = yes\n");

    knock(usher_web(usher), client_close);
    knock(usher_web(usher), client_reset);
    eventually(!strcmp(usher_info(usher, "Usher_empty"), "2"), 5000);
    (void)client_ask_once(usher_web(usher));
    eventually(usher_logged(usher, "session over", "in=4", NULL), 3000);
    cr_expect_eq(usher_log_count(usher, "session over"), 1);
    cr_expect_eq(usher_log_count(usher, "session begins"), 1);
    cr_expect_str_eq(usher_info(usher, "Usher_empty"), "2");
    usher_stop(usher);
}

Test(log_format, is_not_quiet_on_what_goes_wrong_nor_unless_told)
{
    struct usher *usher = start("", "[frontend quiet]\nbind = 127.0.0.1:0\n"
                                    "backend = app\nlog-quiet-empty = yes\n");

    knock(usher_web(usher), client_close);
    eventually(usher_logged(usher, "session over", "frontend=web", "in=0", NULL), 3000);
    cr_expect_str_eq(usher_info(usher, "Usher_empty"), "1");
    (void)usher_admin(usher, "disable server app/a");
    (void)client_ask_once(usher_address(usher, "quiet", 0));
    eventually(usher_logged(usher, "session over", "frontend=quiet", "ending=no-server",
                            NULL),
               3000);
    usher_stop(usher);
}

Test(log_format, has_nothing_to_do_with_bytes_that_count_as_they_move)
{
    struct usher *usher = start("", "");
    struct client *client = client_connect(usher);

    for (uint64_t i = 1; i < 4; i++) {
        (void)client_ask(client, "who");
        eventually(usher_count(usher, "app", "a", "bin") == 4 * i, 3000);
        eventually(usher_count(usher, "app", "BACKEND", "bout") == 2 * i, 3000);
        eventually(usher_count(usher, "web", "FRONTEND", "bin") == 4 * i, 3000);
    }
    client_close(client);
    eventually(usher_sessions(usher) == 0, 3000);
    cr_expect_eq(usher_count(usher, "app", "a", "bin"), 12);
    usher_stop(usher);
}

/* What was read to find the route is a part of what the client sent. */
Test(log_format, counts_the_greeting_that_chose_the_route)
{
    struct usher *usher = start("", "route = no-tls -> app\n");

    (void)client_ask_once(usher_web(usher));
    eventually(usher_logged(usher, "session over", "in=4 out=2", NULL), 3000);
    cr_expect_eq(usher_count(usher, "app", "a", "bin"), 4);
    usher_stop(usher);
}
