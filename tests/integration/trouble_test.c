/* Trouble at the start and with files: usher lives on, or leaves without a trace. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/spawn.h"
#include "support/usher.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(trouble, .timeout = 60);

#define REST "[backend app]\nserver = a 127.0.0.1:1\ncheck = off\n"
#define GOOD USHER_WEB REST

/* A pipe that somebody has ceased to read. */
static int deaf_pipe(void)
{
    int both[2];

    cr_assert_eq(pipe2(both, O_CLOEXEC), 0);
    (void)close(both[0]);
    return both[1];
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

Test(trouble, with_standard_error_that_nobody_reads_kills_nobody)
{
    const char *folder = scratch_create(), *door = scratch_path(folder, "door");
    const char *config = scratch_write(folder, "usher.ini",
                                       kept_format("[global]\nworkers = 1\n"
                                                   "[frontend web]\nbind = unix:%s\n"
                                                   "backend = app\n" REST,
                                                   door));
    const char *argv[] = { "sh",   "-c", "exec \"$0\" -c \"$1\" 2>&3", usher_program(),
                           config, NULL };
    pid_t pid = spawn_begin(&(struct spawn){ .argv = argv, .pass_fd = deaf_pipe() });

    eventually(is_there(door) || spawn_wait(pid, 0) != -1, 10000);
    /* It is asked for nothing but to say that it could not reach a server. */
    for (int i = 0; i < 3; i++)
        cr_expect_neq(client_end(client_dial(kept_format("unix:%s", door)), 5000),
                      STREAM_OPEN);
    cr_assert_eq(kill(pid, SIGTERM), 0);
    cr_expect_eq(spawn_wait(pid, patience_ms(10000)), 0);
    scratch_remove(folder);
}

Test(trouble, of_a_second_start_leaves_the_first_one_s_pid_file)
{
    const char *folder = scratch_create(), *path = scratch_path(folder, "pid");
    struct usher *usher = usher_start("[global]\nworkers = 1\npid-file = %s\n" GOOD,
                                      path);
    const char *second =
        scratch_write(folder, "second.ini",
                      kept_format("[global]\npid-file = %s\n[frontend web]\nbind = %s\n"
                                  "backend = app\n" REST,
                                  path, usher_web(usher)));
    const char *third =
        scratch_write(folder, "third.ini",
                      kept_format("[global]\npid-file = %s\n[admin]\nsocket = %s\n" GOOD,
                                  path, usher_admin_address(usher) + strlen("unix:")));

    cr_expect_eq(spawn_line("%s -c %s", usher_program(), second).status, 1);
    cr_expect_eq(spawn_line("%s -c %s", usher_program(), third).status, 1);
    cr_expect_eq(atoi(kept_file(path)), (int)usher_pid(usher), "it says %s",
                 kept_file(path));
    cr_expect(usher_try_admin(usher, "show info"));
    usher_stop(usher);
    scratch_remove(folder);
}

/* A leak is a status of its own under the sanitizer. */
Test(trouble, at_the_start_leaves_nothing_behind)
{
    const char *folder = scratch_create(), *own = scratch_path(folder, "own");
    struct origin *other = origin_start("a");
    const char *const beginnings[] = {
        kept_format("[global]\npid-file = %s/none/pid\n" GOOD, folder),
        kept_format("[global]\nlog = %s/none/log\n" GOOD, folder),
        kept_format("[admin]\nsocket = %s/none/admin\n" GOOD, folder),
        kept_format("[frontend web]\nbind = unix:%s\nbind = %s\nbackend = app\n" REST,
                    own, origin_address(other)),
        USHER_WEB "tls-cert = /dev/null\n" REST,
        USHER_WEB "tls-cert = /none\n" REST,
        USHER_WEB REST "tls = yes\ntls-ca = /none\n",
        USHER_WEB "allow = /none\n" REST,
        "[frontend web]\nbind = fd@77\nbackend = app\n" REST,
    };

    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
        const char *path = scratch_write(folder, "usher.ini", beginnings[i]);
        struct spawned spawned = spawn_line("%s -c %s", usher_program(), path);

        cr_expect_eq(spawned.status, 1, "status %d of\n%s\n%s", spawned.status,
                     beginnings[i], spawned.err);
        cr_expect_not(is_there(own), "the UNIX socket was left behind");
    }
    scratch_remove(folder);
}

static void become_fifo(const char *path)
{
    (void)unlink(path);
    cr_assert_eq(mkfifo(path, 0600), 0);
}

Test(trouble, with_a_fifo_for_a_configuration_hangs_nobody)
{
    struct origin *origin = origin_start("a");
    struct usher *usher = usher_start(USHER_WEB USHER_APP "server = a %s\n",
                                      origin_address(origin));
    const char *path = scratch_path(usher_folder(usher), "usher.ini"), *answer;
    struct spawned spawned;

    become_fifo(path);
    answer = usher_admin(usher, "reload");
    cr_expect_eq(strncmp(answer, "refused", 7), 0, "%s", answer);
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    spawned = spawn_line("%s -t -c %s", usher_program(), path);
    cr_expect_eq(spawned.status, 1, "%s", spawned.err);
    usher_stop(usher);
}

Test(trouble, with_a_fifo_that_is_included_hangs_nobody)
{
    struct usher *usher = usher_start(GOOD);
    const char *path = scratch_path(usher_folder(usher), "more.ini"), *answer;

    become_fifo(path);
    answer = usher_reload(usher, GOOD "include = %s\n", path);
    cr_expect_eq(strncmp(answer, "refused", 7), 0, "%s", answer);
    cr_expect(strstr(answer, path), "%s", answer);
    usher_stop(usher);
}
