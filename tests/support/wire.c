/* Opens sockets of all families alike. */
#include "support/wire.h"

#include "support/kept.h"
#include "support/patience.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct place {
    union {
        struct sockaddr any;
        struct sockaddr_in ip4;
        struct sockaddr_in6 ip6;
        struct sockaddr_un local;
    } at;
    socklen_t length;
};

static bool parse_unix(const char *path, struct place *place)
{
    place->at.local.sun_family = AF_UNIX;
    (void)strncpy(place->at.local.sun_path, path, sizeof place->at.local.sun_path - 1);
    place->length = sizeof place->at.local;
    return true;
}

static bool parse_ip6(const char *host, uint16_t port, struct place *place)
{
    place->at.ip6.sin6_family = AF_INET6;
    place->at.ip6.sin6_port = htons(port);
    place->length = sizeof place->at.ip6;
    return inet_pton(AF_INET6, host, &place->at.ip6.sin6_addr) == 1;
}

static bool parse_ip4(const char *host, uint16_t port, struct place *place)
{
    place->at.ip4.sin_family = AF_INET;
    place->at.ip4.sin_port = htons(port);
    place->length = sizeof place->at.ip4;
    return inet_pton(AF_INET, host, &place->at.ip4.sin_addr) == 1;
}

static bool parse(const char *text, struct place *place)
{
    const char *colon = strrchr(text, ':');
    char host[64] = "";
    bool is_ip6 = text[0] == '[';
    size_t skip = is_ip6 ? 1 : 0, length;

    memset(place, 0, sizeof *place);
    if (strncmp(text, "unix:", 5) == 0)
        return parse_unix(text + 5, place);
    length = colon ? (size_t)(colon - text) - 2 * skip : sizeof host;
    if (length >= sizeof host)
        return false;
    memcpy(host, text + skip, length);
    return is_ip6 ? parse_ip6(host, (uint16_t)atoi(colon + 1), place)
                  : parse_ip4(host, (uint16_t)atoi(colon + 1), place);
}

static int open_socket(const char *address, int flags, struct place *place)
{
    if (!parse(address, place)) {
        errno = EINVAL;
        return -1;
    }
    return socket(place->at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
}

int wire_reserve(const char *address)
{
    struct place place;
    int fd = open_socket(address, 0, &place), one = 1;

    if (fd == -1)
        return -1;
    if (place.at.any.sa_family == AF_UNIX)
        (void)unlink(place.at.local.sun_path);
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, &place.at.any, place.length) == -1) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

int wire_listen(const char *address, int backlog)
{
    int fd = wire_reserve(address);

    if (fd != -1 && listen(fd, backlog) == -1) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

static int connect_to(int fd, const struct place *place)
{
    int one = 1;

    if (place->at.any.sa_family != AF_UNIX)
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return connect(fd, &place->at.any, place->length);
}

int wire_begin_connect(const char *address)
{
    struct place place;
    int fd = open_socket(address, SOCK_NONBLOCK, &place);

    if (fd != -1 && connect_to(fd, &place) == -1 && errno != EINPROGRESS) {
        int why = errno;

        (void)close(fd);
        errno = why;
        return -1;
    }
    return fd;
}

/* Blocking, so that a reset which follows at once is left to be read: SO_ERROR would take
 * it away. */
int wire_connect_from(const char *source, const char *address, uint64_t ms)
{
    struct timeval patience = { (time_t)(ms / 1000), (suseconds_t)(ms % 1000 * 1000) };
    struct place place;
    int fd = source ? wire_reserve(source) : open_socket(address, 0, &place), why;

    if (fd == -1)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (parse(address, &place) && connect_to(fd, &place) == 0 &&
        fcntl(fd, F_SETFL, O_NONBLOCK) == 0)
        return fd;
    why = errno == EINPROGRESS || errno == EAGAIN ? ETIMEDOUT : errno;
    (void)close(fd);
    errno = why;
    return -1;
}

int wire_connect(const char *address, uint64_t ms)
{
    return wire_connect_from(NULL, address, ms);
}

const char *wire_address(int fd)
{
    struct place place = { .length = sizeof place.at };
    char host[INET6_ADDRSTRLEN];

    if (getsockname(fd, &place.at.any, &place.length) == -1)
        return "";
    if (place.at.any.sa_family == AF_UNIX)
        return kept_format("unix:%s", place.at.local.sun_path);
    if (place.at.any.sa_family == AF_INET6)
        return kept_format("[%s]:%u",
                           inet_ntop(AF_INET6, &place.at.ip6.sin6_addr, host,
                                     sizeof host),
                           ntohs(place.at.ip6.sin6_port));
    return kept_format("%s:%u",
                       inet_ntop(AF_INET, &place.at.ip4.sin_addr, host, sizeof host),
                       ntohs(place.at.ip4.sin_port));
}

bool wire_wait(int fd, short events, uint64_t deadline_ms)
{
    for (;;) {
        uint64_t now = patience_now_ms();
        struct pollfd polled = { .fd = fd, .events = events };
        int ready = poll(&polled, 1, now < deadline_ms ? (int)(deadline_ms - now) : 0);

        if (ready > 0)
            return true;
        if (ready == 0 && now >= deadline_ms)
            return false;
    }
}

void wire_close_with_reset(int fd)
{
    struct linger linger = { .l_onoff = 1 };

    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    (void)close(fd);
}
