/* Finds a server and connects to it: another one when that fails, as long as tries and
 * the budget last. Who finds all servers busy waits in the backend's queue. */
#include "proxy/reach.h"

#include "backend/backend.h"
#include "backend/rotation.h"
#include "base/clock.h"
#include "net/socket.h"
#include "net/tls.h"
#include "proxy/account.h"
#include "proxy/witness.h"

#include <errno.h>

enum {
    PAUSE_MS = 100, /* before all servers are tried once more */
};

static bool has_fit_server(const struct session *session)
{
    return rotation_current(session->route->backend)->count > 0;
}

static bool may_hold(const struct session *session)
{
    return session->frontend->settings->when_empty.what == WHEN_EMPTY_HOLD;
}

/* From the time of joining on, however often servers come and go meanwhile. What came of
 * earlier tries is forgotten: when it goes on, it begins anew. */
static void hold(struct session *session)
{
    session->is_held = true;
    session->tried = session->give_up_at = 0;
    session_set_due(session,
                    session->queued_at + session->frontend->settings->when_empty.hold_ms);
}

static void wait_for_place(struct session *session)
{
    session->is_held = false;
    session_set_due(session, clock_ms() + session->route->rules->queue_timeout_ms);
}

static enum progress join_queue(struct session *session)
{
    struct workspace *workspace = session->workspace;
    struct queue *queue = session->route->backend->queue;

    if (!queue_join(queue, workspace->settings.id, &session->waiter))
        return session_over(session, ENDING_QUEUE_FULL);
    account_queued(session);
    session->queued_at = clock_ms();
    session->queue_place = (uint32_t)queue_length(queue);
    list_append(&workspace->waiting, &session->waiting);
    if (may_hold(session) && !has_fit_server(session))
        hold(session);
    else
        wait_for_place(session);
    return session_enter(session, STAGE_WAIT);
}

static void leave_queue(struct session *session)
{
    struct queue *queue = session->route->backend->queue;

    queue_leave(queue, session->workspace->settings.id, &session->waiter);
    list_remove(&session->waiting);
    session->queue_ms += (uint32_t)(clock_ms() - session->queued_at);
    session->queued_at = 0;
    /* There may be room for the next one too. */
    queue_call(queue);
}

static enum ending why_unreachable(const struct session *session)
{
    int failure = (int)session->failure;

    if (!failure)
        return ENDING_NO_SERVER;
    if (socket_is_nobodys_fault(failure))
        return ENDING_OWN_SHORTAGE;
    return failure == ETIMEDOUT ? ENDING_CONNECT_TIMEOUT : ENDING_UNREACHABLE;
}

static bool may_try_again(const struct session *session)
{
    return session->tries <= session->route->rules->retries &&
           (!session->give_up_at || clock_ms() < session->give_up_at);
}

static enum progress pause_or_give_up(struct session *session)
{
    if (!may_try_again(session))
        return session_over(session, why_unreachable(session));
    session_set_due(session, clock_ms() + PAUSE_MS);
    return session_enter(session, STAGE_PAUSE);
}

static enum choosing ask_rotation(struct session *session)
{
    struct choice choice = { &session->client, &session->workspace->random,
                             session->tried };

    return rotation_choose(rotation_current(session->route->backend), &choice,
                           &session->server);
}

static enum progress begin_to_reach(struct session *session)
{
    account_chosen(session);
    return session_enter(session, STAGE_REACH);
}

static enum progress hold_or_refuse(struct session *session)
{
    return may_hold(session) ? join_queue(session)
                             : session_over(session, why_unreachable(session));
}

static enum progress choose(struct session *session)
{
    if (session->tries && !may_try_again(session))
        return session_over(session, why_unreachable(session));
    if (!has_fit_server(session))
        return hold_or_refuse(session);
    /* Who has been chosen a server before has had its turn. */
    if (!session->tries && queue_length(session->route->backend->queue))
        return join_queue(session);
    switch (ask_rotation(session)) {
    case CHOOSING_DONE:
        return begin_to_reach(session);
    case CHOOSING_BUSY:
        return join_queue(session);
    case CHOOSING_TRIED:
        return pause_or_give_up(session);
    default:
        return hold_or_refuse(session);
    }
}

/* Lets go of the server that was tried in vain: only now it is known what came of it. */
static void leave_failed(struct session *session, bool is_last)
{
    struct server *server = session->failed;

    if (!server)
        return;
    account_failed_connect(session, is_last);
    /* It leaves with the session, whose line names it. */
    if (is_last)
        return;
    session->failed = NULL;
    server_give(server);
    queue_call(session->route->backend->queue);
}

enum progress reach_choose(struct session *session)
{
    enum progress progress = choose(session);

    leave_failed(session, progress == PROGRESS_OVER);
    return progress;
}

/* What it has waited for is not what it waits for now: the clock is another one. */
static enum progress wait_on(struct session *session)
{
    if (has_fit_server(session)) {
        wait_for_place(session);
    } else if (may_hold(session)) {
        hold(session);
    } else {
        leave_queue(session);
        return session_over(session, why_unreachable(session));
    }
    return PROGRESS_WAIT;
}

/* Comes here right after joining too: a place that was freed in between is seen now. */
enum progress reach_wait(struct session *session)
{
    struct queue *queue = session->route->backend->queue;

    if (session->client_ready && conn_is_broken(&session->to_client))
        return session_over(session, ENDING_CLIENT_LEFT);
    if (queue_head(queue, session->workspace->settings.id) != &session->waiter)
        return PROGRESS_WAIT;
    switch (ask_rotation(session)) {
    case CHOOSING_DONE:
        leave_queue(session);
        return begin_to_reach(session);
    case CHOOSING_BUSY:
        /* The next time any server will do: nobody is to be kept waiting behind one that
         * waits for a certain server. */
        session->tried = 0;
        if (session->is_held)
            wait_for_place(session);
        return PROGRESS_WAIT;
    case CHOOSING_TRIED:
        leave_queue(session);
        return pause_or_give_up(session);
    default:
        return wait_on(session);
    }
}

enum progress reach_wait_expire(struct session *session)
{
    if (session->is_held == has_fit_server(session))
        return wait_on(session);
    leave_queue(session);
    return session_over(session,
                        session->is_held ? ENDING_HOLD_TIMEOUT : ENDING_QUEUE_TIMEOUT);
}

enum progress reach_pause(struct session *session)
{
    if (session->client_ready && conn_is_broken(&session->to_client))
        return session_over(session, ENDING_CLIENT_RESET);
    return PROGRESS_WAIT;
}

enum progress reach_pause_expire(struct session *session)
{
    session->tried = 0;
    return session_enter(session, STAGE_CHOOSE);
}

/* A client that has something to say need not be told to us again. */
void reach_await_client(struct session *session)
{
    struct ev_loop *loop = session->workspace->settings.loop;

    conn_await(&session->to_client, loop, session->client_ready ? 0 : EV_READ);
    if (session->client_ready)
        session_glance_soon(session);
}

/* On to the next server. What we are short of ourselves is not the server's fault. */
static enum progress try_another(struct session *session, int failure)
{
    struct workspace *workspace = session->workspace;
    struct server *server = session->server;

    conn_close(&session->to_server, workspace->settings.loop);
    session->server_ready = 0;
    session->is_securing = false;
    session->failure = (uint32_t)failure;
    session->tried |= rotation_bit(server);
    session->failed = server;
    session->server = NULL;
    atomic_store(&server->last_failure, failure);
    if (!socket_is_nobodys_fault(failure) && !session->is_hurried)
        witness_unreached(session, server);
    return session_enter(session, STAGE_CHOOSE);
}

/* The first of the configured sources, from this one on, that is of the server's kind;
 * NULL for none. */
static const struct address *find_source(const struct backend_settings *rules,
                                         const struct address *where, uint64_t first)
{
    for (size_t i = 0; i < rules->source_count; i++) {
        const struct address *source =
            &rules->sources[(first + i) % rules->source_count].address;

        if (source->as.any.sa_family == where->as.any.sa_family)
            return source;
    }
    return NULL;
}

/* A source that has run out of ports leaves it to the next one. Which that is depends on
 * the first alone: another worker's turns in between would have some of them skipped. */
static int open_connection(struct session *session)
{
    const struct address *where = server_address(session->server);
    const struct backend_settings *rules = session->route->rules;
    size_t sources = rules->source_count;
    uint64_t turn = sources ? turn_take(&session->route->backend->source_turn) : 0;
    int fd = socket_connect(where, find_source(rules, where, turn));

    for (size_t i = 1; i < sources && fd == -1 && errno == EADDRNOTAVAIL; i++)
        fd = socket_connect(where, find_source(rules, where, turn + i));
    return fd;
}

/* What was read to find the route goes to the server like all that follows. */
static void count_greeting(struct session *session)
{
    const struct piece *held = session->in.held;

    if (!held)
        return;
    session->in.moved += held->end - held->begin;
    session->is_server_asked = true;
    account_moved(session, session->in.moved, 0);
}

static enum progress begin_to_relay(struct session *session)
{
    account_reached(session);
    witness_reached(session);
    count_greeting(session);
    session->client_ready = EV_READ;
    session->server_ready = conn_pending(&session->to_server) ? EV_READ : 0;
    session_set_idle_timeout(session, session->frontend->settings->idle_timeout_ms);
    return session_enter(session, STAGE_RELAY);
}

static enum progress secure(struct session *session)
{
    enum io io = conn_handshake(&session->to_server);

    if (io == IO_AGAIN)
        return PROGRESS_WAIT;
    if (io == IO_DONE)
        return begin_to_relay(session);
    account_failed_handshake(session);
    return try_another(session, EPROTO);
}

/* Connected: the PROXY header comes first, in clear; then TLS. */
static enum progress introduce(struct session *session)
{
    if (!introduce_client(session))
        return try_another(session, ECONNRESET);
    if (!session->route->connector)
        return begin_to_relay(session);
    if (!tls_connect(&session->to_server, session->route->connector,
                     session->workspace->settings.id, server_host(session->server)))
        return try_another(session, ENOMEM);
    session->is_securing = true;
    return secure(session);
}

static enum progress go_on_with(struct session *session, int failure)
{
    return failure ? try_another(session, failure) : introduce(session);
}

static void limit_connect(struct session *session)
{
    const struct backend_settings *rules = session->route->rules;
    uint64_t now = clock_ms(), due = now + rules->connect_timeout_ms;

    if (!session->give_up_at)
        session->give_up_at = now + rules->connect_budget_ms;
    /* A server that the budget left less time than it may take is not to blame. */
    session->is_hurried = session->give_up_at < due;
    session_set_due(session, session->is_hurried ? session->give_up_at : due);
}

/* Within one host the connect is mostly over at once: asking again saves the wait. */
static enum progress connect_to(struct session *session)
{
    int fd = open_connection(session), failure;

    session->tries++;
    if (fd == -1)
        return try_another(session, errno);
    conn_open(&session->to_server, fd);
    limit_connect(session);
    failure = socket_connect_again(fd, server_address(session->server));
    return failure == EINPROGRESS ? PROGRESS_WAIT : go_on_with(session, failure);
}

enum progress reach_server(struct session *session)
{
    bool is_ready = session->server_ready;

    if (!conn_is_open(&session->to_server))
        return connect_to(session);
    if (!is_ready)
        return PROGRESS_WAIT;
    session->server_ready = 0;
    if (session->is_securing)
        return secure(session);
    return go_on_with(session, socket_connect_result(conn_fd(&session->to_server)));
}

enum progress reach_server_expire(struct session *session)
{
    return try_another(session, ETIMEDOUT);
}

void reach_await_server(struct session *session)
{
    struct ev_loop *loop = session->workspace->settings.loop;
    int wants = session->to_server.wants;

    conn_await(&session->to_client, loop, 0);
    session_glance_soon(session);
    conn_await(&session->to_server, loop,
               session->is_securing ? (wants ? wants : EV_READ) : EV_WRITE);
}
