/* Accepts a bounded batch each time somebody knocks, and hands each client to a session.
 *
 * Without a descriptor left, the spare one is spent on accepting and refusing, so that
 * clients are told at once and the loop does not spin on a knock it cannot answer. */
#include "worker/listener.h"

#include "base/log.h"
#include "base/memory.h"
#include "net/socket.h"
#include "proxy/frontend.h"
#include "proxy/session.h"
#include "proxy/throttle.h"
#include "proxy/workspace.h"
#include "worker/spare.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BATCH = 64,        /* accepts per wake-up */
    LAST_BATCH = 4096, /* of one that closes: what has arrived is not lost */
};

static const double PAUSE_SECONDS = 0.1;

static void pause_accepting(struct listener *listener)
{
    struct ev_loop *loop = listener->workspace->settings.loop;

    ev_io_stop(loop, &listener->io);
    ev_timer_stop(loop, &listener->pause);
    ev_timer_set(&listener->pause, PAUSE_SECONDS, 0.);
    ev_timer_start(loop, &listener->pause);
}

/* True when one client was told; false when even that was not possible. */
static bool refuse_one(struct listener *listener)
{
    struct endpoint client;
    int fd;

    spare_close(listener->spare);
    fd = socket_accept(listener->io.fd, &client);
    if (fd != -1)
        socket_close_by_reset(fd);
    spare_open(listener->spare);
    return fd != -1;
}

static void complain(struct listener *listener, int failure)
{
    unsigned times;

    if (repeat_is_due(&listener->workspace->shortage, &times))
        log_error(
            "cannot accept clients: %s; raise the descriptor limit or lower maxconn  "
            "frontend=%s times=%u",
            strerror(failure), listener->frontend->settings->name, times);
}

static void suffer_shortage(struct listener *listener, int failure)
{
    complain(listener, failure);
    if (failure != EMFILE && failure != ENFILE)
        pause_accepting(listener);
    else
        for (int told = 0; told < BATCH; told++)
            if (!refuse_one(listener)) {
                pause_accepting(listener);
                return;
            }
}

/* False when nobody else waits, or nobody else can be let in. */
static bool accept_one(struct listener *listener)
{
    struct endpoint client;
    int fd = socket_accept(listener->io.fd, &client);

    if (fd != -1)
        session_begin(listener->workspace, listener->frontend, fd, &client);
    else if (errno != EAGAIN)
        suffer_shortage(listener, errno);
    return fd != -1;
}

static void accept_batch(struct listener *listener, int most)
{
    while (most-- > 0 && accept_one(listener))
        ;
}

/* Who comes too soon is left where it is. */
static bool may_accept(struct listener *listener)
{
    bool speaks_tls = atomic_load(&listener->frontend->acceptor);

    if (throttle_has_room(listener->workspace->settings.throttle, speaks_tls))
        return true;
    pause_accepting(listener);
    return false;
}

static void on_knock(struct ev_loop *loop, ev_io *io, int events)
{
    struct listener *listener = io->data;

    (void)loop;
    (void)events;
    for (int i = 0; i < BATCH && may_accept(listener) && accept_one(listener); i++)
        ;
}

static bool listen_again(struct listener *listener)
{
    unsigned times;

    if (!listener->is_deaf || socket_listen(listener->io.fd, listener->backlog)) {
        listener->is_deaf = false;
        return true;
    }
    if (repeat_is_due(&listener->workspace->shortage, &times))
        log_error("cannot listen again: %s; tried again and again  frontend=%s times=%u",
                  strerror(errno), listener->frontend->settings->name, times);
    return false;
}

static void go_on(struct listener *listener)
{
    if (listener->is_closed)
        return;
    if (!listen_again(listener))
        pause_accepting(listener);
    else if (listener->is_started)
        ev_io_start(listener->workspace->settings.loop, &listener->io);
}

static void on_pause_over(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)loop;
    (void)events;
    go_on(timer->data);
}

struct listener *listener_create(const struct listener_settings *settings)
{
    struct listener *listener = memory_new(sizeof *listener);

    listener->key = settings->key;
    listener->frontend = settings->frontend;
    listener->backlog = settings->backlog;
    listener->workspace = settings->workspace;
    listener->spare = settings->spare;
    ev_io_init(&listener->io, on_knock, settings->fd, EV_READ);
    ev_timer_init(&listener->pause, on_pause_over, 0., 0.);
    listener->io.data = listener->pause.data = listener;
    return listener;
}

void listener_start(struct listener *listener)
{
    listener->is_started = true;
    go_on(listener);
}

void listener_change(struct listener *listener, const struct frontend *frontend,
                     unsigned backlog)
{
    listener->frontend = frontend;
    listener->backlog = backlog;
    socket_watch_peer(listener->io.fd, frontend->settings->peer_timeout_ms);
    if (!listener->is_deaf)
        (void)socket_listen(listener->io.fd, backlog);
}

static void stop(struct listener *listener)
{
    struct ev_loop *loop = listener->workspace->settings.loop;
    bool is_paused = ev_is_active(&listener->pause) && !listener->is_deaf;

    if (ev_is_active(&listener->io) || is_paused)
        accept_batch(listener, LAST_BATCH);
    ev_timer_stop(loop, &listener->pause);
    ev_io_stop(loop, &listener->io);
}

void listener_set_closed(struct listener *listener, bool is_closed)
{
    if (listener->is_closed == is_closed)
        return;
    listener->is_closed = is_closed;
    if (!is_closed) {
        go_on(listener);
        return;
    }
    stop(listener);
    socket_stop_listening(listener->io.fd);
    listener->is_deaf = true;
}

void listener_destroy(struct listener *listener)
{
    stop(listener);
    (void)close(listener->io.fd);
    free(listener);
}
