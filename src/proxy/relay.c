/* Moves bytes both ways until both ways are over, and passes on how each of them
 * ended. */
#include "proxy/relay.h"

#include "base/clock.h"
#include "net/socket.h"
#include "proxy/account.h"
#include "proxy/greet.h"
#include "proxy/witness.h"

enum { FINISH_TICK_MS = 10, SMALL_MOST = 16 * 1024 };

static bool is_over(const struct flow *flow)
{
    return flow->state == FLOW_OVER;
}

/* A peer that is gone takes nothing any more: what was meant for it is over. What it sent
 * before it went still arrives. */
static void pass_on_loss(struct session *session)
{
    if (session->to_client.was_reset && session->in.state != FLOW_OPEN)
        flow_break(&session->out, session->workspace);
    if (session->to_server.was_reset && session->out.state != FLOW_OPEN)
        flow_break(&session->in, session->workspace);
}

/* An end on one side becomes an end on the other, once everything before it is
 * written. */
static void pass_on_end(struct flow *flow)
{
    if (!is_over(flow) || flow->is_broken || flow->is_finished)
        return;
    flow->is_finished = true;
    conn_finish(flow->to);
}

static enum ending why_over(const struct session *session)
{
    if (session->in.is_starved || session->out.is_starved)
        return ENDING_OWN_SHORTAGE;
    if (session->to_client.was_faulty)
        return ENDING_CLIENT_FAULT;
    if (session->to_client.was_reset)
        return ENDING_CLIENT_RESET;
    if (session->to_server.was_faulty)
        return ENDING_SERVER_FAULT;
    if (session->to_server.was_reset || session->in.is_broken || session->out.is_broken)
        return ENDING_SERVER_RESET;
    return session->in.is_finished ? ENDING_CLIENT_CLOSED : ENDING_SERVER_CLOSED;
}

/* Of the one who is to blame for the ending. */
static const char *what_was_wrong(const struct session *session)
{
    const struct conn *client = &session->to_client, *server = &session->to_server;
    const char *trouble = client->was_reset   ? conn_trouble(client)
                          : server->was_reset ? conn_trouble(server)
                                              : "";

    if (*trouble)
        return trouble;
    return client->was_truncated ? "without the farewell of TLS" : NULL;
}

/* A reset would overtake what is still on its way to the other side. */
static bool is_anything_unsent(const struct session *session)
{
    const struct conn *other = session->to_client.was_reset ? &session->to_server
                                                            : &session->to_client;

    return ending_facts(session->ending)->by_reset && !other->was_reset &&
           socket_unsent(conn_fd(other)) > 0;
}

/* The farewell of TLS did not fit into the socket; without it an end looks cut off. */
static bool is_farewell_owed(const struct session *session)
{
    return !ending_facts(session->ending)->by_reset &&
           (session->to_client.wants | session->to_server.wants) & EV_WRITE;
}

static bool is_finished(const struct session *session)
{
    return !is_anything_unsent(session) && !is_farewell_owed(session);
}

/* 0 is no limit, as everywhere. */
static uint64_t finish_by(const struct session *session)
{
    uint64_t timeout_ms = session->frontend->settings->half_closed_timeout_ms;

    return timeout_ms ? clock_ms() + timeout_ms : UINT64_MAX;
}

static enum progress over(struct session *session)
{
    session->ending = (uint8_t)why_over(session);
    session->trouble = what_was_wrong(session);
    if (is_finished(session))
        return PROGRESS_OVER;
    session->give_up_at = finish_by(session);
    return session_enter(session, STAGE_FINISH);
}

static enum progress judge(struct session *session)
{
    pass_on_loss(session);
    if (is_over(&session->in) && is_over(&session->out))
        return over(session);
    if (!is_over(&session->in) && !is_over(&session->out))
        return PROGRESS_WAIT;
    pass_on_end(&session->in);
    pass_on_end(&session->out);
    session_set_idle_timeout(session,
                             session->frontend->settings->half_closed_timeout_ms);
    return PROGRESS_WAIT;
}

/* Half a PROXY header of a stranger's has the time of a greeting to become something
 * else. */
static enum progress hear_stranger(struct session *session)
{
    const struct frontend_settings *settings = session->frontend->settings;
    unsigned before = session->suspicion;
    enum progress progress = stranger_hear(session);

    if (progress == PROGRESS_WAIT && session->suspicion != before)
        session_set_due(session, clock_ms() + settings->greet_timeout_ms);
    if (progress == PROGRESS_AGAIN && before == SUSPICION_HALF_HEARD)
        session_set_idle_timeout(session, settings->idle_timeout_ms);
    return progress;
}

bool relay_is_small_talk(bool was_server_asked, uint64_t in, uint64_t out)
{
    uint64_t bytes = in + out;

    return bytes && bytes <= SMALL_MOST && was_server_asked != !out;
}

static void note_moved(struct session *session, uint64_t in, uint64_t out)
{
    session->active_at = clock_ms();
    if (relay_is_small_talk(session->is_server_asked, in, out))
        session->workspace->small_at = session->active_at;
    if (in | out)
        session->is_server_asked = !out;
    account_moved(session, in, out);
    witness_moved(session, in, out);
}

enum progress relay_bytes(struct session *session)
{
    int client = session->client_ready, server = session->server_ready;
    uint64_t in = session->in.moved, out = session->out.moved;
    bool moved = false;

    if (session->suspicion && client & EV_READ && hear_stranger(session) == PROGRESS_OVER)
        return PROGRESS_OVER;
    if (!session->suspicion && (client & EV_READ || server & EV_WRITE))
        moved |= flow_move(&session->in, session->workspace);
    if (server & EV_READ || client & EV_WRITE)
        moved |= flow_move(&session->out, session->workspace);
    session->client_ready = session->server_ready = 0;
    if (moved)
        note_moved(session, session->in.moved - in, session->out.moved - out);
    return judge(session);
}

/* Interest is derived from the flows: room to read, something to write. */
void relay_await(struct session *session)
{
    struct ev_loop *loop = session->workspace->settings.loop;
    const struct flow *in = &session->in, *out = &session->out;
    int client = flow_wants_to_read(in) ? EV_READ : 0;
    int server = flow_wants_to_read(out) ? EV_READ : 0;

    if (!client)
        session_glance_soon(session);
    conn_await(&session->to_client, loop,
               client | (flow_wants_to_write(out) ? EV_WRITE : 0));
    conn_await(&session->to_server, loop,
               server | (flow_wants_to_write(in) ? EV_WRITE : 0));
}

enum progress relay_expire(struct session *session)
{
    bool is_half_closed = is_over(&session->in) || is_over(&session->out);

    if (session->suspicion == SUSPICION_HALF_HEARD)
        return session_over(session, ENDING_GREET_TIMEOUT);
    return session_over(session, is_half_closed ? ENDING_HALF_CLOSED : ENDING_IDLE);
}

/* Comes by every few milliseconds until all is sent, or it has taken too long. */
enum progress relay_finish(struct session *session)
{
    uint64_t now = clock_ms();

    if (is_finished(session) || now >= session->give_up_at)
        return PROGRESS_OVER;
    session_set_due(session, now + FINISH_TICK_MS);
    return PROGRESS_WAIT;
}

void relay_await_nothing(struct session *session)
{
    struct ev_loop *loop = session->workspace->settings.loop;

    conn_await(&session->to_client, loop, 0);
    conn_await(&session->to_server, loop, 0);
}
