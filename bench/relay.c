/* The least a proxy on libev can do: accept, connect, move bytes. No timers, no checks,
 * no counters, no log. What usher costs beyond this is the price of its features. It
 * copies; for bulk splice does better.
 *
 *   relay LISTEN-IP:PORT SERVER-IP:PORT */
#include "message.h"

#include <err.h>
#include <errno.h>
#include <ev.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 4096, SCRATCH_BYTES = 1 << 18 };

struct side {
    ev_io io;
    struct side *other;
    char *held; /* what could not be sent to this side yet */
    size_t held_bytes, sent_bytes;
};

static char scratch[SCRATCH_BYTES];
static struct sockaddr_in server;

static void expect(struct ev_loop *loop, struct side *side, int events)
{
    if (side->io.events == events && ev_is_active(&side->io))
        return;
    ev_io_stop(loop, &side->io);
    ev_io_modify(&side->io, events);
    if (events)
        ev_io_start(loop, &side->io);
}

static void part(struct ev_loop *loop, struct side *pair)
{
    for (int i = 0; i < 2; i++) {
        ev_io_stop(loop, &pair[i].io);
        (void)close(pair[i].io.fd);
        free(pair[i].held);
    }
    free(pair);
}

/* Sends what is held, or holds the rest; false when that side is gone. */
static bool give(struct side *side, const char *bytes, size_t length)
{
    ssize_t sent = send(side->io.fd, bytes, length, MSG_NOSIGNAL);
    size_t done = sent > 0 ? (size_t)sent : 0;

    if (sent == -1 && errno != EAGAIN)
        return false;
    if (side->held) {
        side->sent_bytes += done;
    } else if (done < length) {
        side->held = malloc(length - done);
        side->held_bytes = length - done;
        side->sent_bytes = 0;
        if (!side->held)
            return false;
        memcpy(side->held, bytes + done, length - done);
    }
    if (side->held && side->sent_bytes == side->held_bytes) {
        free(side->held);
        side->held = NULL;
    }
    return true;
}

static bool move(struct side *from)
{
    ssize_t got = recv(from->io.fd, scratch, sizeof scratch, 0);

    if (got > 0)
        return give(from->other, scratch, (size_t)got);
    return got == -1 && errno == EAGAIN;
}

static void on_event(struct ev_loop *loop, ev_io *io, int events)
{
    struct side *side = (struct side *)io, *other = side->other;
    bool lives = true;

    if (side->held && (events & EV_WRITE))
        lives = give(side, side->held + side->sent_bytes,
                     side->held_bytes - side->sent_bytes);
    if (lives && (events & EV_READ) && !other->held)
        lives = move(side);
    if (!lives) {
        part(loop, side->io.data);
        return;
    }
    expect(loop, side, (other->held ? 0 : EV_READ) | (side->held ? EV_WRITE : 0));
    expect(loop, other, (side->held ? 0 : EV_READ) | (other->held ? EV_WRITE : 0));
}

static void on_connected(struct ev_loop *loop, ev_io *io, int events)
{
    struct side *side = (struct side *)io;

    (void)events;
    ev_set_cb(io, on_event);
    on_event(loop, &side->other->io, EV_READ);
}

static void on_client(struct ev_loop *loop, ev_io *listener, int events)
{
    int client, fd, on = 1;

    (void)events;
    while ((client = accept4(listener->fd, NULL, NULL, SOCK_NONBLOCK)) != -1) {
        struct side *pair = calloc(2, sizeof *pair);

        fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (!pair || fd == -1)
            err(1, "no room for a client");
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        (void)connect(fd, (const struct sockaddr *)&server, sizeof server);
        ev_io_init(&pair[0].io, on_event, client, EV_READ);
        ev_io_init(&pair[1].io, on_connected, fd, EV_WRITE);
        pair[0].io.data = pair[1].io.data = pair;
        pair[0].other = &pair[1];
        pair[1].other = &pair[0];
        ev_io_start(loop, &pair[1].io);
    }
}

int main(int count, char *words[])
{
    struct ev_loop *loop = ev_default_loop(EVBACKEND_EPOLL | EVFLAG_NOENV);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    struct sockaddr_in address;
    ev_io *listener = malloc(sizeof *listener);

    if (count < 3 || !message_address(words[1], &address) ||
        !message_address(words[2], &server))
        errx(2, "usage: relay LISTEN-IP:PORT SERVER-IP:PORT");
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!listener || bind(fd, (const struct sockaddr *)&address, sizeof address) == -1 ||
        listen(fd, BACKLOG) == -1)
        err(1, "cannot listen");
    ev_io_init(listener, on_client, fd, EV_READ);
    ev_io_start(loop, listener);
    ev_run(loop, 0);
}
