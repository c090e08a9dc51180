/* What is written, where, and that nobody waits for it. */
#include "support/catcher.h"
#include "support/client.h"
#include "support/kept.h"
#include "support/load.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/usher.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(log, .timeout = 60);

enum { PIPE_BYTES = 4096 };

Test(log, opens_its_file_again_on_sigusr1)
{
    struct origin *origin = origin_start("a");
    const char *folder = scratch_create();
    const char *path = scratch_path(folder, "log"), *old = scratch_path(folder, "log.1");
    struct usher *usher = usher_start(
        "[global]\nworkers = 1\nlog = %s\n" USHER_WEB USHER_APP "server = a %s\n", path,
        origin_address(origin));

    (void)client_ask_once(usher_web(usher));
    eventually(strstr(kept_file(path), "server=a"), 3000);
    cr_assert_eq(rename(path, old), 0);
    usher_signal(usher, SIGUSR1);
    eventually(strstr(kept_file(path), "opened again"), 3000);
    (void)client_ask_once(usher_web(usher));
    eventually(strstr(kept_file(path), "server=a"), 3000);
    usher_stop(usher);
    scratch_remove(folder);
}

Test(log, has_one_line_for_each_session)
{
    struct origin *origin = origin_start("a");
    struct usher *usher = usher_start(USHER_WEB USHER_APP "server = a %s\n",
                                      origin_address(origin));
    struct client *client = client_connect(usher);
    const char *line;

    cr_expect_str_eq(client_ask(client, "who"), "a");
    client_close(client);
    eventually(usher_logged(usher, "session=", "in=", NULL), 3000);
    line = usher_logged(usher, "session=", "in=", NULL);
    cr_expect(strstr(line, " info "), "%s", line);
    cr_expect(strstr(line, "client=127.0.0.1:"), "%s", line);
    cr_expect(strstr(line, "frontend=web"), "%s", line);
    cr_expect(strstr(line, "server=a"), "%s", line);
    cr_expect(strstr(line, "in=4 "), "%s", line);
    cr_expect(strstr(line, "out=2 "), "%s", line);
    cr_expect(strstr(line, "connect="), "%s", line);
    cr_expect(strstr(line, "total="), "%s", line);
    cr_expect_eq(usher_log_count(usher, "in=4 "), 1);
    usher_stop(usher);
}

Test(log, has_sessions_as_told)
{
    struct origin *origin = origin_start("a");
    struct usher *usher = usher_start(
        USHER_WEB "log-session = open,close\n[frontend quiet]\nbind = 127.0.0.1:0\n"
                  "backend = app\nlog-session = off\n" USHER_APP "server = a %s\n",
        origin_address(origin));

    (void)client_ask_once(usher_address(usher, "quiet", 0));
    (void)client_ask_once(usher_web(usher));
    eventually(usher_log_count(usher, "frontend=web") >= 3, 3000);
    cr_expect(usher_logged(usher, "begins", "frontend=web", NULL));
    cr_expect_null(usher_logged(usher, "frontend=quiet", "session=", NULL));
    usher_stop(usher);
}

Test(log, says_why_a_session_ended)
{
    struct origin *origin = origin_start("a");
    struct usher *usher = usher_start(USHER_WEB "idle-timeout = 200ms\n" USHER_APP
                                                "check = off\nserver = a %s\n",
                                      origin_address(origin));
    struct client *silent = client_connect(usher), *rude = client_connect(usher);

    client_say(rude, "who\n");
    cr_expect_str_eq(client_hear(rude), "a");
    client_reset(rude);
    eventually(usher_logged(usher, "session over", "reset", NULL), 3000);
    cr_expect_neq(client_end(silent, patience_ms(5000)), STREAM_OPEN);
    eventually(usher_logged(usher, "session over", "idle", NULL), 3000);
    origin_kill(origin);
    (void)client_ask_once(usher_web(usher));
    eventually(usher_logged(usher, "session over", "Connection refused", NULL), 20000);
    usher_stop(usher);
}

static struct usher *start_logging_to(const char *target)
{
    return usher_start("[global]\nworkers = 2\nlog = %s\n" USHER_WEB USHER_APP
                       "server = a %s\n",
                       target, origin_address(origin_start("a")));
}

static void expect_undisturbed(struct usher *usher, uint64_t requests)
{
    struct load_report report = load_run(
        (struct load_plan){ .address = usher_web(usher),
                            .clients = 4,
                            .requests = patience_volume(requests) });

    cr_expect_eq(report.failed, 0, "%s", report.first_failure);
    cr_expect_lt(report.slowest_ms, patience_ms(2000));
}

Test(log, goes_to_syslog)
{
    const char *folder = scratch_create();
    struct catcher *catcher = catcher_open_unix(scratch_path(folder, "syslog"));
    struct usher *usher = start_logging_to(catcher_target(catcher));

    (void)client_ask_once(usher_web(usher));
    eventually(catcher_heard(catcher, "session over"), 3000);
    usher_stop(usher);
    scratch_remove(folder);
}

Test(log, that_nobody_reads_stops_nobody)
{
    const char *folder = scratch_create();
    struct catcher *deaf = catcher_open_unix(scratch_path(folder, "syslog"));
    struct usher *usher = start_logging_to(catcher_target(deaf));

    expect_undisturbed(usher, 300);
    cr_expect_gt(atoi(usher_info(usher, "DroppedLogs")), 0);
    usher_stop(usher);
    catcher_close(deaf);
    scratch_remove(folder);
}

Test(log, to_a_pipe_that_is_full_stops_nobody)
{
    const char *folder = scratch_create(), *path = scratch_path(folder, "pipe");
    FILE *pipe;
    struct usher *usher;

    cr_assert_eq(mkfifo(path, 0600), 0);
    pipe = fopen(path, "r+e");
    cr_assert(pipe);
    cr_assert_neq(fcntl(fileno(pipe), F_SETPIPE_SZ, PIPE_BYTES), -1);
    usher = start_logging_to(path);
    expect_undisturbed(usher, 500);
    cr_expect_gt(atoi(usher_info(usher, "DroppedLogs")), 0);
    usher_stop(usher);
    (void)fclose(pipe);
    scratch_remove(folder);
}

Test(log, on_a_disk_that_is_full_stops_nobody)
{
    struct usher *usher = start_logging_to("/dev/full");

    expect_undisturbed(usher, 100);
    cr_expect_gt(atoi(usher_info(usher, "DroppedLogs")), 0);
    usher_stop(usher);
}

Test(log, keeps_its_level)
{
    struct usher *usher =
        usher_start("[global]\nworkers = 2\nlog-level = warning\n" USHER_WEB USHER_APP
                    "server = a %s\n",
                    origin_address(origin_start("a")));

    (void)client_ask_once(usher_web(usher));
    eventually(usher_sessions(usher) == 0, 3000);
    cr_expect_eq(usher_log_count(usher, " info "), 0);
    cr_expect_eq(usher_log_count(usher, " notice "), 0);
    usher_stop(usher);
}
