/* The stream as its owner sees it, and its plain kind: recv, send and shutdown. */
#include "net/conn.h"

#include "base/memory.h"
#include "net/conn_kind.h"
#include "net/socket.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static enum io shake_plain(struct conn *conn)
{
    (void)conn;
    return IO_DONE;
}

static enum io receive(struct conn *conn, struct iovec room, int flags, size_t *got)
{
    ssize_t count;

    do
        count = recv(conn->io.fd, room.iov_base, room.iov_len, flags);
    while (count == -1 && errno == EINTR);
    if (count == -1)
        return conn_failure(conn, errno);
    *got = (size_t)count;
    return count ? IO_DONE : IO_ENDED;
}

static enum io read_plain(struct conn *conn, void *bytes, size_t room, size_t *got)
{
    return receive(conn, (struct iovec){ bytes, room }, 0, got);
}

static enum io write_plain(struct conn *conn, const void *bytes, size_t length,
                           size_t *put)
{
    ssize_t count;

    do
        count = send(conn->io.fd, bytes, length, MSG_NOSIGNAL);
    while (count == -1 && errno == EINTR);
    if (count == -1)
        return conn_failure(conn, errno);
    *put = (size_t)count;
    return IO_DONE;
}

static void finish_plain(struct conn *conn)
{
    (void)shutdown(conn->io.fd, SHUT_WR);
}

static size_t pending_plain(const struct conn *conn)
{
    (void)conn;
    return 0;
}

static int watch_plain(struct conn *conn, struct ev_loop *loop, int events)
{
    (void)conn;
    (void)loop;
    return events;
}

static const char *trouble_plain(const struct conn *conn)
{
    (void)conn;
    return "";
}

static void close_plain(struct conn *conn, struct ev_loop *loop, bool by_reset)
{
    (void)conn;
    (void)loop;
    (void)by_reset;
}

const struct conn_kind conn_kind_plain = { shake_plain,   read_plain,    write_plain,
                                           finish_plain,  pending_plain, watch_plain,
                                           trouble_plain, close_plain };

void conn_init(struct conn *conn, conn_ready *on_ready, void *data)
{
    *conn = (struct conn){ .kind = &conn_kind_plain };
    ev_io_init(&conn->io, on_ready, -1, 0);
    conn->io.data = data;
}

void conn_open(struct conn *conn, int fd)
{
    ensure(!conn_is_open(conn));
    conn->kind = &conn_kind_plain;
    conn->secret = NULL;
    conn->was_reset = conn->was_faulty = conn->was_truncated = false;
    conn->wants = 0;
    ev_io_set(&conn->io, fd, 0);
}

bool conn_is_open(const struct conn *conn)
{
    return conn->io.fd != -1;
}

int conn_fd(const struct conn *conn)
{
    return conn->io.fd;
}

/* The kernel tells of a reset once, then of a clean end: the end is not believed. */
enum io conn_end(const struct conn *conn)
{
    return conn->was_reset ? IO_FAILED : IO_ENDED;
}

enum io conn_handshake(struct conn *conn)
{
    return conn->kind->handshake(conn);
}

const char *conn_trouble(const struct conn *conn)
{
    return conn->kind->trouble(conn);
}

enum io conn_read(struct conn *conn, void *bytes, size_t room, size_t *got)
{
    enum io io;

    *got = 0;
    io = conn->kind->read(conn, bytes, room, got);
    return io == IO_ENDED ? conn_end(conn) : io;
}

enum io conn_peek(struct conn *conn, void *bytes, size_t room, size_t *got)
{
    *got = 0;
    return receive(conn, (struct iovec){ bytes, room }, MSG_PEEK, got);
}

enum io conn_write(struct conn *conn, const void *bytes, size_t length, size_t *put)
{
    *put = 0;
    return conn->kind->write(conn, bytes, length, put);
}

void conn_finish(struct conn *conn)
{
    conn->kind->finish(conn);
}

size_t conn_pending(const struct conn *conn)
{
    return conn->kind->pending(conn);
}

bool conn_is_plain(const struct conn *conn)
{
    return conn->kind == &conn_kind_plain;
}

enum io conn_failure(struct conn *conn, int error)
{
    if (error == EAGAIN || error == EWOULDBLOCK || error == EINTR)
        return IO_AGAIN;
    conn->was_reset = true;
    return IO_FAILED;
}

bool conn_is_broken(const struct conn *conn)
{
    struct pollfd poll_fd = { .fd = conn->io.fd };

    return poll(&poll_fd, 1, 0) > 0 && poll_fd.revents & (POLLERR | POLLHUP);
}

/* The mask the loop knows is part of the watcher; unwanted events need no call at all. */
void conn_await(struct conn *conn, struct ev_loop *loop, int events)
{
    int present = ev_is_active(&conn->io) ? conn->io.events & (EV_READ | EV_WRITE) : 0;

    events = conn->kind->watch(conn, loop, events);
    if (events == present)
        return;
    ev_io_stop(loop, &conn->io);
    if (!events)
        return;
    ev_io_modify(&conn->io, events);
    ev_io_start(loop, &conn->io);
}

static void forget(struct conn *conn, struct ev_loop *loop, bool by_reset)
{
    ev_io_stop(loop, &conn->io);
    conn->kind->close(conn, loop, by_reset);
    conn->kind = &conn_kind_plain;
    conn->secret = NULL;
    conn->wants = 0;
    conn->io.fd = -1;
}

void conn_close(struct conn *conn, struct ev_loop *loop)
{
    int fd = conn->io.fd;

    if (fd == -1)
        return;
    forget(conn, loop, false);
    (void)close(fd);
}

void conn_close_by_reset(struct conn *conn, struct ev_loop *loop)
{
    int fd = conn->io.fd;

    if (fd == -1)
        return;
    forget(conn, loop, true);
    socket_close_by_reset(fd);
}
