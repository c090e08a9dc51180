/* The server behind all proxies: answers each ask with as many bytes as it wants.
 *
 *   origin IP:PORT [COUNT]    listens on COUNT addresses, from IP upward */
#include "message.h"

#include <err.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 4096, EVENTS = 256, PIECE_BYTES = 1 << 16 };

struct visitor {
    int fd;
    bool listens;
    bool waits_for_room;
    size_t heard; /* bytes of the present ask */
    uint64_t owed;
    struct message ask;
};

static char piece[PIECE_BYTES];
static int poll_fd;

static void watch(struct visitor *visitor, int operation, uint32_t events)
{
    struct epoll_event event = { .events = events, .data.ptr = visitor };

    if (epoll_ctl(poll_fd, operation, visitor->fd, &event) == -1)
        err(1, "epoll_ctl");
}

static struct visitor *create(int fd, bool listens)
{
    struct visitor *visitor = calloc(1, sizeof *visitor);

    if (!visitor)
        err(1, "calloc");
    visitor->fd = fd;
    visitor->listens = listens;
    watch(visitor, EPOLL_CTL_ADD, EPOLLIN);
    return visitor;
}

static void destroy(struct visitor *visitor)
{
    (void)close(visitor->fd);
    free(visitor);
}

static void wait_for_room(struct visitor *visitor, bool waits)
{
    if (visitor->waits_for_room == waits)
        return;
    visitor->waits_for_room = waits;
    watch(visitor, EPOLL_CTL_MOD, waits ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

/* False when the visitor is gone. */
static bool pay(struct visitor *visitor)
{
    size_t length = visitor->owed < sizeof piece ? (size_t)visitor->owed : sizeof piece;
    ssize_t given = send(visitor->fd, piece, length, MSG_DONTWAIT | MSG_NOSIGNAL);

    if (given == -1 && errno != EAGAIN)
        return false;
    if (given > 0 && visitor->owed != MESSAGE_ENDLESS)
        visitor->owed -= (uint64_t)given;
    wait_for_room(visitor, visitor->owed > 0);
    return true;
}

static bool listen_to(struct visitor *visitor)
{
    char *place = (char *)&visitor->ask + visitor->heard;
    ssize_t got = recv(visitor->fd, place, sizeof visitor->ask - visitor->heard,
                       MSG_DONTWAIT);

    if (got <= 0)
        return got == -1 && errno == EAGAIN;
    visitor->heard += (size_t)got;
    if (visitor->heard < sizeof visitor->ask)
        return true;
    visitor->heard = 0;
    visitor->owed = visitor->ask.wanted;
    return pay(visitor);
}

static void serve(struct visitor *visitor, uint32_t events)
{
    bool stays = true;

    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
        stays = listen_to(visitor);
    if (stays && (events & EPOLLOUT))
        stays = pay(visitor);
    if (!stays)
        destroy(visitor);
}

static void welcome(const struct visitor *listener)
{
    int fd, on = 1;

    while ((fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC)) != -1) {
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        (void)create(fd, false);
    }
}

static void open_listener(const struct sockaddr_in *address)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;

    if (fd == -1 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == -1 ||
        bind(fd, (const struct sockaddr *)address, sizeof *address) == -1 ||
        listen(fd, BACKLOG) == -1)
        err(1, "cannot listen");
    (void)create(fd, true);
}

int main(int count, char *words[])
{
    struct epoll_event events[EVENTS];
    struct sockaddr_in address;

    if (count < 2 || !message_address(words[1], &address))
        errx(2, "usage: origin IP:PORT [COUNT]");
    poll_fd = epoll_create1(EPOLL_CLOEXEC);
    for (int left = count > 2 ? atoi(words[2]) : 1; left > 0; left--) {
        open_listener(&address);
        address.sin_addr.s_addr = htonl(ntohl(address.sin_addr.s_addr) + 1);
    }
    for (;;) {
        int ready = epoll_wait(poll_fd, events, EVENTS, -1);

        for (int i = 0; i < ready; i++) {
            struct visitor *visitor = events[i].data.ptr;

            if (visitor->listens)
                welcome(visitor);
            else
                serve(visitor, events[i].events);
        }
    }
}
