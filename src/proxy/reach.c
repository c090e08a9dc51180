/* Finds a server and connects to it: another one when that fails, as long as tries and
 * the budget last. Who finds all servers busy waits in the backend's queue. */
#include "backend/backend.h"
#include "backend/rotation.h"
#include "base/clock.h"
#include "net/socket.h"
#include "proxy/session_parts.h"

#include <errno.h>

enum {
    PAUSE_MS = 100,  /* before all servers are tried once more */
    GLANCE_MS = 500, /* between looks at a client whose going no event would tell */
};

static enum progress join_queue(struct session *session)
{
    struct workspace *workspace = session->workspace;
    struct queue *queue = session->frontend->backend->queue;

    if (!queue_join(queue, workspace->settings.id, &session->waiter))
        return session_over(session, ENDING_QUEUE_FULL);
    account_queued(session);
    session->queued_at = clock_ms();
    list_append(&workspace->waiting, &session->waiting);
    session_set_due(session,
                    session->queued_at + session->frontend->rules->queue_timeout_ms);
    return session_enter(session, STAGE_WAIT);
}

static void leave_queue(struct session *session)
{
    struct queue *queue = session->frontend->backend->queue;

    queue_leave(queue, session->workspace->settings.id, &session->waiter);
    list_remove(&session->waiting);
    session->queue_ms += (uint32_t)(clock_ms() - session->queued_at);
    /* There may be room for the next one too. */
    queue_call(queue);
}

static enum ending why_unreachable(const struct session *session)
{
    int failure = (int)session->failure;

    if (!failure)
        return ENDING_NO_SERVER;
    if (socket_is_own_shortage(failure))
        return ENDING_OWN_SHORTAGE;
    return failure == ETIMEDOUT ? ENDING_CONNECT_TIMEOUT : ENDING_UNREACHABLE;
}

static bool may_try_again(const struct session *session)
{
    return session->tries <= session->frontend->rules->retries &&
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

    return rotation_choose(rotation_current(session->frontend->backend), &choice,
                           &session->server);
}

static enum progress begin_to_reach(struct session *session)
{
    account_chosen(session);
    return session_enter(session, STAGE_REACH);
}

static enum progress choose(struct session *session)
{
    if (session->tries && !may_try_again(session))
        return session_over(session, why_unreachable(session));
    if (queue_length(session->frontend->backend->queue))
        return join_queue(session);
    switch (ask_rotation(session)) {
    case CHOOSING_DONE:
        return begin_to_reach(session);
    case CHOOSING_BUSY:
        return join_queue(session);
    case CHOOSING_TRIED:
        return pause_or_give_up(session);
    default:
        return session_over(session, why_unreachable(session));
    }
}

/* Lets go of the server that was tried in vain: only now it is known what came of it. */
static void leave_failed(struct session *session, bool is_last)
{
    struct server *server = session->failed;

    if (!server)
        return;
    account_failed_connect(session, is_last);
    session->failed = NULL;
    server_give(server);
    queue_call(session->frontend->backend->queue);
}

enum progress reach_choose(struct session *session)
{
    enum progress progress = choose(session);

    leave_failed(session, progress == PROGRESS_OVER);
    return progress;
}

static uint64_t queue_ends_at(const struct session *session)
{
    return session->queued_at + session->frontend->rules->queue_timeout_ms;
}

/* What a client has said cannot be read yet, so the loop is not asked about it any more;
 * then only a look now and then shows that it has gone. */
static void glance_later(struct session *session)
{
    uint64_t ends_at = queue_ends_at(session), glance_at = clock_ms() + GLANCE_MS;

    session_set_due(session, glance_at < ends_at ? glance_at : ends_at);
}

/* Comes here right after joining too: a place that was freed in between is seen now. */
enum progress reach_wait(struct session *session)
{
    struct queue *queue = session->frontend->backend->queue;

    if (session->client_ready && conn_is_broken(&session->to_client))
        return session_over(session, ENDING_CLIENT_LEFT);
    if (session->client_ready)
        glance_later(session);
    if (queue_head(queue, session->workspace->settings.id) != &session->waiter)
        return PROGRESS_WAIT;
    switch (ask_rotation(session)) {
    case CHOOSING_DONE:
        leave_queue(session);
        return begin_to_reach(session);
    case CHOOSING_BUSY:
        return PROGRESS_WAIT;
    default:
        leave_queue(session);
        return session_over(session, why_unreachable(session));
    }
}

enum progress reach_wait_expire(struct session *session)
{
    if (clock_ms() < queue_ends_at(session))
        return reach_wait(session);
    leave_queue(session);
    return session_over(session, ENDING_QUEUE_TIMEOUT);
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
}

void reach_await_server(struct session *session)
{
    struct ev_loop *loop = session->workspace->settings.loop;

    conn_await(&session->to_client, loop, 0);
    conn_await(&session->to_server, loop, EV_WRITE);
}

/* On to the next server. What we are short of ourselves is not the server's fault. */
static enum progress try_another(struct session *session, int failure)
{
    struct workspace *workspace = session->workspace;
    struct server *server = session->server;

    conn_close(&session->to_server, workspace->settings.loop);
    session->server_ready = 0;
    session->failure = (uint32_t)failure;
    session->tried |= rotation_bit(server);
    session->failed = server;
    session->server = NULL;
    atomic_store(&server->last_failure, failure);
    if (!socket_is_own_shortage(failure))
        workspace->settings.on_connect_failed(workspace->settings.owner, server);
    return session_enter(session, STAGE_CHOOSE);
}

static enum progress connect_to(struct session *session)
{
    const struct backend_settings *rules = session->frontend->rules;
    int fd = socket_connect(server_address(session->server), 0);
    uint64_t now = clock_ms(), due;

    session->tries++;
    if (fd == -1)
        return try_another(session, errno);
    conn_open(&session->to_server, fd);
    if (!session->give_up_at)
        session->give_up_at = now + rules->connect_budget_ms;
    due = now + rules->connect_timeout_ms;
    session_set_due(session, due < session->give_up_at ? due : session->give_up_at);
    return PROGRESS_WAIT;
}

enum progress reach_server(struct session *session)
{
    int failure;

    if (!conn_is_open(&session->to_server))
        return connect_to(session);
    if (!session->server_ready)
        return PROGRESS_WAIT;
    session->server_ready = 0;
    failure = socket_connect_result(conn_fd(&session->to_server));
    if (failure)
        return try_another(session, failure);
    account_reached(session);
    session->client_ready = EV_READ;
    session_set_idle_timeout(session, session->frontend->settings->idle_timeout_ms);
    return session_enter(session, STAGE_RELAY);
}

enum progress reach_server_expire(struct session *session)
{
    return try_another(session, ETIMEDOUT);
}
