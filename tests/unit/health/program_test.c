#include "health/program.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct ev_loop *loop;
static char folder[] = "/tmp/usher-program-XXXXXX";
static struct program_result result;
static unsigned ends;

static void set_up(void)
{
    loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    cr_assert(mkdtemp(folder));
    ends = 0;
}

static void tear_down(void)
{
    char command[64];

    ev_loop_destroy(loop);
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(program, .timeout = 30, .init = set_up, .fini = tear_down);

static const char *path_of(const char *name)
{
    static char path[128];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* A script that takes the folder as its first word. */
static const char *write_script(const char *text)
{
    static char command[256];
    FILE *file = fopen(path_of("script"), "we");

    cr_assert(file);
    (void)fprintf(file, "#!/bin/sh\n%s\n", text);
    cr_assert_eq(fclose(file), 0);
    cr_assert_eq(chmod(path_of("script"), 0755), 0);
    (void)snprintf(command, sizeof command, "%s/script  %s", folder, folder);
    return command;
}

static void on_end(void *owner, const struct program_result *came)
{
    cr_expect_eq(owner, &result);
    result = *came;
    ends++;
}

static struct program *start(const char *command, uint64_t timeout_ms)
{
    static const char *const environment[] = { "USHER_SERVER=a", "USHER_WHY=so it is",
                                               NULL };
    struct program_request request = { loop,       command, environment,
                                       timeout_ms, on_end,  &result };

    return program_start(&request);
}

static void run(const char *command, uint64_t timeout_ms)
{
    unsigned before = ends;

    (void)start(command, timeout_ms);
    cr_expect_eq(ends, before, "called back before program_start returned");
    while (ends == before)
        (void)ev_run(loop, EVRUN_ONCE);
}

static void expect_result(const char *command, enum program_fate fate, int number)
{
    run(command, 10000);
    cr_expect_eq(result.fate, fate, "%s", command);
    cr_expect_eq(result.number, number, "%s: %d", command, result.number);
}

static char *read_file(const char *name)
{
    static char text[4096];
    FILE *file = fopen(path_of(name), "re");

    memset(text, 0, sizeof text);
    cr_assert(file, "%s", name);
    (void)!fread(text, 1, sizeof text - 1, file);
    (void)fclose(file);
    return text;
}

Test(program, tells_how_it_ended)
{
    expect_result("/bin/true", PROGRAM_EXITED, 0);
    expect_result("/bin/false", PROGRAM_EXITED, 1);
    expect_result(write_script("exit 7"), PROGRAM_EXITED, 7);
    expect_result(write_script("kill -TERM $$"), PROGRAM_DIED, SIGTERM);
    expect_result("/none/such", PROGRAM_NOT_STARTED, ENOENT);
    expect_result("/etc/passwd", PROGRAM_NOT_STARTED, EACCES);
    expect_result("   ", PROGRAM_NOT_STARTED, E2BIG);
}

Test(program, has_the_environment_it_was_given_and_no_other)
{
    (void)setenv("USHER_SECRET", "x", 1);
    expect_result(write_script("env > $1/out"), PROGRAM_EXITED, 0);
    cr_expect(strstr(read_file("out"), "USHER_SERVER=a\n"));
    cr_expect(strstr(read_file("out"), "USHER_WHY=so it is\n"));
    cr_expect(strstr(read_file("out"), "PATH="));
    cr_expect_null(strstr(read_file("out"), "USHER_SECRET"));
}

Test(program, has_no_descriptor_of_ours_and_no_blocked_signal)
{
    int fd = open("/etc/passwd", O_RDONLY);
    sigset_t all;

    cr_assert_neq(fd, -1);
    (void)sigfillset(&all);
    (void)sigprocmask(SIG_BLOCK, &all, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    expect_result(write_script("readlink /proc/$$/fd/* > $1/out\n"
                               "exec grep -E 'Sig(Blk|Ign)' /proc/self/status >> $1/out"),
                  PROGRAM_EXITED, 0);
    cr_expect(strstr(read_file("out"), "SigBlk:\t0000000000000000"), "%s",
              read_file("out"));
    cr_expect_null(strstr(read_file("out"), "SigIgn:\t0000000000001"), "%s",
                   read_file("out"));
    cr_expect_not(strstr(read_file("out"), "eventpoll") ||
                      strstr(read_file("out"), "passwd"),
                  "%s", read_file("out"));
    (void)close(fd);
}

static bool is_alive(pid_t pid)
{
    char path[64], text[256] = "";
    FILE *file;

    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    file = fopen(path, "re");
    if (!file)
        return false;
    (void)!fread(text, 1, sizeof text - 1, file);
    (void)fclose(file);
    return !strstr(text, ") Z ");
}

static void expect_gone(pid_t pid)
{
    while (is_alive(pid))
        (void)usleep(1000);
}

Test(program, is_killed_with_its_children_when_it_takes_too_long)
{
    run(write_script("sleep 1000 & echo $! > $1/child; echo $$ > $1/self; wait"), 500);
    cr_expect_eq(result.fate, PROGRAM_TOOK_TOO_LONG);
    expect_gone(atoi(read_file("self")));
    expect_gone(atoi(read_file("child")));
}

Test(program, leaves_nothing_in_the_background)
{
    run(write_script("sleep 1000 & echo $! > $1/child"), 10000);
    cr_expect_eq(result.fate, PROGRAM_EXITED);
    expect_gone(atoi(read_file("child")));
}

Test(program, that_is_forgotten_is_killed_and_not_heard_of)
{
    struct program *program = start(write_script("echo $$ > $1/self; exec sleep 1000"),
                                    10000);
    pid_t pid;

    while (access(path_of("self"), R_OK) != 0 || !*read_file("self"))
        (void)usleep(1000);
    pid = atoi(read_file("self"));
    program_forget(program);
    expect_gone(pid);
    (void)ev_run(loop, EVRUN_NOWAIT);
    cr_expect_eq(ends, 0);
    run("/bin/true", 10000);
    cr_expect_eq(waitpid(-1, NULL, WNOHANG), -1, "a zombie is left");
    program_forget(NULL);
}

Test(program, is_looked_at_before_it_is_needed)
{
    cr_expect_null(program_check("/bin/true --quietly"));
    cr_expect_str_eq(program_check("true"), "the path of the program must begin with /");
    cr_expect_str_eq(program_check("/none/such x"), "there is no such program");
    cr_expect_str_eq(program_check("/etc/passwd"), "it cannot be run");
}
