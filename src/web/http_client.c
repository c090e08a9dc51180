/* Listens for the head of a request, writes the answer, then hears the client out: a
 * socket closed with something unread would take the answer with it. */
#include "web/http_client.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/list.h"
#include "base/memory.h"
#include "control/control.h"
#include "web/http_answer.h"
#include "web/http_request.h"

#include <errno.h>
#include <ev.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PIECE = 4096,
    WRITTEN_MOST = 256 * 1024,       /* before others have their turn */
    DROPPED_MOST = 16 * 1024 * 1024, /* of what nobody asked for */
    LINGER_MS = 1000,
    REQUEST_TIMEOUT = 408,
};

enum stage { LISTENING, ANSWERING, LINGERING };

struct http_client {
    struct link link;
    enum stage stage;
    uint64_t timeout_ms;
    uint64_t begun_at, until; /* monotonic ms */
    int fd;
    ev_io io;
    ev_timer deadline;
    struct buffer heard;
    struct buffer answer;
    size_t sent; /* of it */
    size_t dropped;

    struct control *control; /* borrowed */
    void (*on_over)(void *owner, struct http_client *client);
    void *owner;
};

static struct ev_loop *loop_of(const struct http_client *client)
{
    return control_loop(client->control);
}

static void end(struct http_client *client)
{
    client->on_over(client->owner, client);
}

static void await(struct http_client *client, int events)
{
    if ((client->io.events & (EV_READ | EV_WRITE)) == events)
        return;
    ev_io_stop(loop_of(client), &client->io);
    ev_io_modify(&client->io, events);
    ev_io_start(loop_of(client), &client->io);
}

/* The timer finds out by itself when it fires early. */
static void allow(struct http_client *client, uint64_t ms)
{
    client->until = clock_ms() + ms;
}

static void restart_deadline(struct http_client *client, uint64_t ms)
{
    allow(client, ms);
    ev_timer_stop(loop_of(client), &client->deadline);
    ev_timer_set(&client->deadline, (double)ms / 1000., 0.);
    ev_timer_start(loop_of(client), &client->deadline);
}

static bool is_passing(int error)
{
    return error == EAGAIN || error == EINTR;
}

static void begin_lingering(struct http_client *client)
{
    client->stage = LINGERING;
    (void)shutdown(client->fd, SHUT_WR);
    buffer_deinit(&client->answer);
    restart_deadline(client, LINGER_MS);
    await(client, EV_READ);
}

/* As much as the socket takes, but others want their turn, too. */
static void go_on_answering(struct http_client *client)
{
    size_t length = client->answer.length - client->sent;
    ssize_t written;

    if (length > WRITTEN_MOST)
        length = WRITTEN_MOST;
    written = send(client->fd, client->answer.bytes + client->sent, length, MSG_NOSIGNAL);
    if (written == -1) {
        if (!is_passing(errno))
            end(client);
        return;
    }
    allow(client, client->timeout_ms);
    client->sent += (size_t)written;
    if (client->sent == client->answer.length)
        begin_lingering(client);
}

static void begin_answering(struct http_client *client,
                            const struct http_request *request)
{
    http_answer(client->control, request, &client->answer);
    client->stage = ANSWERING;
    restart_deadline(client, client->timeout_ms);
    await(client, EV_WRITE);
    go_on_answering(client);
}

static void listen_to(struct http_client *client)
{
    struct http_request request;
    char piece[PIECE];
    ssize_t length = recv(client->fd, piece, sizeof piece, 0);

    if (length == -1 && is_passing(errno))
        return;
    if (length <= 0) {
        end(client);
        return;
    }
    buffer_add(&client->heard, piece, (size_t)length);
    if (http_request_read(client->heard.bytes, client->heard.length, &request))
        begin_answering(client, &request);
}

static void linger(struct http_client *client)
{
    char piece[PIECE];
    ssize_t length = recv(client->fd, piece, sizeof piece, 0);

    if (length == -1 && is_passing(errno))
        return;
    if (length > 0)
        client->dropped += (size_t)length;
    if (length <= 0 || client->dropped > DROPPED_MOST)
        end(client);
}

static void on_ready(struct ev_loop *loop, ev_io *watcher, int events)
{
    static void (*const steps[])(struct http_client *) = {
        [LISTENING] = listen_to,
        [ANSWERING] = go_on_answering,
        [LINGERING] = linger,
    };
    struct http_client *client = watcher->data;

    (void)loop;
    (void)events;
    steps[client->stage](client);
}

/* Who has said a part is told why nothing follows. */
static void on_deadline(struct ev_loop *loop, ev_timer *watcher, int events)
{
    const struct http_request request = { .status = REQUEST_TIMEOUT };
    struct http_client *client = watcher->data;
    uint64_t now = clock_ms();

    (void)loop;
    (void)events;
    if (now < client->until)
        restart_deadline(client, client->until - now);
    else if (client->stage == LISTENING && client->heard.length)
        begin_answering(client, &request);
    else
        end(client);
}

struct http_client *http_client_create(const struct http_client_settings *settings)
{
    struct http_client *client = memory_new(sizeof *client);

    client->fd = settings->fd;
    client->timeout_ms = settings->timeout_ms;
    client->begun_at = clock_ms();
    client->control = settings->control;
    client->on_over = settings->on_over;
    client->owner = settings->owner;
    list_init(&client->link);
    ev_io_init(&client->io, on_ready, client->fd, EV_READ);
    client->io.data = client;
    ev_init(&client->deadline, on_deadline);
    ev_set_priority(&client->deadline, EV_MINPRI);
    client->deadline.data = client;
    ev_io_start(loop_of(client), &client->io);
    restart_deadline(client, client->timeout_ms);
    return client;
}

void http_client_destroy(struct http_client *client)
{
    if (!client)
        return;
    ev_timer_stop(loop_of(client), &client->deadline);
    ev_io_stop(loop_of(client), &client->io);
    (void)close(client->fd);
    list_remove(&client->link);
    buffer_deinit(&client->heard);
    buffer_deinit(&client->answer);
    free(client);
}

bool http_client_may_go(const struct http_client *client)
{
    return client->stage != ANSWERING ||
           clock_ms() - client->begun_at > client->timeout_ms;
}

struct link *http_client_link(struct http_client *client)
{
    return &client->link;
}

struct http_client *http_client_of(struct link *link)
{
    return list_object(link, struct http_client, link);
}
