/* Command lines, bad configurations, and what is around a life. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/spawn.h"
#include "support/usher.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

TestSuite(start, .timeout = 60);

/* Good, but for what a case puts before it. */
#define REST                                                                             \
    "[frontend web]\nbind = 127.0.0.1:0\nbackend = app\n"                                \
    "[backend app]\nserver = a 127.0.0.1:1\n"

static const struct bad {
    const char *config;
    unsigned line;
    const char *sentence;
} bad[] = {
    { "[global]\nworker = 2\n" REST, 2,
      "unknown key \"worker\" in [global]; did you mean \"workers\"?" },
    { "[global]\nnonsense = 2\n" REST, 2, "unknown key \"nonsense\" in [global]" },
    { "[globl]\nworkers = 2\n" REST, 1,
      "unknown section [globl]; did you mean [global]?" },
    { "workers = 2\n" REST, 1, "\"workers\" stands before any section" },
    { "[global]\n" REST, 1, "[global] is empty" },
    { "[global\nworkers = 2\n" REST, 1, "\"[global\": the ] is missing" },
    { "[global]\nworkers = 2\nworkers = 3\n" REST, 3, "\"workers\" is set at " },
    { "[global]\nworkers = many\n" REST, 2, "workers = many: " },
    { "[global]\nworkers = 257\n" REST, 2, "workers = 257: " },
    { "[global]\nworkers\n" REST, 2, "\"workers\": write `key = value`" },
    { "[global]\ndrain-timeout = 30\n" REST, 2,
      "drain-timeout = 30: a duration with its unit is expected, such as 500ms, 2s" },
    { "[global]\nuser = nobody-of-that-name\n" REST, 2, "user = nobody-of-that-name: " },
    { "[global]\ngroup = nobody-of-that-name\n" REST, 2,
      "group = nobody-of-that-name: " },
    { "[frontend web]\nbind = 127.0.0.1:65536\nbackend = app\n[backend app]\n"
      "server = a 127.0.0.1:1\n",
      2, "bind = 127.0.0.1:65536: the port must be 0 to 65535" },
    { "[frontend web]\nbind = 127.0.0.1\nbackend = app\n[backend app]\n"
      "server = a 127.0.0.1:1\n",
      2, "bind = 127.0.0.1: a port is missing: write HOST:PORT" },
    { "[frontend web]\nbind = 127.0.0.256:80\nbackend = app\n[backend app]\n"
      "server = a 127.0.0.1:1\n",
      2, "bind = 127.0.0.256:80: an IPv4 address has four numbers from 0 to 255" },
    { "[frontend web]\nbackend = app\n[backend app]\nserver = a 127.0.0.1:1\n", 1,
      "[frontend web] needs a \"bind\"" },
    { "[frontend web]\nbind = 127.0.0.1:0\n[backend app]\nserver = a 127.0.0.1:1\n", 1,
      "[frontend web] needs a \"backend\"" },
    { "[frontend web]\nbind = 127.0.0.1:0\nbackend = shp\n[backend shop]\n"
      "server = a 127.0.0.1:1\n",
      3, "backend = shp: there is no [backend shp]; did you mean \"shop\"?" },
    { "[frontend web]\nbind = 127.0.0.1:0\nbackend = shop\n[backend app]\n"
      "server = a 127.0.0.1:1\n",
      3, "backend = shop: there is no [backend shop]" },
    { "[frontend web]\nbind = 127.0.0.1:0\nbackend = app\n[backend app]\n"
      "server = a 127.0.0.1:0\n",
      5, "server = a: 127.0.0.1:0: " },
    { "[frontend web]\nbind = 127.0.0.1:0\nbackend = app\n[backend app]\n"
      "server = a 127.0.0.1:1\nserver = a 127.0.0.1:2\n",
      6, "server = a: the server at " },
    { "[frontend web]\nbind = 127.0.0.1:0\nbackend = app\n[backend app]\n"
      "server = a 127.0.0.1:1 wieght=2\n",
      5, "server = a: wieght: unknown option; did you mean \"weight\"?" },
    { "[frontend web]\nbind = 127.0.0.1:0\nbackend = app\n[backend app]\n"
      "server = a 127.0.0.1:1 weight=257\n",
      5, "server = a: weight=257: " },
    { "[frontend web]\nbind = 127.0.0.1:0\nbackend = app\n[backend app]\nbalance = fair\n"
      "server = a 127.0.0.1:1\n",
      5, "balance = fair: " },
    { "[global]\nlog = ${USHER_NOT_SET}\n" REST, 2,
      "the environment variable \"USHER_NOT_SET\" is not set" },
    { "[global]\ninclude = missing.ini\nworkers = 2\n" REST, 2, "cannot open " },
    { "[backend app]\nserver = a 127.0.0.1:1\n", 0, "there is no [frontend NAME]" },
};

/* What has to stand on standard error: "file:line: sentence". */
static void expect_refused(const char *path, const struct bad *one, const char *option)
{
    struct spawned spawned = spawn_line("%s %s %s", usher_program(), option, path);
    const char *wanted = one->line
                             ? kept_format("%s:%u: %s", path, one->line, one->sentence)
                             : kept_format("%s: %s", path, one->sentence);

    cr_expect_eq(spawned.status, 1, "status %d for %s", spawned.status, wanted);
    cr_expect(strstr(spawned.err, wanted), "wanted %s\ngot %s", wanted, spawned.err);
}

Test(start, refuses_bad_configurations_with_file_and_line)
{
    const char *folder = scratch_create();

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *path = scratch_write(folder, kept_format("bad%zu.ini", i),
                                         bad[i].config);

        expect_refused(path, &bad[i], "-c");
        expect_refused(path, &bad[i], "-t -c");
    }
    scratch_remove(folder);
}

Test(start, names_every_problem_at_once_in_the_order_of_the_file)
{
    const char *folder = scratch_create();
    const char *path =
        scratch_write(folder, "usher.ini",
                      "[global]\nworker = 2\nstart-wait = x\n[frontend web]\n"
                      "bind = 127.0.0.1:0\nbackend = ap\n[backend app]\n"
                      "server = a 127.0.0.1:99999\ncolour = red\n");
    struct spawned spawned = spawn_line("%s -c %s", usher_program(), path);
    static const unsigned lines[] = { 2, 3, 6, 8, 9 };
    const char *last = spawned.err;

    cr_expect_eq(spawned.status, 1);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const char *found = strstr(last, kept_format("%s:%u: ", path, lines[i]));

        cr_assert(found, "no problem at line %u in %s", lines[i], spawned.err);
        last = found;
    }
    scratch_remove(folder);
}

Test(start, refuses_files_that_it_cannot_read)
{
    const char *folder = scratch_create();
    struct spawned missing = spawn_line("%s -c %s/missing.ini", usher_program(), folder);
    struct spawned directory = spawn_line("%s -c %s", usher_program(), folder);

    cr_expect_eq(missing.status, 1);
    cr_expect(strstr(missing.err,
                     kept_format("cannot open %s/missing.ini: No such file or"
                                 " directory",
                                 folder)),
              "%s", missing.err);
    cr_expect_eq(directory.status, 1);
    cr_expect(strstr(directory.err,
                     kept_format("cannot open %s: Is a directory", folder)),
              "%s", directory.err);
    scratch_remove(folder);
}

Test(start, refuses_a_file_that_it_may_not_read)
{
    const char *folder = scratch_create();
    const char *path = scratch_write(folder, "usher.ini", REST);
    struct spawned spawned;

    if (geteuid() == 0)
        path = "/proc/self/mem";
    else
        cr_assert_eq(chmod(path, 0), 0);
    spawned = spawn_line("%s -c %s", usher_program(), path);
    cr_expect_eq(spawned.status, 1);
    cr_expect(strstr(spawned.err, path), "%s", spawned.err);
    scratch_remove(folder);
}

Test(start, refuses_an_address_in_use)
{
    struct origin *origin = origin_start("a");
    const char *folder = scratch_create();
    const char *path = scratch_write(
        folder, "usher.ini",
        kept_format("[frontend web]\nbind = %s\nbackend = app\n[backend app]\n"
                    "server = a 127.0.0.1:1\n",
                    origin_address(origin)));
    struct spawned spawned = spawn_line("%s -c %s", usher_program(), path);

    cr_expect_eq(spawned.status, 1);
    cr_expect(strstr(spawned.err, kept_format("%s:2: ", path)), "%s", spawned.err);
    cr_expect(strstr(spawned.err,
                     kept_format("cannot listen on %s: Address already in use",
                                 origin_address(origin))),
              "%s", spawned.err);
    scratch_remove(folder);
}

Test(start, refuses_to_share_an_address_with_another_usher)
{
    struct usher *usher = usher_start(REST);
    const char *folder = scratch_create();
    const char *path = scratch_write(
        folder, "usher.ini",
        kept_format("[frontend web]\nbind = %s\nbackend = app\n[backend app]\n"
                    "server = a 127.0.0.1:1\n",
                    usher_web(usher)));
    struct spawned spawned = spawn_line("%s -c %s", usher_program(), path);

    cr_expect_eq(spawned.status, 1, "%s", spawned.err);
    cr_expect(strstr(spawned.err, "Address already in use"), "%s", spawned.err);
    usher_stop(usher);
    scratch_remove(folder);
}

Test(start, tests_a_good_file_without_starting)
{
    struct origin *origin = origin_start("a");
    const char *folder = scratch_create();
    const char *path = scratch_write(
        folder, "usher.ini",
        kept_format("[frontend web]\nbind = %s\nbackend = app\n[backend app]\n"
                    "server = a 127.0.0.1:1\n",
                    origin_address(origin)));
    struct spawned spawned = spawn_line("%s -t -c %s", usher_program(), path);

    cr_expect_eq(spawned.status, 0, "%s", spawned.err);
    cr_expect_eq(origin_facts(origin)->accepted, 0);
    scratch_remove(folder);
}

Test(start, accepts_every_file_in_conf)
{
    glob_t found = { 0 };

    cr_assert_eq(glob("conf/*.ini", 0, NULL, &found), 0, "run in the project's folder");
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct spawned spawned = spawn_line("%s -t -c %s", usher_program(),
                                            found.gl_pathv[i]);

        cr_expect_eq(spawned.status, 0, "%s", spawned.err);
    }
    globfree(&found);
}

Test(start, prints_every_key_as_conf_has_them)
{
    struct spawned spawned = spawn_line("%s --keys", usher_program());

    cr_expect_eq(spawned.status, 0);
    cr_expect_str_eq(spawned.out, kept_file("conf/usher.ini"),
                     "write conf/usher.ini again: usher --keys > conf/usher.ini");
}

Test(start, explains_itself)
{
    struct spawned version = spawn_line("%s --version", usher_program());
    struct spawned help = spawn_line("%s --help", usher_program());

    cr_expect_eq(version.status, 0);
    cr_expect_eq(strncmp(version.out, "usher ", 6), 0, "%s", version.out);
    cr_expect(strstr(version.out, "libev"), "no build options: %s", version.out);
    cr_expect_eq(help.status, 0);
    cr_expect(strstr(help.out, "--keys") && strstr(help.out, "-t"), "%s", help.out);
}

Test(start, refuses_command_lines_that_it_does_not_know)
{
    static const char *const lines[] = { "--colour", "-c", "-x", "some words" };

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct spawned spawned = spawn_line("%s %s", usher_program(), lines[i]);

        cr_expect_neq(spawned.status, 0, "usher %s", lines[i]);
        cr_expect_lt(spawned.status, 128, "usher %s", lines[i]);
        cr_expect(strstr(spawned.err, "usage") || strstr(spawned.err, "--help"),
                  "usher %s: %s", lines[i], spawned.err);
    }
}

Test(start, takes_values_from_the_environment_and_from_other_files)
{
    struct origin *origin = origin_start("a");
    const char *folder = scratch_create();
    struct usher *usher;

    (void)scratch_write(folder, "backend.ini",
                        kept_format("[backend app]\nserver = a ${SERVER}\n"));
    cr_assert_eq(setenv("SERVER", origin_address(origin), 1), 0);
    usher = usher_start(USHER_WEB "include = %s/backend.ini\n", folder);
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    usher_stop(usher);
    scratch_remove(folder);
}

Test(start, writes_a_pid_file_and_removes_it)
{
    const char *folder = scratch_create();
    const char *path = scratch_path(folder, "pid");
    struct usher *usher = usher_start("[global]\nworkers = 1\npid-file = %s\n" REST,
                                      path);

    cr_expect_eq(atoi(kept_file(path)), (int)usher_pid(usher), "it says %s",
                 kept_file(path));
    usher_stop(usher);
    cr_expect_eq(access(path, F_OK), -1, "the pid file was left behind");
    scratch_remove(folder);
}

Test(start, gives_up_being_root)
{
    struct origin *origin = origin_start("a");
    struct usher *usher;

    if (geteuid() != 0)
        cr_skip("only root can become somebody else");
    usher = usher_start(
        "[global]\nworkers = 2\nuser = nobody\ngroup = nogroup\n" USHER_WEB USHER_APP
        "server = a %s\n",
        origin_address(origin));
    cr_expect(strstr(kept_file(kept_format("/proc/%d/status", (int)usher_pid(usher))),
                     "Uid:\t65534\t65534\t65534\t65534"));
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    cr_expect(
        strncmp(usher_reload(usher,
                             "[global]\nworkers = 2\nuser = nobody\n"
                             "group = nogroup\n" USHER_WEB USHER_APP "server = a %s\n",
                             origin_address(origin)),
                "refused", 7) == 0);
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    usher_stop(usher);
}
