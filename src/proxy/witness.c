/* Notes on the server what a session saw of it, and wakes main when that may matter. */
#include "proxy/witness.h"

#include "backend/backend.h"
#include "base/clock.h"
#include "proxy/session_parts.h"

#include <errno.h>

enum { AT_ONCE_MS = 100 };

static const struct recovery_settings *rules_of(const struct session *session)
{
    return &session->route->rules->recovery;
}

static bool is_observed(const struct session *session)
{
    return rules_of(session)->observe != OBSERVE_OFF;
}

void witness_unreached(struct session *session, struct server *server)
{
    const struct workspace_settings *workspace = &session->workspace->settings;

    if (!is_observed(session))
        return;
    (void)evidence_add_error(&server->evidence, clock_ms());
    workspace->on_connect_failed(workspace->owner, server);
}

/* The server has something to answer now. */
static void await_answer(struct session *session)
{
    const struct recovery_settings *rules = rules_of(session);

    if (rules->observe != OBSERVE_FIRST_BYTE)
        return;
    session->asked_at = clock_ms();
    if (!session->look_at)
        session_look_at(session, session->asked_at + rules->first_byte_ms);
}

/* Being reached is no good sign yet when it may be reset at once. */
void witness_reached(struct session *session)
{
    if (!is_observed(session))
        return;
    if (gauge_read(&session->server->evidence.errors))
        session_look_at(session, session->reached_at + AT_ONCE_MS);
    if (session->in.held)
        await_answer(session);
}

static void note_answer(struct session *session)
{
    struct evidence *evidence = &session->server->evidence;

    session->look_at = session->asked_at = 0;
    evidence_take_back(evidence);
    if (rules_of(session)->observe == OBSERVE_FIRST_BYTE)
        counter_set(&evidence->answered_at, session->active_at);
}

void witness_moved(struct session *session, uint64_t in, uint64_t out)
{
    if (session->out.moved > out || !is_observed(session))
        return;
    if (out)
        note_answer(session);
    else if (in && !session->asked_at && session->in.moved == in)
        await_answer(session);
}

static void note_silence(struct session *session)
{
    const struct workspace_settings *workspace = &session->workspace->settings;

    session->look_at = 0;
    if (session->out.state != FLOW_OPEN)
        return;
    (void)gauge_take(&session->server->evidence.unanswered, 0);
    workspace->on_suspicion(workspace->owner, session->server);
}

void witness_look(struct session *session, uint64_t now)
{
    uint64_t answer_by;

    if (!session->look_at || now < session->look_at || session->stage != STAGE_RELAY)
        return;
    evidence_take_back(&session->server->evidence);
    answer_by = session->asked_at + rules_of(session)->first_byte_ms;
    if (!session->asked_at)
        session->look_at = 0;
    else if (now < answer_by)
        session->look_at = answer_by;
    else
        note_silence(session);
}

static bool was_cut(const struct session *session, uint64_t now)
{
    return session->ending == ENDING_SERVER_RESET && !session->out.moved &&
           now - session->reached_at <= AT_ONCE_MS;
}

/* A server that dies ends many sessions at one stroke: those that it had taken before the
 * last error are no row. */
static bool is_after_the_last(const struct session *session)
{
    return session->reached_at >= counter_read(&session->server->evidence.erred_at);
}

void witness_over(struct session *session)
{
    const struct workspace_settings *workspace = &session->workspace->settings;
    uint64_t now = clock_ms();
    struct server *server = session->server;

    if (!server || !session->reached_at || !is_observed(session))
        return;
    if (!was_cut(session, now)) {
        evidence_take_back(&server->evidence);
        return;
    }
    if (!is_after_the_last(session))
        return;
    atomic_store(&server->last_failure, ECONNRESET);
    if (evidence_add_error(&server->evidence, now) >= rules_of(session)->error_limit)
        workspace->on_suspicion(workspace->owner, server);
}
