/* Every descriptor usher opens to the outside is opened here, ready for a loop. */
#include "net/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEEPALIVE_TRIES = 3 };

/* The first error is the one worth telling. */
static int close_failed(int fd)
{
    int error = errno;

    (void)close(fd);
    errno = error;
    return -1;
}

static bool set_number(int fd, int level, int option, int value)
{
    return setsockopt(fd, level, option, &value, sizeof value) != -1;
}

static bool is_tcp_family(int family)
{
    return family == AF_INET || family == AF_INET6;
}

static int whole_seconds(uint64_t ms, uint64_t most)
{
    uint64_t seconds = ms / 1000;

    if (seconds < 1)
        return 1;
    return (int)(seconds < most ? seconds : most);
}

/* Keepalive finds a dead peer while nothing is sent, TCP_USER_TIMEOUT while something is.
 * Half the time passes in silence, the other half is spent asking. */
void socket_watch_peer(int fd, uint64_t peer_timeout_ms)
{
    uint64_t most_ms = peer_timeout_ms < INT32_MAX ? peer_timeout_ms : INT32_MAX;
    uint64_t asking_ms = most_ms / 2 / KEEPALIVE_TRIES;

    if (!most_ms)
        return;
    (void)set_number(fd, IPPROTO_TCP, TCP_KEEPIDLE, whole_seconds(most_ms / 2, 32767));
    (void)set_number(fd, IPPROTO_TCP, TCP_KEEPINTVL, whole_seconds(asking_ms, 32767));
    (void)set_number(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_TRIES);
    (void)set_number(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    (void)set_number(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, (int)most_ms);
}

/* None of these is worth failing for. */
static void set_stream_options(int fd, uint64_t peer_timeout_ms)
{
    (void)set_number(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    socket_watch_peer(fd, peer_timeout_ms);
}

static int open_stream(int family)
{
    return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static bool set_bind_options(int fd, int family, const struct socket_options *options)
{
    return set_number(fd, SOL_SOCKET, SO_REUSEADDR, 1) &&
           set_number(fd, SOL_SOCKET, SO_REUSEPORT, 1) &&
           (family != AF_INET6 ||
            set_number(fd, IPPROTO_IPV6, IPV6_V6ONLY, options->only_ip6));
}

static int bind_tcp(const struct address *where, const struct socket_options *options)
{
    int family = where->as.any.sa_family;
    int fd = open_stream(family);

    if (fd == -1)
        return -1;
    if (!set_bind_options(fd, family, options) ||
        bind(fd, &where->as.any, where->length) == -1)
        return close_failed(fd);
    set_stream_options(fd, options->peer_timeout_ms);
    return fd;
}

static bool is_every_address(const struct address *where)
{
    return where->as.any.sa_family == AF_INET6 &&
           IN6_IS_ADDR_UNSPECIFIED(&where->as.ip6.sin6_addr);
}

/* A host without IPv6 still has every IPv4 address. */
static int bind_every_ip4(const struct address *where,
                          const struct socket_options *options)
{
    struct address every = { .length = sizeof every.as.ip4 };

    every.as.ip4.sin_family = AF_INET;
    every.as.ip4.sin_port = where->as.ip6.sin6_port;
    return bind_tcp(&every, options);
}

static bool is_abstract(const struct address *where)
{
    return where->as.local.sun_path[0] == '\0';
}

/* Does somebody answer there? One that is merely busy answers too. */
static bool is_alive(const struct address *where)
{
    int fd = open_stream(AF_UNIX);
    bool refused;

    if (fd == -1)
        return true;
    refused = connect(fd, &where->as.any, where->length) == -1 && errno == ECONNREFUSED;
    (void)close(fd);
    return !refused;
}

/* Only a socket nobody listens on any more is removed. */
static bool remove_stale(const struct address *where)
{
    struct stat info;

    return !is_abstract(where) && lstat(where->as.local.sun_path, &info) != -1 &&
           S_ISSOCK(info.st_mode) && !is_alive(where) &&
           unlink(where->as.local.sun_path) != -1;
}

static bool bind_replacing(int fd, const struct address *where)
{
    if (bind(fd, &where->as.any, where->length) != -1)
        return true;
    if (errno != EADDRINUSE)
        return false;
    if (remove_stale(where))
        return bind(fd, &where->as.any, where->length) != -1;
    errno = EADDRINUSE;
    return false;
}

/* The mode is set by name before anybody can connect: nothing listens yet, and the umask
 * belongs to all threads. */
static int bind_local(const struct address *where, const struct socket_options *options)
{
    int fd = open_stream(AF_UNIX);

    if (fd == -1)
        return -1;
    if (!bind_replacing(fd, where))
        return close_failed(fd);
    if (is_abstract(where) || chmod(where->as.local.sun_path, options->mode) != -1)
        return fd;
    (void)close_failed(fd);
    (void)unlink(where->as.local.sun_path);
    return -1;
}

int socket_bind(const struct address *where, const struct socket_options *options)
{
    int fd;

    if (where->as.any.sa_family == AF_UNIX)
        return bind_local(where, options);
    fd = bind_tcp(where, options);
    if (fd != -1 || !is_every_address(where) || options->only_ip6)
        return fd;
    if (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL)
        return bind_every_ip4(where, options);
    return -1;
}

bool socket_is_taken(const struct address *where, const struct socket_options *options)
{
    int family = where->as.any.sa_family;
    int fd = open_stream(family);
    bool is_taken;

    if (fd == -1)
        return false;
    (void)set_number(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    if (family == AF_INET6)
        (void)set_number(fd, IPPROTO_IPV6, IPV6_V6ONLY, options->only_ip6);
    is_taken = bind(fd, &where->as.any, where->length) == -1 && errno == EADDRINUSE;
    (void)close(fd);
    return is_taken;
}

bool socket_listen(int fd, unsigned backlog)
{
    return listen(fd, backlog < INT32_MAX ? (int)backlog : INT32_MAX) != -1;
}

void socket_stop_listening(int fd)
{
    (void)shutdown(fd, SHUT_RD);
}

static int read_number(int fd, int option)
{
    int value = -1;
    socklen_t length = sizeof value;

    return getsockopt(fd, SOL_SOCKET, option, &value, &length) == -1 ? -1 : value;
}

static bool set_flag(int fd, int read, int write, int flag)
{
    int flags = fcntl(fd, read);

    return flags != -1 && fcntl(fd, write, flags | flag) != -1;
}

bool socket_adopt(int fd, const struct socket_options *options)
{
    if (read_number(fd, SO_TYPE) != SOCK_STREAM || read_number(fd, SO_ACCEPTCONN) != 1)
        return false;
    if (!set_flag(fd, F_GETFL, F_SETFL, O_NONBLOCK) ||
        !set_flag(fd, F_GETFD, F_SETFD, FD_CLOEXEC))
        return false;
    if (is_tcp_family(read_number(fd, SO_DOMAIN)))
        set_stream_options(fd, options->peer_timeout_ms);
    return true;
}

int socket_accept(int listener, struct endpoint *client)
{
    struct sockaddr_storage peer = { .ss_family = AF_UNSPEC };
    socklen_t length = sizeof peer;
    int fd;

    do
        fd = accept4(listener, (struct sockaddr *)&peer, &length,
                     SOCK_NONBLOCK | SOCK_CLOEXEC);
    while (fd == -1 && (errno == EINTR || errno == ECONNABORTED));
    if (fd != -1)
        *client = endpoint_of((const struct sockaddr *)&peer);
    return fd;
}

/* The port is chosen by the connect, so that one source can have the same port towards
 * different servers. */
static bool come_from(int fd, const struct address *source)
{
    (void)set_number(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
    return bind(fd, &source->as.any, source->length) != -1;
}

static int connect_with(int option, int value, const struct address *where,
                        const struct address *source)
{
    int family = where->as.any.sa_family;
    int fd = open_stream(family);

    if (fd == -1)
        return -1;
    if (is_tcp_family(family))
        (void)set_number(fd, IPPROTO_TCP, option, value);
    if (source && !come_from(fd, source))
        return close_failed(fd);
    if (connect(fd, &where->as.any, where->length) == -1 && errno != EINPROGRESS &&
        errno != EINTR)
        return close_failed(fd);
    return fd;
}

int socket_connect(const struct address *where, const struct address *source)
{
    return connect_with(TCP_NODELAY, 1, where, source);
}

int socket_connect_silently(const struct address *where, const struct address *source)
{
    return connect_with(TCP_QUICKACK, 0, where, source);
}

void socket_set_least(int fd, size_t bytes)
{
    (void)set_number(fd, SOL_SOCKET, SO_RCVLOWAT, (int)bytes);
}

bool socket_has_end(int fd)
{
    struct pollfd polled = { .fd = fd, .events = POLLRDHUP };

    return poll(&polled, 1, 0) > 0;
}

bool socket_has_hung_up(int fd)
{
    struct pollfd poll_fd = { .fd = fd };

    return poll(&poll_fd, 1, 0) == 1 && poll_fd.revents & (POLLHUP | POLLERR);
}

int socket_connect_again(int fd, const struct address *where)
{
    if (!is_tcp_family(where->as.any.sa_family))
        return 0;
    if (connect(fd, &where->as.any, where->length) != -1 || errno == EISCONN)
        return 0;
    return errno == EALREADY || errno == EINTR ? EINPROGRESS : errno;
}

int socket_connect_result(int fd)
{
    int error = 0;
    socklen_t length = sizeof error;

    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == -1)
        return errno;
    return error;
}

void socket_set_reset(int fd)
{
    struct linger linger = { .l_onoff = 1, .l_linger = 0 };

    (void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

void socket_close_by_reset(int fd)
{
    socket_set_reset(fd);
    (void)close(fd);
}

size_t socket_unsent(int fd)
{
    int bytes = 0;

    return ioctl(fd, SIOCOUTQ, &bytes) == -1 || bytes < 0 ? 0 : (size_t)bytes;
}

bool socket_local_address(int fd, struct address *address)
{
    memset(address, 0, sizeof *address);
    address->length = sizeof address->as;
    return getsockname(fd, &address->as.any, &address->length) != -1;
}

bool socket_peer_address(int fd, struct address *address)
{
    memset(address, 0, sizeof *address);
    address->length = sizeof address->as;
    return getpeername(fd, &address->as.any, &address->length) != -1;
}

bool socket_is_own_shortage(int error)
{
    static const int shortages[] = { EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL };

    for (size_t i = 0; i < sizeof shortages / sizeof *shortages; i++)
        if (shortages[i] == error)
            return true;
    return false;
}

bool socket_is_nobodys_fault(int error)
{
    return error == EAGAIN || socket_is_own_shortage(error);
}
