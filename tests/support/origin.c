/* Starts and ends origins; each visit is served by a thread of the origin's process. */
#include "support/origin.h"

#include "support/kept.h"
#include "support/patience.h"
#include "support/spawn.h"
#include "support/wire.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FIRST_FD = 3, BACKLOG = 1024, STACK_BYTES = 256 * 1024, HOLE_CALLERS = 4 };

struct origin {
    struct origin *next;
    struct origin_plan plan;
    const char *address;
    struct origin_facts *facts; /* shared with the process */
    int reserved;               /* keeps the port while nobody listens */
    pid_t pid;                  /* 0: dead */
};

/* So that what a test leaves behind is no leak. */
static struct origin *all;

static void *serve_visit(void *argument)
{
    struct visit *visit = argument;

    atomic_fetch_add(&visit->facts->open, 1);
    visit->plan->script(visit);
    if (visit->fd != -1)
        (void)close(visit->fd);
    atomic_fetch_sub(&visit->facts->open, 1);
    free(visit);
    return NULL;
}

static void begin_visit(const struct origin *origin, int fd,
                        const pthread_attr_t *attributes)
{
    struct visit *visit = malloc(sizeof *visit);
    pthread_t thread;

    if (!visit)
        _exit(EXIT_FAILURE);
    *visit = (struct visit){ .fd = fd, .plan = &origin->plan, .facts = origin->facts };
    atomic_fetch_add(&origin->facts->accepted, 1);
    if (pthread_create(&thread, attributes, serve_visit, visit) != 0) {
        (void)close(fd);
        free(visit);
    }
}

static void serve(const struct origin *origin, int listener)
{
    pthread_attr_t attributes;

    (void)signal(SIGPIPE, SIG_IGN);
    (void)pthread_attr_init(&attributes);
    (void)pthread_attr_setstacksize(&attributes, STACK_BYTES);
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

        if (fd != -1)
            begin_visit(origin, fd, &attributes);
        else if (errno != ECONNABORTED && errno != EINTR)
            (void)usleep(1000);
    }
}

/* In the child: the one listener that signals close and open. */
static int doorway = -1;

static void on_signal(int number)
{
    if (number == SIGUSR1)
        (void)shutdown(doorway, SHUT_RDWR);
    else
        (void)listen(doorway, BACKLOG);
}

/* The listening socket lives in the child alone, so that it dies with it. */
static void live(const struct origin *origin, int ready)
{
    int listener = wire_listen(origin->address, BACKLOG);

    doorway = listener;
    (void)signal(SIGUSR1, on_signal);
    (void)signal(SIGUSR2, on_signal);
    if (listener == -1 || write(ready, "", 1) != 1)
        _exit(EXIT_FAILURE);
    (void)close(ready);
    serve(origin, listener);
}

/* A client's socket that lives on here would hide its end. */
static void close_all_but(int fd)
{
    if (fd > FIRST_FD)
        (void)close_range(FIRST_FD, (unsigned)fd - 1, 0);
    (void)close_range((unsigned)fd + 1, ~0U, 0);
}

void origin_revive(struct origin *origin)
{
    pid_t parent = getpid();
    int ready[2];
    char byte;

    cr_assert_eq(origin->pid, 0, "origin %s is alive", origin->plan.name);
    cr_assert_eq(pipe(ready), 0, "no pipe");
    origin->pid = fork();
    cr_assert_neq(origin->pid, -1, "cannot fork");
    if (origin->pid == 0) {
        spawn_follow(parent);
        close_all_but(ready[1]);
        live(origin, ready[1]);
    }
    (void)close(ready[1]);
    cr_assert_eq(read(ready[0], &byte, 1), 1, "origin %s cannot listen on %s",
                 origin->plan.name, origin->address);
    (void)close(ready[0]);
}

static struct origin_facts *share_facts(void)
{
    void *memory = mmap(NULL, sizeof(struct origin_facts), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    cr_assert_neq(memory, MAP_FAILED, "no shared memory");
    return memory;
}

struct origin *origin_serve(struct origin_plan plan)
{
    struct origin *origin = calloc(1, sizeof *origin);

    cr_assert(origin, "no memory");
    origin->next = all;
    all = origin;
    origin->plan = plan;
    if (!plan.script)
        origin->plan.script = origin_who;
    origin->facts = share_facts();
    origin->reserved = wire_reserve(plan.address ? plan.address : "127.0.0.1:0");
    cr_assert_neq(origin->reserved, -1, "origin %s cannot bind: %s", plan.name,
                  strerror(errno));
    origin->address = wire_address(origin->reserved);
    if (!plan.is_absent)
        origin_revive(origin);
    return origin;
}

struct origin *origin_start(const char *name)
{
    return origin_serve((struct origin_plan){ .name = name });
}

const char *origin_address(const struct origin *origin)
{
    return origin->address;
}

unsigned origin_port(const struct origin *origin)
{
    const char *colon = strrchr(origin->address, ':');

    return (unsigned)atoi(colon + 1);
}

struct origin_facts *origin_facts(const struct origin *origin)
{
    return origin->facts;
}

void origin_kill(struct origin *origin)
{
    cr_assert_neq(origin->pid, 0, "origin %s is dead", origin->plan.name);
    spawn_kill(origin->pid);
    origin->pid = 0;
    atomic_store(&origin->facts->open, 0);
}

static bool is_listening(const struct origin *origin)
{
    int fd = wire_connect(origin->address, 1000);

    if (fd != -1)
        (void)close(fd);
    return fd != -1;
}

static void await_door(const struct origin *origin, int number, bool is_open)
{
    (void)kill(origin->pid, number);
    eventually(is_listening(origin) == is_open, 5000);
}

void origin_shut(struct origin *origin)
{
    await_door(origin, SIGUSR1, false);
}

void origin_open(struct origin *origin)
{
    await_door(origin, SIGUSR2, true);
}

void origin_freeze(struct origin *origin)
{
    (void)kill(origin->pid, SIGSTOP);
    (void)waitpid(origin->pid, NULL, WUNTRACED);
}

void origin_thaw(struct origin *origin)
{
    (void)kill(origin->pid, SIGCONT);
}

/* The queue of a listener that never accepts is filled; later SYNs are dropped. */
const char *origin_black_hole(void)
{
    int listener = wire_listen("127.0.0.1:0", 0);
    const char *address = wire_address(listener);

    cr_assert_neq(listener, -1, "cannot listen");
    for (int i = 0; i < HOLE_CALLERS; i++)
        (void)wire_begin_connect(address);
    return address;
}
