/* Three origins that answer any HTTP request with their name. GET /away closes the one
 * that is asked for ten seconds: usher notices, and notices its return. */
#include "demo.h"

#include "base/endpoint.h"
#include "base/memory.h"
#include "net/socket.h"

#include <ev.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

__asm__(".pushsection .rodata\n"
        "demo_ini:\n"
        ".incbin \"conf/demo.ini\"\n"
        ".byte 0\n"
        ".popsection\n");
extern const char demo_ini[];

enum { ORIGINS = 3, FIRST_PORT = 9001, BACKLOG = 128, REQUEST_BYTES = 4096 };

static const double AWAY_SECONDS = 10.;

struct demo {
    pid_t origins[ORIGINS];
};

struct origin {
    char name;
    struct address where;
    int fd; /* -1 while away */
    unsigned served;
    ev_io io;
    ev_timer back;
};

struct visit {
    struct origin *origin; /* borrowed: it stays as long as its process */
    ev_io io;
};

const char *demo_text(void)
{
    return demo_ini;
}

static void end_visit(struct ev_loop *loop, struct visit *visit)
{
    int fd = visit->io.fd;

    ev_io_stop(loop, &visit->io);
    (void)close(fd);
    free(visit);
}

static void go_away(struct ev_loop *loop, struct origin *origin)
{
    ev_io_stop(loop, &origin->io);
    (void)close(origin->fd);
    origin->fd = -1;
    ev_timer_set(&origin->back, AWAY_SECONDS, 0.);
    ev_timer_start(loop, &origin->back);
}

static void answer(int fd, struct origin *origin, const char *text)
{
    char reply[256];
    int length = snprintf(reply, sizeof reply,
                          "HTTP/1.1 200 OK\r\nConnection: close\r\n"
                          "Content-Type: text/plain\r\nContent-Length: %zu\r\n\r\n"
                          "origin %c: %s\n",
                          strlen(text) + 11, origin->name, text);

    (void)send(fd, reply, (size_t)length, MSG_NOSIGNAL);
}

static void on_request(struct ev_loop *loop, ev_io *io, int events)
{
    struct visit *visit = io->data;
    char request[REQUEST_BYTES], text[64];
    ssize_t length = recv(io->fd, request, sizeof request - 1, 0);
    bool wants_away;

    (void)events;
    if (length == -1 && errno == EAGAIN)
        return;
    request[length > 0 ? length : 0] = '\0';
    wants_away = !strncmp(request, "GET /away", 9);
    (void)snprintf(text, sizeof text, "answer %u", visit->origin->served);
    if (length > 0) {
        visit->origin->served++;
        answer(io->fd, visit->origin, wants_away ? "away for ten seconds" : text);
    }
    if (wants_away && visit->origin->fd != -1)
        go_away(loop, visit->origin);
    end_visit(loop, visit);
}

static void on_visitor(struct ev_loop *loop, ev_io *io, int events)
{
    struct endpoint client;
    int fd = socket_accept(io->fd, &client);
    struct visit *visit;

    (void)events;
    if (fd == -1)
        return;
    visit = memory_new(sizeof *visit);
    visit->origin = io->data;
    ev_io_init(&visit->io, on_request, fd, EV_READ);
    visit->io.data = visit;
    ev_io_start(loop, &visit->io);
}

static bool come_back(struct ev_loop *loop, struct origin *origin)
{
    struct socket_options options = { .backlog = BACKLOG };

    if (socket_is_taken(&origin->where, &options))
        return false;
    origin->fd = socket_bind(&origin->where, &options);
    if (origin->fd == -1 || !socket_listen(origin->fd, BACKLOG))
        return false;
    ev_io_set(&origin->io, origin->fd, EV_READ);
    ev_io_start(loop, &origin->io);
    return true;
}

static void on_back(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)events;
    if (!come_back(loop, timer->data))
        exit(EXIT_FAILURE);
}

static _Noreturn void be_origin(struct origin *origin, int ready_fd)
{
    struct ev_loop *loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);

    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    (void)signal(SIGINT, SIG_IGN);
    ensure(loop);
    ev_init(&origin->io, on_visitor);
    ev_timer_init(&origin->back, on_back, 0., 0.);
    origin->io.data = origin->back.data = origin;
    if (!come_back(loop, origin)) {
        (void)fprintf(stderr, "usher: the demo needs %s, which is in use\n",
                      address_text(&origin->where).chars);
        _exit(EXIT_FAILURE);
    }
    (void)!write(ready_fd, "", 1);
    (void)close(ready_fd);
    (void)ev_run(loop, 0);
    _exit(EXIT_SUCCESS);
}

/* The process of an origin that listens; -1 when it cannot. */
static pid_t start_origin(int index)
{
    struct origin origin = { .name = (char)('a' + index), .fd = -1 };
    struct address_parts parts;
    int ready[2];
    char text[32];
    pid_t pid;

    (void)snprintf(text, sizeof text, "127.0.0.1:%d", FIRST_PORT + index);
    if (address_parse(text, &parts) || pipe(ready) == -1)
        return -1;
    origin.where = parts.address;
    pid = fork();
    if (pid == 0)
        be_origin(&origin, ready[1]);
    (void)close(ready[1]);
    if (pid != -1 && read(ready[0], text, 1) != 1) {
        (void)waitpid(pid, NULL, 0);
        pid = -1;
    }
    (void)close(ready[0]);
    return pid;
}

static void print_what_to_try(void)
{
    (void)printf(
        "usher --demo: three origins a, b, c behind one door\n\n"
        "  watch the turns\n"
        "      for i in 1 2 3 4 5 6; do curl -s 127.0.0.1:8080; done\n"
        "  take origin b away for ten seconds, then watch the turns again\n"
        "      curl -s 127.0.0.1:9002/away\n"
        "  ask usher what it knows\n"
        "      echo 'show stat' | socat - /tmp/usher-demo.sock\n"
        "  keep new clients from a, and let them in again\n"
        "      echo 'set server app/a state drain' | socat - /tmp/usher-demo.sock\n"
        "      echo 'set server app/a state ready' | socat - /tmp/usher-demo.sock\n"
        "  stop\n"
        "      Ctrl-C\n\n");
    (void)fflush(stdout);
}

struct demo *demo_begin(void)
{
    struct demo *demo = memory_new(sizeof *demo);

    for (int i = 0; i < ORIGINS; i++) {
        demo->origins[i] = start_origin(i);
        if (demo->origins[i] == -1) {
            demo_end(demo);
            return NULL;
        }
    }
    print_what_to_try();
    return demo;
}

void demo_end(struct demo *demo)
{
    for (int i = 0; i < ORIGINS; i++) {
        if (demo->origins[i] <= 0)
            continue;
        (void)kill(demo->origins[i], SIGCONT);
        (void)kill(demo->origins[i], SIGTERM);
        (void)waitpid(demo->origins[i], NULL, 0);
    }
    free(demo);
}
