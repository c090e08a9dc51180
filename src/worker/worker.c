/* The thread: its loop, what its sessions share, its listeners and its mailbox. */
#include "worker/worker.h"

#include "backend/queue.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "net/socket.h"
#include "proxy/frontend.h"
#include "proxy/session.h"
#include "proxy/workspace.h"
#include "worker/alertness.h"
#include "worker/drain.h"
#include "worker/selection.h"
#include "worker/listener.h"
#include "worker/spare.h"
#include "worker/worker_view.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct worker {
    struct ev_loop *loop;    /* owned */
    struct mailbox *mailbox; /* owned */
    struct workspace workspace;
    struct link listeners; /* owned */
    struct spare spare;
    struct drain drain;
    struct alertness alertness;
    ev_async wake; /* a queue calls */
    bool doors_are_open;
    pthread_t thread;
    bool is_running;
    struct order ending;
};

/* Sessions in the order of joining; the one whose turn it is goes on, then the next. */
static void on_queue_call(struct ev_loop *loop, ev_async *wake, int events)
{
    struct worker *worker = wake->data;

    (void)loop;
    (void)events;
    list_each(link, &worker->workspace.waiting)
        session_go_on(session_of_waiting(link));
}

static void init_workspace(struct worker *worker, const struct worker_settings *settings)
{
    struct workspace_settings shared = {
        .id = settings->id,
        .maxconn = settings->maxconn,
        .pipes = settings->pipes,
        .loop = worker->loop,
        .present = settings->present,
        .throttle = settings->throttle,
        .on_connect_failed = settings->on_connect_failed,
        .on_suspicion = settings->on_suspicion,
        .owner = settings->owner,
    };

    workspace_init(&worker->workspace, &shared);
}

struct worker *worker_create(const struct worker_settings *settings)
{
    struct worker *worker = memory_new(sizeof *worker);

    list_init(&worker->listeners);
    worker->spare.fd = -1;
    worker->loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    if (!worker->loop) {
        free(worker);
        return NULL;
    }
    worker->mailbox = mailbox_create(worker->loop, worker);
    spare_open(&worker->spare);
    init_workspace(worker, settings);
    drain_init(&worker->drain, &worker->workspace);
    alertness_init(&worker->alertness, worker->loop);
    ev_async_init(&worker->wake, on_queue_call);
    worker->wake.data = worker;
    ev_async_start(worker->loop, &worker->wake);
    return worker;
}

void worker_destroy(struct worker *worker)
{
    if (!worker)
        return;
    ensure(!worker->is_running);
    ev_async_stop(worker->loop, &worker->wake);
    alertness_deinit(&worker->alertness);
    drain_deinit(&worker->drain);
    workspace_deinit(&worker->workspace);
    spare_close(&worker->spare);
    mailbox_destroy(worker->mailbox);
    ev_loop_destroy(worker->loop);
    free(worker);
}

static void *serve(void *data)
{
    struct worker *worker = data;

    (void)ev_run(worker->loop, 0);
    return NULL;
}

bool worker_start(struct worker *worker)
{
    worker->is_running = !pthread_create(&worker->thread, NULL, serve, worker);
    return worker->is_running;
}

static void close_all(struct worker *worker)
{
    list_each(link, &worker->listeners) {
        struct listener *listener = list_object(link, struct listener, link);

        list_remove(link);
        listener_destroy(listener);
    }
    list_each(link, &worker->workspace.present)
        session_end_because(session_of(link), ENDING_EXIT);
}

static void carry_out_ending(struct order *order, void *reader)
{
    struct worker *worker = reader;

    (void)order;
    close_all(worker);
    ev_break(worker->loop, EVBREAK_ALL);
}

void worker_end(struct worker *worker)
{
    if (worker->is_running) {
        worker->ending.carry_out = carry_out_ending;
        mailbox_post(worker->mailbox, &worker->ending);
        (void)pthread_join(worker->thread, NULL);
    } else {
        mailbox_read(worker->mailbox);
        close_all(worker);
    }
    worker->is_running = false;
}

unsigned worker_id(const struct worker *worker)
{
    return worker->workspace.settings.id;
}

void worker_post(struct worker *worker, struct order *order)
{
    mailbox_post(worker->mailbox, order);
}

void worker_wake(struct worker *worker)
{
    ev_async_send(worker->loop, &worker->wake);
}

static struct listener *find_listener(struct worker *worker, uint64_t key)
{
    list_each(link, &worker->listeners) {
        struct listener *listener = list_object(link, struct listener, link);

        if (listener->key == key)
            return listener;
    }
    return NULL;
}

void worker_listen(struct worker *worker, const struct worker_door *door)
{
    struct listener_settings settings = { door->key,          door->fd,
                                          door->backlog,      door->frontend,
                                          &worker->workspace, &worker->spare };
    struct listener *listener = find_listener(worker, door->key);

    if (listener) {
        listener_change(listener, door->frontend, door->backlog);
        return;
    }
    listener = listener_create(&settings);
    list_append(&worker->listeners, &listener->link);
    if (worker->doors_are_open)
        listener_start(listener);
}

void worker_stop_listening(struct worker *worker, uint64_t key)
{
    struct listener *listener = find_listener(worker, key);

    if (!listener)
        return;
    list_remove(&listener->link);
    listener_destroy(listener);
}

void worker_set_closed(struct worker *worker, uint64_t key, bool is_closed)
{
    struct listener *listener = find_listener(worker, key);

    if (listener)
        listener_set_closed(listener, is_closed);
}

void worker_set_maxconn(struct worker *worker, unsigned maxconn)
{
    workspace_set_maxconn(&worker->workspace, maxconn);
}

void worker_set_busy_poll(struct worker *worker, bool is_on)
{
    alertness_set(&worker->alertness, is_on);
}

void worker_open_doors(struct worker *worker)
{
    if (worker->doors_are_open)
        return;
    worker->doors_are_open = true;
    list_each(link, &worker->listeners)
        listener_start(list_object(link, struct listener, link));
}

void worker_drain(struct worker *worker, uint64_t timeout_ms)
{
    drain_begin(&worker->drain, timeout_ms);
}

size_t worker_session_count(const struct worker *worker)
{
    return worker->workspace.sessions.used;
}

static uint64_t work_ms(void)
{
    struct timespec worked = { 0 };

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &worked);
    return (uint64_t)worked.tv_sec * 1000 + (uint64_t)worked.tv_nsec / 1000000;
}

static struct pool_view view_pool(const char *name, const struct slab *slab)
{
    return (struct pool_view){ name, slab->size, slab->made, slab->used };
}

void worker_describe(const struct worker *worker, struct worker_view *view)
{
    const struct workspace *workspace = &worker->workspace;

    *view = (struct worker_view){
        .loops = ev_iteration(worker->loop),
        .work_ms = work_ms(),
        .sessions = workspace->sessions.used,
        .pipes_used = workspace->pipes_out,
        .pipes_kept = workspace->pipe_count,
        .pools = { view_pool("session", &workspace->sessions),
                   view_pool("small_piece", &workspace->small_pieces),
                   view_pool("piece", &workspace->pieces) },
    };
    list_each(link, &workspace->waiting)
        view->waiting++;
}

size_t worker_list_sessions(struct worker *worker, struct session_view *views,
                            size_t most)
{
    size_t count = 0;

    list_each(link, &worker->workspace.present) {
        if (count == most)
            break;
        session_describe(session_of(link), &views[count++]);
    }
    return count;
}

size_t worker_end_session(struct worker *worker, uint64_t id)
{
    list_each(link, &worker->workspace.present) {
        if (session_id(session_of(link)) != id)
            continue;
        session_end_because(session_of(link), ENDING_ADMIN);
        return 1;
    }
    return 0;
}

size_t worker_end_sessions_of(struct worker *worker, const struct server *server)
{
    size_t count = 0;

    list_each(link, &worker->workspace.present) {
        if (!session_is_served_by(session_of(link), server))
            continue;
        session_end_because(session_of(link), ENDING_ADMIN);
        count++;
    }
    return count;
}

size_t worker_end_selected(struct worker *worker, const struct selection *selection)
{
    return selection_end(&worker->workspace, selection);
}
