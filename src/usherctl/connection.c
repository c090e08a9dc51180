#include "usherctl/connection.h"

#include "base/clock.h"
#include "base/memory.h"
#include "net/socket.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIECE = 64 * 1024, WAIT_MOST_MS = 60 * 60 * 1000 };

struct connection {
    int fd; /* -1: it could not be opened */
    int error;
    bool is_connected;
    struct buffer unsaid, heard;
};

/* A path needs no "unix:" before it. */
static const char *read_path(const char *path, struct address_parts *parts)
{
    struct buffer whole = { 0 };
    const char *trouble;

    buffer_format(&whole, "unix:%s", path);
    trouble = address_parse(buffer_text(&whole), parts);
    buffer_deinit(&whole);
    return trouble ? "the path is too long" : NULL;
}

const char *connection_read_address(const char *text, struct address *where)
{
    struct address_parts parts = { .kind = ADDRESS_NAME };
    const char *trouble = strchr(text, '/') && strncmp(text, "unix:", 5) != 0
                              ? read_path(text, &parts)
                              : address_parse(text, &parts);

    if (!trouble && parts.kind != ADDRESS_NUMERIC)
        trouble = "is a path such as /run/usher/admin.sock, or 127.0.0.1:9999";
    if (!trouble)
        *where = parts.address;
    return trouble;
}

struct connection *connection_open(const struct address *where, const char *text)
{
    struct connection *connection = memory_new(sizeof *connection);

    connection->fd = socket_connect(where, NULL);
    connection->error = connection->fd == -1 ? errno : 0;
    buffer_add_text(&connection->unsaid, text);
    return connection;
}

void connection_close(struct connection *connection)
{
    if (!connection)
        return;
    if (connection->fd != -1)
        (void)close(connection->fd);
    buffer_deinit(&connection->unsaid);
    buffer_deinit(&connection->heard);
    free(connection);
}

int connection_fd(const struct connection *connection)
{
    return connection->fd;
}

short connection_events(const struct connection *connection)
{
    return connection->unsaid.length ? POLLOUT | POLLIN : POLLIN;
}

static enum connection_state fail(struct connection *connection, int error)
{
    connection->error = error;
    return CONNECTION_FAILED;
}

static bool is_for_later(void)
{
    return errno == EAGAIN || errno == EINTR;
}

/* Who answers before all was said may have closed: its answer counts. */
static void say(struct connection *connection)
{
    struct buffer *unsaid = &connection->unsaid;
    ssize_t sent = send(connection->fd, unsaid->bytes, unsaid->length, MSG_NOSIGNAL);

    if (sent == -1 && is_for_later())
        return;
    buffer_consume(unsaid, sent == -1 ? unsaid->length : (size_t)sent);
}

static enum connection_state hear(struct connection *connection)
{
    char piece[PIECE];
    ssize_t got;

    while ((got = recv(connection->fd, piece, sizeof piece, 0)) > 0)
        buffer_add(&connection->heard, piece, (size_t)got);
    if (got == 0)
        return CONNECTION_ENDED;
    return is_for_later() ? CONNECTION_BUSY : fail(connection, errno);
}

static bool is_writable(int fd)
{
    struct pollfd one = { .fd = fd, .events = POLLOUT };

    return poll(&one, 1, 0) == 1;
}

/* The result of a connect can be asked for once it is there. */
static enum connection_state end_connect(struct connection *connection)
{
    int error;

    if (!is_writable(connection->fd))
        return CONNECTION_BUSY;
    error = socket_connect_result(connection->fd);
    if (error)
        return fail(connection, error);
    connection->is_connected = true;
    return CONNECTION_ENDED;
}

enum connection_state connection_continue(struct connection *connection)
{
    enum connection_state state;

    if (connection->error)
        return CONNECTION_FAILED;
    if (!connection->is_connected) {
        state = end_connect(connection);
        if (state != CONNECTION_ENDED)
            return state;
    }
    if (connection->unsaid.length)
        say(connection);
    return hear(connection);
}

static int wait_ms(uint64_t deadline_ms)
{
    uint64_t now = clock_ms();
    uint64_t left = deadline_ms > now ? deadline_ms - now : 0;

    return (int)(left < WAIT_MOST_MS ? left : WAIT_MOST_MS);
}

enum connection_state connection_await(struct connection *connection,
                                       uint64_t deadline_ms)
{
    size_t known = connection->heard.length;

    for (;;) {
        enum connection_state state = connection_continue(connection);
        struct pollfd one = { .fd = connection->fd,
                              .events = connection_events(connection) };

        if (state != CONNECTION_BUSY || connection->heard.length > known ||
            clock_ms() >= deadline_ms)
            return state;
        (void)poll(&one, 1, wait_ms(deadline_ms));
    }
}

int connection_error(const struct connection *connection)
{
    return connection->error;
}

bool connection_is_refused(const struct connection *connection)
{
    return !connection->is_connected;
}

struct buffer *connection_heard(struct connection *connection)
{
    return &connection->heard;
}
