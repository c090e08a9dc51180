/* Starts programs with nothing of ours but what they are given. */
#include "support/spawn.h"

#include "support/kept.h"
#include "support/patience.h"
#include "support/scratch.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PASSED_FD = 3, RUN_MS = 30000, WORDS_MOST = 32, CANNOT_RUN = 127 };

void spawn_follow(pid_t parent)
{
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(CANNOT_RUN);
}

static void redirect(int fd, const char *path, int flags)
{
    int file = open(path ? path : "/dev/null", flags | O_CREAT | O_CLOEXEC, 0600);

    if (file == -1 || dup2(file, fd) == -1)
        _exit(CANNOT_RUN);
}

static void leave_signals_alone(void)
{
    sigset_t none;

    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)signal(SIGPIPE, SIG_DFL);
}

static void become(const struct spawn *spawn)
{
    struct rlimit limit = { spawn->descriptors, spawn->descriptors };

    redirect(STDIN_FILENO, spawn->in, O_RDONLY);
    redirect(STDOUT_FILENO, spawn->out, O_WRONLY | O_APPEND);
    redirect(STDERR_FILENO, spawn->err, O_WRONLY | O_APPEND);
    (void)close_range(PASSED_FD, ~0U, CLOSE_RANGE_CLOEXEC);
    if (spawn->pass_fd == PASSED_FD)
        (void)fcntl(PASSED_FD, F_SETFD, 0);
    else if (spawn->pass_fd && dup2(spawn->pass_fd, PASSED_FD) == -1)
        _exit(CANNOT_RUN);
    if (spawn->descriptors)
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    leave_signals_alone();
    (void)execvp(spawn->argv[0], (char *const *)(uintptr_t)spawn->argv);
    _exit(CANNOT_RUN);
}

pid_t spawn_begin(const struct spawn *spawn)
{
    pid_t parent = getpid();
    pid_t pid = fork();

    cr_assert_neq(pid, -1, "cannot fork");
    if (pid == 0) {
        spawn_follow(parent);
        become(spawn);
    }
    return pid;
}

static int status_of(int status)
{
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int spawn_wait(pid_t pid, uint64_t ms)
{
    uint64_t until = patience_now_ms() + ms;
    int status;

    for (;;) {
        if (waitpid(pid, &status, WNOHANG) == pid)
            return status_of(status);
        if (patience_now_ms() >= until)
            return -1;
        patience_pause();
    }
}

void spawn_kill(pid_t pid)
{
    (void)kill(pid, SIGKILL);
    (void)waitpid(pid, NULL, 0);
}

static struct spawned run(const char *const *argv, const char *in)
{
    const char *scratch = scratch_create();
    struct spawn spawn = { .argv = argv,
                           .in = scratch_write(scratch, "in", in),
                           .out = scratch_path(scratch, "out"),
                           .err = scratch_path(scratch, "err") };
    pid_t pid = spawn_begin(&spawn);
    struct spawned spawned = { .status = spawn_wait(pid, patience_ms(RUN_MS)) };

    if (spawned.status == -1)
        spawn_kill(pid);
    spawned.out = kept_file(spawn.out);
    spawned.err = kept_file(spawn.err);
    cr_assert_neq(spawned.status, -1, "%s did not end: %s%s", argv[0], spawned.out,
                  spawned.err);
    scratch_remove(scratch);
    return spawned;
}

struct words {
    const char *all[WORDS_MOST + 1];
};

static struct words split(const char *format, va_list arguments)
{
    struct words words = { { NULL } };
    char *text = NULL, *rest = NULL;
    size_t count = 0;

    cr_assert_neq(vasprintf(&text, format, arguments), -1, "no memory");
    (void)kept_text(text);
    for (char *word = strtok_r(text, " ", &rest); word;
         word = strtok_r(NULL, " ", &rest)) {
        cr_assert_lt(count, WORDS_MOST, "too many words");
        words.all[count++] = word;
    }
    return words;
}

pid_t spawn_begin_line(const char *out, const char *format, ...)
{
    struct words words;
    va_list arguments;

    va_start(arguments, format);
    words = split(format, arguments);
    va_end(arguments);
    return spawn_begin(&(struct spawn){ .argv = words.all, .out = out, .err = out });
}

struct spawned spawn_line(const char *format, ...)
{
    struct words words;
    va_list arguments;

    va_start(arguments, format);
    words = split(format, arguments);
    va_end(arguments);
    return run(words.all, "");
}

struct spawned spawn_line_with(const char *in, const char *format, ...)
{
    struct words words;
    va_list arguments;

    va_start(arguments, format);
    words = split(format, arguments);
    va_end(arguments);
    return run(words.all, in);
}
