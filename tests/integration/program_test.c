/* Programs of the operator's: checks that run one, and one that is told of changes. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/usher.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct origin *origins[2];
static const char *folder;

static void set_up(void)
{
    folder = scratch_create();
    origins[0] = origin_start("a");
    origins[1] = origin_start("b");
}

static void tear_down(void)
{
    scratch_remove(folder);
}

TestSuite(program, .timeout = 60, .init = set_up, .fini = tear_down);

static const char *write_program(const char *name, const char *text)
{
    const char *path = scratch_write(folder, name, kept_format("#!/bin/sh\n%s\n", text));

    cr_assert_eq(chmod(path, 0755), 0);
    return path;
}

static struct usher *start(const char *global, const char *lines)
{
    return usher_start("[global]\nworkers = 2\nexec-checks = yes\n%s" USHER_WEB USHER_APP
                           USHER_QUICK_CHECKS "%sserver = a %s\nserver = b %s\n",
                       global, lines, origin_address(origins[0]),
                       origin_address(origins[1]));
}

static bool is_status(struct usher *usher, const char *server, const char *status)
{
    return usher_stat_is(usher, server, "status", status);
}

static void sick(const char *server)
{
    (void)scratch_write(folder, kept_format("%s.sick", server), "");
}

/* A program that looks for a file of the server's name. */
static const char *doctor(void)
{
    return write_program("doctor",
                         "test ! -e $1/$USHER_SERVER.sick || exit 3\n"
                         "echo $USHER_BACKEND $USHER_SERVER $USHER_ADDRESS $USHER_PORT "
                         "$USHER_TIMEOUT_MS >> $1/seen\n");
}

Test(program, finds_out_whether_a_server_is_well)
{
    struct usher *usher = start("", kept_format("check = exec\ncheck-command = %s %s\n",
                                                doctor(), folder));

    eventually(is_status(usher, "app/a", "UP") && is_status(usher, "app/b", "UP"), 5000);
    cr_expect(usher_stat_is(usher, "app/a", "check_status", "PROCOK"));
    cr_expect(strstr(scratch_read(scratch_path(folder, "seen")),
                     kept_format("app b 127.0.0.1 %u 500\n", origin_port(origins[1]))),
              "%s", scratch_read(scratch_path(folder, "seen")));
    sick("b");
    eventually(is_status(usher, "app/b", "DOWN"), 5000);
    cr_expect(usher_stat_is(usher, "app/b", "check_status", "PROCERR"));
    cr_expect(usher_logged(usher, "app/b", "exit status 3", NULL));
    cr_expect(is_status(usher, "app/a", "UP"));
    cr_assert_eq(unlink(scratch_path(folder, "b.sick")), 0);
    eventually(is_status(usher, "app/b", "UP"), 5000);
    usher_stop(usher);
}

Test(program, that_hangs_takes_its_server_down)
{
    const char *path = write_program("hang", "[ $USHER_SERVER = a ] || sleep 1000");
    struct usher *usher = start("", kept_format("check = exec\ncheck-command = %s\n"
                                                "check-timeout = 200ms\n",
                                                path));

    eventually(strstr(usher_stat(usher, "app", "b", "check_status"), "PROCTOUT"), 10000);
    eventually(is_status(usher, "app/b", "DOWN"), 5000);
    eventually(is_status(usher, "app/a", "UP"), 5000);
    usher_stop(usher);
}

/* A typing mistake is not the servers' fault. */
Test(program, that_cannot_be_run_says_nothing_of_the_servers)
{
    const char *path = write_program("gone", "exit 0");
    struct usher *usher = start("",
                                kept_format("check = exec\ncheck-command = %s\n", path));

    eventually(is_status(usher, "app/a", "UP") && is_status(usher, "app/b", "UP"), 5000);
    cr_assert_eq(unlink(path), 0);
    eventually(usher_stat_is(usher, "app/a", "check_status", "SOCKERR"), 5000);
    meanwhile(is_status(usher, "app/a", "UP"), 500);
    usher_stop(usher);
}

static void expect_refused(const char *global, const char *lines, const char *problem)
{
    struct usher *usher = usher_start_with((struct usher_options){ .at_once = true },
                                           "[global]\nworkers = 2\n%s" USHER_WEB USHER_APP
                                           "%sserver = a 127.0.0.1:1\n",
                                           global, lines);

    cr_expect_eq(usher_wait(usher), 1);
    cr_expect(strstr(usher_log(usher), problem), "%s", usher_log(usher));
    usher_forget(usher);
}

Test(program, must_be_allowed_and_there)
{
    expect_refused("", "check = exec\ncheck-command = /bin/true\n",
                   "usher.ini:7: check = exec: runs a program: needs "
                   "`exec-checks = yes` in [global]");
    expect_refused("exec-checks = yes\n", "check = exec\ncheck-command = /none/such x\n",
                   "check-command = /none/such x: there is no such program");
    expect_refused("exec-checks = yes\n", "check = exec\ncheck-command = true\n",
                   "check-command = true: the path of the program must begin with /");
    expect_refused("exec-checks = yes\n", "check = exec\n",
                   "check = exec: needs \"check-command\"");
    expect_refused("notify = /bin/true\n", "", "notify = /bin/true: needs \"exec-checks");
}

Test(program, is_told_of_changes)
{
    const char *path = write_program("note",
                                     "echo $USHER_BACKEND/$USHER_SERVER $USHER_FROM "
                                     "$USHER_TO \"$USHER_WHY\" >> $1/told");
    const char *told = scratch_path(folder, "told");
    struct usher *usher = start(kept_format("notify = %s %s\n", path, folder), "");

    origin_kill(origins[1]);
    eventually(strstr(scratch_read(told), "app/b up down"), 5000);
    cr_expect(strstr(scratch_read(told), "Connection refused"), "%s", scratch_read(told));
    origin_revive(origins[1]);
    eventually(strstr(scratch_read(told), "app/b down up"), 5000);
    (void)usher_admin(usher, "set server app/a state drain");
    eventually(strstr(scratch_read(told), "app/a up drain"), 5000);
    (void)usher_admin(usher, "set server app/a state maint");
    eventually(strstr(scratch_read(told), "app/a drain maint"), 5000);
    cr_expect_null(strstr(scratch_read(told), "unknown"), "%s", scratch_read(told));
    usher_stop(usher);
}

Test(program, that_is_told_and_hangs_delays_nobody)
{
    const char *path = write_program("hang", "echo $$ >> $1/pids; sleep 1000");
    struct usher *usher = start(kept_format("notify = %s %s\n", path, folder), "");

    origin_kill(origins[1]);
    eventually(*scratch_read(scratch_path(folder, "pids")), 5000);
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    origin_revive(origins[1]);
    eventually(is_status(usher, "app/b", "UP"), 5000);
    usher_stop(usher);
}
