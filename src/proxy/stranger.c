/* A PROXY header of one whom accept-proxy-from does not list is neither believed nor
 * passed on: a server that believes usher would believe it. The first bytes are looked at
 * where they lie; nobody waits for them, so that a server may speak first. */
#include "net/proxy_header.h"
#include "net/socket.h"
#include "proxy/greet.h"

static enum progress refuse(struct session *session)
{
    session->trouble = "accept-proxy-from does not list its sender";
    return session_over(session, ENDING_PROXY_HEADER);
}

/* What lies there already is no event. */
static enum progress wait_for_more(struct session *session, size_t present)
{
    session->suspicion = SUSPICION_HALF_HEARD;
    socket_set_least(conn_fd(&session->to_client), present + 1);
    return PROGRESS_WAIT;
}

static enum progress trust(struct session *session)
{
    if (session->suspicion == SUSPICION_HALF_HEARD)
        socket_set_least(conn_fd(&session->to_client), 1);
    session->suspicion = SUSPICION_NONE;
    return PROGRESS_AGAIN;
}

enum progress stranger_hear(struct session *session)
{
    struct conn *client = &session->to_client;
    unsigned char start[PROXY_HEADER_START];
    enum proxy_outcome outcome = PROXY_REFUSED;
    size_t got;
    enum io io;

    if (session->suspicion == SUSPICION_NONE)
        return PROGRESS_AGAIN;
    io = conn_peek(client, start, sizeof start, &got);
    if (io == IO_AGAIN)
        return PROGRESS_WAIT;
    if (io == IO_DONE)
        outcome = proxy_header_begins(start, got);
    if (outcome == PROXY_DONE)
        return refuse(session);
    if (outcome == PROXY_MORE && !socket_has_end(conn_fd(client)))
        return wait_for_more(session, got);
    return trust(session);
}
