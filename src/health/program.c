/* posix_spawn starts it, a descriptor of the process tells its end. One that was killed
 * is reaped when the next one starts or ends: it may take a moment to die. */
#include "health/program.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <ev.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_MOST = 64, VARIABLES_MOST = 32, FIRST_FD = 3, DYING_MOST = 1024 };

struct program {
    pid_t pid; /* 0: not started */
    int error;
    uint64_t began_at;
    program_ended *on_end;
    void *owner;
    ev_io end;
    ev_timer deadline;
    struct ev_loop *loop; /* borrowed */
};

/* Main only. */
static pid_t dying[DYING_MOST];
static size_t dying_count;

static bool is_reaped(pid_t pid)
{
    return waitpid(pid, NULL, WNOHANG) != 0;
}

static void reap_the_dying(void)
{
    size_t kept = 0;

    for (size_t i = 0; i < dying_count; i++)
        if (!is_reaped(dying[i]))
            dying[kept++] = dying[i];
    dying_count = kept;
}

/* With all that it started. */
static void kill_now(pid_t pid)
{
    (void)kill(-pid, SIGKILL);
    reap_the_dying();
    if (!is_reaped(pid) && dying_count < DYING_MOST)
        dying[dying_count++] = pid;
}

static void release(struct program *program)
{
    ev_timer_stop(program->loop, &program->deadline);
    if (program->end.fd != -1) {
        ev_io_stop(program->loop, &program->end);
        (void)close(program->end.fd);
    }
    free(program);
}

static void tell(struct program *program, enum program_fate fate, int number)
{
    struct program_result result = { fate, number, clock_ms() - program->began_at };
    program_ended *on_end = program->on_end;
    void *owner = program->owner;

    release(program);
    on_end(owner, &result);
}

static void on_exit_seen(struct ev_loop *loop, ev_io *io, int events)
{
    struct program *program = io->data;
    int status = 0;

    (void)loop, (void)events;
    /* What it leaves behind in the background has no business any more. */
    (void)kill(-program->pid, SIGKILL);
    if (waitpid(program->pid, &status, WNOHANG) != program->pid)
        return;
    if (WIFEXITED(status))
        tell(program, PROGRAM_EXITED, WEXITSTATUS(status));
    else
        tell(program, PROGRAM_DIED, WTERMSIG(status));
}

static void on_deadline(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct program *program = timer->data;

    (void)loop, (void)events;
    if (!program->pid) {
        tell(program, PROGRAM_NOT_STARTED, program->error);
        return;
    }
    kill_now(program->pid);
    tell(program, PROGRAM_TOOK_TOO_LONG, 0);
}

static void set_up_files(posix_spawn_file_actions_t *files)
{
    (void)posix_spawn_file_actions_init(files);
    (void)posix_spawn_file_actions_addopen(files, STDIN_FILENO, "/dev/null", O_RDWR, 0);
    (void)posix_spawn_file_actions_adddup2(files, STDIN_FILENO, STDOUT_FILENO);
    (void)posix_spawn_file_actions_adddup2(files, STDIN_FILENO, STDERR_FILENO);
    (void)posix_spawn_file_actions_addclosefrom_np(files, FIRST_FD);
}

/* A group of its own, and signals as a program expects them. */
static void set_up_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;

    (void)sigemptyset(&none);
    (void)sigfillset(&all);
    (void)posix_spawnattr_init(attributes);
    (void)posix_spawnattr_setsigmask(attributes, &none);
    (void)posix_spawnattr_setsigdefault(attributes, &all);
    (void)posix_spawnattr_setpgroup(attributes, 0);
    (void)posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK |
                                                   POSIX_SPAWN_SETSIGDEF |
                                                   POSIX_SPAWN_SETPGROUP);
}

static int spawn(pid_t *pid, char **words, char **environment)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    int error;

    set_up_files(&files);
    set_up_attributes(&attributes);
    error = posix_spawn(pid, words[0], &files, &attributes, words, environment);
    (void)posix_spawnattr_destroy(&attributes);
    (void)posix_spawn_file_actions_destroy(&files);
    return error;
}

/* Ours may hold secrets: only what is meant for it, and where programs are. */
static void gather_environment(const char *const *given, char **environment)
{
    static char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:"
                         "/bin";
    size_t count = 0;

    environment[count++] = path;
    while (given && *given && count < VARIABLES_MOST)
        environment[count++] = (char *)(uintptr_t)*given++;
    environment[count] = NULL;
}

static int start(const struct program_request *request, pid_t *pid)
{
    char *environment[VARIABLES_MOST + 1], *words[WORDS_MOST + 1];
    char *command = memory_copy_text(request->command);
    size_t count = text_split(command, words, WORDS_MOST);
    int error = count && count <= WORDS_MOST ? 0 : E2BIG;

    if (!error) {
        words[count] = NULL;
        gather_environment(request->environment, environment);
        error = spawn(pid, words, environment);
    }
    free(command);
    return error;
}

static void watch(struct program *program, int fd)
{
    ev_io_init(&program->end, on_exit_seen, fd, EV_READ);
    program->end.data = program;
    ev_io_start(program->loop, &program->end);
}

static void begin(struct program *program, const struct program_request *request)
{
    int fd;

    program->error = start(request, &program->pid);
    if (program->error) {
        program->pid = 0;
        return;
    }
    fd = pidfd_open(program->pid, 0);
    if (fd != -1) {
        watch(program, fd);
        return;
    }
    program->error = errno;
    kill_now(program->pid);
    program->pid = 0;
}

struct program *program_start(const struct program_request *request)
{
    struct program *program = memory_new(sizeof *program);

    reap_the_dying();
    program->loop = request->loop;
    program->on_end = request->on_end;
    program->owner = request->owner;
    program->began_at = clock_ms();
    program->end.fd = -1;
    begin(program, request);
    ev_timer_init(&program->deadline, on_deadline,
                  program->pid ? (double)request->timeout_ms / 1e3 : 0., 0.);
    program->deadline.data = program;
    ev_timer_start(program->loop, &program->deadline);
    return program;
}

void program_forget(struct program *program)
{
    if (!program)
        return;
    if (program->pid)
        kill_now(program->pid);
    release(program);
}

const char *program_check(const char *command)
{
    char *copy = memory_copy_text(command), *words[1] = { NULL };
    const char *wrong = NULL;

    (void)text_split(copy, words, 1);
    if (!words[0] || *words[0] != '/')
        wrong = "the path of the program must begin with /";
    else if (access(words[0], X_OK) == -1)
        wrong = errno == ENOENT ? "there is no such program" : "it cannot be run";
    free(copy);
    return wrong;
}

const char *program_fate_name(enum program_fate fate)
{
    static const char *const names[] = {
        [PROGRAM_EXITED] = "exited",
        [PROGRAM_DIED] = "died",
        [PROGRAM_TOOK_TOO_LONG] = "took-too-long",
        [PROGRAM_NOT_STARTED] = "not-started",
    };

    return names[fate];
}
