/*      begin --> choose --> reach --> relay --> finish --> end
 *                |  ^  ^      |
 *          (busy)v  |  +------+ (failed: the next server)
 *              wait, pause
 *
 * Events note what is ready and call advance(), which does all that can be done now. */
#include "proxy/session.h"

#include "backend/backend.h"
#include "base/clock.h"
#include "base/memory.h"
#include "net/socket.h"
#include "proxy/account.h"
#include "proxy/admission.h"
#include "proxy/greet.h"
#include "proxy/journal.h"
#include "proxy/reach.h"
#include "proxy/relay.h"
#include "proxy/session_parts.h"
#include "proxy/witness.h"

#include <inttypes.h>
#include <stdio.h>

#define BIT(stage) (1u << (stage))

enum {
    LONGEST_SLEEP_MS = 24 * 60 * 60 * 1000,
    ACTIVE_MS = 1000, /* a session that moved a byte since then is in the midst of it */
    GLANCE_MS = 1000, /* between looks at a peer that is not watched */
};

static const struct stage {
    const char *name;
    unsigned follows; /* the stages it may be entered from */
    enum progress (*advance)(struct session *);
    enum progress (*expire)(struct session *); /* its time is over */
    void (*await)(struct session *);           /* says what it waits for */
} stages[] = {
    [STAGE_GREET] = { "greet", 0, greet_client, greet_expire, greet_await },
    [STAGE_CHOOSE] = { "choose",
                       BIT(STAGE_GREET) | BIT(STAGE_REACH) | BIT(STAGE_WAIT) |
                           BIT(STAGE_PAUSE),
                       reach_choose, reach_choose, reach_await_client },
    [STAGE_WAIT] = { "wait", BIT(STAGE_CHOOSE), reach_wait, reach_wait_expire,
                     reach_await_client },
    [STAGE_PAUSE] = { "pause", BIT(STAGE_CHOOSE) | BIT(STAGE_WAIT), reach_pause,
                      reach_pause_expire, reach_await_client },
    [STAGE_REACH] = { "reach", BIT(STAGE_CHOOSE) | BIT(STAGE_WAIT), reach_server,
                      reach_server_expire, reach_await_server },
    [STAGE_RELAY] = { "relay", BIT(STAGE_REACH), relay_bytes, relay_expire, relay_await },
    [STAGE_FINISH] = { "finish", BIT(STAGE_RELAY), relay_finish, relay_finish,
                       relay_await_nothing },
};

static void end(struct session *session);

/* The one place that goes from stage to stage. */
static void drive(struct session *session, enum progress progress)
{
    while (progress == PROGRESS_AGAIN)
        progress = stages[session->stage].advance(session);
    if (progress == PROGRESS_OVER)
        end(session);
    else
        stages[session->stage].await(session);
}

static void advance(struct session *session)
{
    drive(session, PROGRESS_AGAIN);
}

enum progress session_enter(struct session *session, enum stage_id next)
{
    ensure(stages[next].follows & BIT(session->stage));
    session->stage = (uint8_t)next;
    log_debug("stage  session=0x%" PRIx64 " stage=%s", session->id, stages[next].name);
    return PROGRESS_AGAIN;
}

enum progress session_over(struct session *session, enum ending ending)
{
    session->ending = (uint8_t)ending;
    return PROGRESS_OVER;
}

static void on_client_ready(struct ev_loop *loop, ev_io *io, int events)
{
    struct session *session = io->data;

    (void)loop;
    session->client_ready |= (uint8_t)events;
    advance(session);
}

static void on_server_ready(struct ev_loop *loop, ev_io *io, int events)
{
    struct session *session = io->data;

    (void)loop;
    session->server_ready |= (uint8_t)events;
    advance(session);
}

/* Deadlines are lazy: bytes only note the time, and a timer that fires early goes back to
 * sleep. So it is touched a few times in a session, not with every byte. */
static uint64_t due_at(const struct session *session)
{
    if (session->idle_timeout_ms)
        return session->active_at + session->idle_timeout_ms;
    return session->due_at;
}

/* The one timer serves the log as well. */
static uint64_t wake_at(const struct session *session, uint64_t due)
{
    return session->log_at && session->log_at < due ? session->log_at : due;
}

static void arm(struct session *session, uint64_t now, uint64_t due)
{
    struct ev_loop *loop = session->workspace->settings.loop;
    uint64_t wake = wake_at(session, due), sleep_ms = wake > now ? wake - now : 0;

    if (sleep_ms > LONGEST_SLEEP_MS)
        sleep_ms = LONGEST_SLEEP_MS;
    session->armed_at = now + sleep_ms;
    ev_timer_stop(loop, &session->deadline);
    ev_timer_set(&session->deadline, (double)sleep_ms / 1e3, 0.);
    ev_timer_start(loop, &session->deadline);
}

static void arm_by(struct session *session, uint64_t due)
{
    if (!ev_is_active(&session->deadline) || due < session->armed_at)
        arm(session, clock_ms(), due);
}

void session_set_due(struct session *session, uint64_t due)
{
    session->idle_timeout_ms = 0;
    session->due_at = due;
    arm_by(session, due);
}

void session_set_idle_timeout(struct session *session, uint64_t timeout_ms)
{
    session->idle_timeout_ms = timeout_ms < UINT32_MAX ? (uint32_t)timeout_ms
                                                       : UINT32_MAX;
    session->due_at = UINT64_MAX;
    arm_by(session, due_at(session));
}

void session_look_at(struct session *session, uint64_t look_at)
{
    session->look_at = look_at;
    arm_by(session, look_at);
}

void session_glance_soon(struct session *session)
{
    arm_by(session, clock_ms() + GLANCE_MS);
}

/* A session that lasts is worth the calls that find a dead server; a short one is not. */
static void watch_peers(struct session *session)
{
    if (session->is_watching_peers || session->stage != STAGE_RELAY)
        return;
    session->is_watching_peers = true;
    socket_watch_peer(conn_fd(&session->to_server),
                      session->route->rules->peer_timeout_ms);
}

static bool is_watched(struct conn *conn)
{
    return ev_is_active(&conn->io) && conn->io.events & EV_READ;
}

/* A peer whose going no event will tell, because nothing is to be read from it now.
 * What a server sent before it went is still delivered; a client takes nothing any
 * more. */
static bool is_gone_unseen(struct session *session)
{
    bool is_server_done = session->stage == STAGE_RELAY &&
                          session->out.state != FLOW_OPEN;

    return (!is_watched(&session->to_client) && conn_is_broken(&session->to_client)) ||
           (is_server_done && conn_is_broken(&session->to_server));
}

static enum ending why_gone(const struct session *session)
{
    if (!conn_is_broken(&session->to_client))
        return ENDING_SERVER_RESET;
    return session->stage == STAGE_WAIT ? ENDING_CLIENT_LEFT : ENDING_CLIENT_RESET;
}

/* It goes back to sleep until something is due, or a peer that is not watched or has not
 * answered yet is to be looked at. */
static uint64_t next_look(struct session *session, uint64_t now, uint64_t due)
{
    uint64_t next = is_watched(&session->to_client) ? UINT64_MAX : now + GLANCE_MS;

    if (session->look_at && session->look_at < next)
        next = session->look_at;
    return due < next ? due : next;
}

static void on_deadline(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct session *session = timer->data;
    uint64_t now = clock_ms(), due = due_at(session);

    (void)loop;
    (void)events;
    watch_peers(session);
    witness_look(session, now);
    if (now >= due) {
        drive(session, stages[session->stage].expire(session));
    } else if (is_gone_unseen(session)) {
        drive(session, session_over(session, why_gone(session)));
    } else {
        journal_look(session, now);
        arm(session, now, next_look(session, now, due));
    }
}

static uint64_t new_id(struct workspace *workspace)
{
    return ++workspace->last_id << 8 | workspace->settings.id;
}

static void init(struct session *session, struct workspace *workspace,
                 const struct frontend *frontend)
{
    session->workspace = workspace;
    session->frontend = frontend;
    session->id = new_id(workspace);
    session->begun_at = session->active_at = clock_ms();
    session->begun_on = clock_wall_ms();
    session->due_at = UINT64_MAX;
    conn_init(&session->to_client, on_client_ready, session);
    conn_init(&session->to_server, on_server_ready, session);
    flow_init(&session->in, &session->to_client, &session->to_server);
    flow_init(&session->out, &session->to_server, &session->to_client);
    ev_timer_init(&session->deadline, on_deadline, 0., 0.);
    /* After the events of the same turn: they may show that it is not too late. */
    ev_set_priority(&session->deadline, EV_MINPRI);
    session->deadline.data = session;
    list_init(&session->waiting);
    list_append(&workspace->present, &session->link);
}

void session_begin(struct workspace *workspace, const struct frontend *frontend, int fd,
                   const struct endpoint *client)
{
    struct session *session;
    uint32_t visit;

    if (!admission_ask(workspace, frontend, client, &visit)) {
        socket_close_by_reset(fd);
        return;
    }
    session = slab_take(&workspace->sessions);
    if (!session) {
        admission_leave(workspace, frontend, visit);
        socket_close_by_reset(fd);
        return;
    }
    init(session, workspace, frontend);
    session->client = *client;
    session->visit = visit;
    conn_open(&session->to_client, fd);
    account_begin(session);
    advance(session);
}

static bool is_gentle(enum ending ending)
{
    return ending == ENDING_DRAIN || ending == ENDING_MOVED;
}

/* Would an end look as if all had arrived? Then it must be a reset. */
static bool is_cut_short(const struct session *session)
{
    bool is_active = clock_ms() - session->active_at < ACTIVE_MS;

    return flow_wants_to_write(&session->in) || flow_wants_to_write(&session->out) ||
           (is_gentle(session->ending) && session->out.moved && is_active);
}

static void close_conns(struct session *session)
{
    struct ev_loop *loop = session->workspace->settings.loop;
    bool by_reset = ending_facts(session->ending)->by_reset || is_cut_short(session);
    void (*close_conn)(struct conn *, struct ev_loop *);

    close_conn = by_reset ? conn_close_by_reset : conn_close;
    close_conn(&session->to_server, loop);
    close_conn(&session->to_client, loop);
}

/* What it has of its backend, the last thing first. */
static void leave_backend(struct session *session)
{
    struct backend *backend = session->route->backend;

    queue_leave(backend->queue, session->workspace->settings.id, &session->waiter);
    if (session->server)
        server_give(session->server);
    if (session->failed)
        server_give(session->failed);
    gauge_give(&backend->sessions);
    queue_call(backend->queue);
}

/* Leaves everything that it joined; then it is gone. */
static void end(struct session *session)
{
    struct workspace *workspace = session->workspace;
    const struct frontend *frontend = session->frontend;
    uint32_t visit = session->visit;

    account_end(session);
    witness_over(session);
    ev_timer_stop(workspace->settings.loop, &session->deadline);
    close_conns(session);
    flow_deinit(&session->in, workspace);
    flow_deinit(&session->out, workspace);
    if (session->route)
        leave_backend(session);
    list_remove(&session->waiting);
    list_remove(&session->link);
    slab_give(&workspace->sessions, session);
    admission_leave(workspace, frontend, visit);
}

void session_end_because(struct session *session, enum ending ending)
{
    drive(session, session_over(session, ending));
}

void session_go_on(struct session *session)
{
    const struct waiter *head = queue_head(session->route->backend->queue,
                                           session->workspace->settings.id);

    if (head == &session->waiter)
        advance(session);
}

static void copy_name(char *to, const char *name)
{
    (void)snprintf(to, SESSION_NAME_SIZE, "%s", name);
}

void session_describe(const struct session *session, struct session_view *view)
{
    uint64_t now = clock_ms(), due = due_at(session);

    *view = (struct session_view){
        .id = session->id,
        .client = session->client,
        .stage = stages[session->stage].name,
        .age_ms = now - session->begun_at,
        .idle_ms = now - session->active_at,
        .expires_ms = due > now && due != UINT64_MAX ? due - now : 0,
        .bytes_in = session->in.moved,
        .bytes_out = session->out.moved,
    };
    copy_name(view->frontend, session->frontend->settings->name);
    copy_name(view->backend, session->route ? session->route->backend->name : "");
    copy_name(view->server, session->server ? session->server->name : "");
}

bool session_is_served_by(const struct session *session, const struct server *server)
{
    return session->server == server;
}

bool session_is_settled(const struct session *session)
{
    return session->stage == STAGE_RELAY || session->stage == STAGE_FINISH;
}

const char *session_stage_name(const struct session *session)
{
    return stages[session->stage].name;
}

uint64_t session_id(const struct session *session)
{
    return session->id;
}

uint64_t session_active_at(const struct session *session)
{
    return session->active_at;
}

struct session *session_of(struct link *link)
{
    return list_object(link, struct session, link);
}

struct session *session_of_waiting(struct link *link)
{
    return list_object(link, struct session, waiting);
}

size_t session_size(void)
{
    return sizeof(struct session);
}
