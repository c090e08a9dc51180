/* A visitor may say a line first; who says nothing for a moment gets the agent protocol's
 * line. After the answer the visitor may leave by itself, so that nothing is lost. */
#include "agent/desk.h"

#include "agent/outlook.h"
#include "agent/report.h"
#include "base/buffer.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "net/socket.h"

#include <errno.h>
#include <ev.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { VISITORS_MOST = 32, LINE_MOST = 256, BACKLOG = 64 };

static const double listen_s = .05, leave_s = 2., first_look_s = .2, look_s = 1.;

struct desk {
    const struct options *options; /* borrowed, as the loop */
    struct ev_loop *loop;
    struct outlook *outlook;
    struct link visitors; /* the oldest first */
    unsigned visitor_count;
    ev_io door; /* its fd is owned */
    ev_timer look;
};

struct visitor {
    struct desk *desk;
    struct link link;
    int fd;
    ev_io io;
    ev_timer deadline;
    char line[LINE_MOST];
    size_t length;
    bool has_answered, has_ended;
    struct buffer unsent;
};

static void end_visit(struct visitor *visitor)
{
    struct desk *desk = visitor->desk;

    ev_io_stop(desk->loop, &visitor->io);
    ev_timer_stop(desk->loop, &visitor->deadline);
    (void)close(visitor->fd);
    list_remove(&visitor->link);
    desk->visitor_count--;
    buffer_deinit(&visitor->unsent);
    free(visitor);
}

static void await(struct visitor *visitor, int events)
{
    ev_io_stop(visitor->desk->loop, &visitor->io);
    ev_io_set(&visitor->io, visitor->fd, events);
    ev_io_start(visitor->desk->loop, &visitor->io);
}

static void restart_deadline(struct visitor *visitor, double after_s)
{
    ev_timer_stop(visitor->desk->loop, &visitor->deadline);
    ev_timer_set(&visitor->deadline, after_s, 0.);
    ev_timer_start(visitor->desk->loop, &visitor->deadline);
}

/* False when the visit is over, and the visitor gone. */
static bool send_rest(struct visitor *visitor)
{
    struct buffer *unsent = &visitor->unsent;
    ssize_t sent = send(visitor->fd, unsent->bytes, unsent->length, MSG_NOSIGNAL);

    if (sent == -1 && errno != EAGAIN && errno != EINTR) {
        end_visit(visitor);
        return false;
    }
    buffer_consume(unsent, sent > 0 ? (size_t)sent : 0);
    if (!unsent->length && visitor->has_ended) {
        end_visit(visitor);
        return false;
    }
    if (!unsent->length)
        (void)shutdown(visitor->fd, SHUT_WR);
    await(visitor, unsent->length ? EV_WRITE : EV_READ);
    return true;
}

static bool wants_json(const struct visitor *visitor)
{
    size_t length = 0;

    while (length < visitor->length && strchr("\r\n ", visitor->line[length]) == NULL)
        length++;
    return length == 4 && !strncasecmp(visitor->line, "json", 4);
}

static void answer(struct visitor *visitor)
{
    const struct desk *desk = visitor->desk;
    struct figures figures = outlook_figures(desk->outlook);
    struct report report = report_of(&figures, desk->options);

    if (wants_json(visitor))
        report_write_json(&figures, desk->options, &visitor->unsent);
    else
        report_write_line(&report, &visitor->unsent);
    visitor->has_answered = true;
    if (send_rest(visitor))
        restart_deadline(visitor, leave_s);
}

/* What is said after the answer is not listened to. */
static void listen_to(struct visitor *visitor)
{
    char piece[LINE_MOST];
    ssize_t got = recv(visitor->fd, piece, sizeof piece, 0);
    size_t room = LINE_MOST - visitor->length;

    if (got == -1 && errno != EAGAIN && errno != EINTR) {
        end_visit(visitor);
        return;
    }
    visitor->has_ended = got == 0;
    if (visitor->has_answered) {
        if (visitor->has_ended)
            end_visit(visitor);
        return;
    }
    if (got > 0 && (size_t)got < room)
        room = (size_t)got;
    if (got > 0)
        memcpy(visitor->line + visitor->length, piece, room);
    visitor->length += got > 0 ? room : 0;
    if (visitor->has_ended || visitor->length == LINE_MOST ||
        memchr(visitor->line, '\n', visitor->length))
        answer(visitor);
}

static void on_ready(struct ev_loop *loop, ev_io *io, int events)
{
    struct visitor *visitor = io->data;

    (void)loop;
    if (events & EV_WRITE)
        (void)send_rest(visitor);
    else
        listen_to(visitor);
}

static void on_deadline(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct visitor *visitor = timer->data;

    (void)loop, (void)events;
    if (visitor->has_answered)
        end_visit(visitor);
    else
        answer(visitor);
}

static void receive(struct desk *desk, int fd)
{
    struct visitor *visitor = memory_new(sizeof *visitor);

    visitor->desk = desk;
    visitor->fd = fd;
    list_append(&desk->visitors, &visitor->link);
    desk->visitor_count++;
    ev_io_init(&visitor->io, on_ready, fd, EV_READ);
    ev_timer_init(&visitor->deadline, on_deadline, 0., 0.);
    visitor->io.data = visitor->deadline.data = visitor;
    ev_io_start(desk->loop, &visitor->io);
    restart_deadline(visitor, listen_s);
}

static struct visitor *oldest_of(struct desk *desk)
{
    return list_object(desk->visitors.next, struct visitor, link);
}

/* When there are too many, the one that has been here longest goes. Without descriptors
 * the door is shut until the next look. */
static void on_visitor(struct ev_loop *loop, ev_io *io, int events)
{
    struct desk *desk = io->data;
    struct endpoint client;
    int fd = socket_accept(io->fd, &client);

    (void)events;
    if (fd == -1 && socket_is_own_shortage(errno))
        ev_io_stop(loop, io);
    if (fd == -1)
        return;
    if (desk->visitor_count == VISITORS_MOST)
        end_visit(oldest_of(desk));
    receive(desk, fd);
}

static void on_look(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct desk *desk = timer->data;

    (void)events;
    outlook_look(desk->outlook);
    ev_io_start(loop, &desk->door);
}

static int listen_at(const struct address *where)
{
    struct socket_options options = { .backlog = BACKLOG };
    struct address bound;
    int fd = -1;

    errno = EADDRINUSE;
    if (!address_port(where) || !socket_is_taken(where, &options))
        fd = socket_bind(where, &options);
    if (fd == -1 || !socket_listen(fd, BACKLOG) || !socket_local_address(fd, &bound)) {
        log_error("cannot listen on %s: %s", address_text(where).chars, strerror(errno));
        if (fd != -1)
            (void)close(fd);
        return -1;
    }
    log_notice("listening  address=%s", address_text(&bound).chars);
    return fd;
}

struct desk *desk_open(struct ev_loop *loop, const struct options *options)
{
    int fd = listen_at(&options->listen);
    struct desk *desk;

    if (fd == -1)
        return NULL;
    desk = memory_new(sizeof *desk);
    desk->loop = loop;
    desk->options = options;
    desk->outlook = outlook_create(options);
    outlook_look(desk->outlook);
    list_init(&desk->visitors);
    ev_io_init(&desk->door, on_visitor, fd, EV_READ);
    ev_timer_init(&desk->look, on_look, first_look_s, look_s);
    desk->door.data = desk->look.data = desk;
    ev_io_start(loop, &desk->door);
    ev_timer_start(loop, &desk->look);
    return desk;
}

void desk_close(struct desk *desk)
{
    list_each(link, &desk->visitors)
        end_visit(list_object(link, struct visitor, link));
    ev_io_stop(desk->loop, &desk->door);
    ev_timer_stop(desk->loop, &desk->look);
    (void)close(desk->door.fd);
    outlook_destroy(desk->outlook);
    free(desk);
}
