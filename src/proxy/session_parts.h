/* A session's parts, for the files that share its stages. Private to the proxy folder. */
#pragma once

#include "backend/queue.h"
#include "base/endpoint.h"
#include "net/conn.h"
#include "proxy/ending.h"
#include "proxy/flow.h"
#include "proxy/frontend.h"
#include "proxy/session.h"
#include "proxy/workspace.h"

enum stage_id {
    STAGE_GREET,
    STAGE_CHOOSE,
    STAGE_WAIT,
    STAGE_PAUSE,
    STAGE_REACH,
    STAGE_RELAY,
    STAGE_FINISH
};

/* Of one whom nobody lets announce a client, until its first bytes are known. */
enum suspicion { SUSPICION_NONE, SUSPICION_UNHEARD, SUSPICION_HALF_HEARD };

enum progress {
    PROGRESS_AGAIN, /* another stage was entered: go on with it */
    PROGRESS_WAIT,  /* nothing more to do until something happens */
    PROGRESS_OVER,  /* session->ending says why */
};

struct session {
    /* Touched with every byte. */
    struct workspace *workspace;        /* borrowed from the worker */
    uint8_t stage;                      /* enum stage_id */
    uint8_t ending;                     /* enum ending */
    uint8_t client_ready, server_ready; /* EV_READ, EV_WRITE; not yet acted upon */
    uint32_t idle_timeout_ms;           /* the present stage's; 0: none, due_at counts */
    uint64_t active_at;                 /* monotonic ms of the last byte */
    struct flow in, out;                /* client to server, server to client */
    struct conn to_client, to_server;
    struct server *server;           /* borrowed while counted in; or NULL */
    const struct frontend *frontend; /* borrowed from its generation */
    const struct route *route;       /* likewise; NULL until it is known */

    /* Touched when stages change. */
    ev_timer deadline;
    uint64_t due_at;     /* monotonic ms; UINT64_MAX: never */
    uint64_t armed_at;   /* when the timer will fire; it may be early */
    uint64_t give_up_at; /* reaching a server, or finishing; 0: not begun */
    uint64_t look_at;    /* at how the server does; 0: it need not be */
    uint64_t asked_at;   /* something of it; 0: no answer is awaited */
    uint64_t log_at;     /* the log is to hear how it goes; 0: it is not */
    uint64_t tried;      /* bits of servers, see rotation_bit */
    struct waiter waiter;
    struct link link;    /* in the workspace's list of all */
    struct link waiting; /* in the workspace's list of those who wait */

    /* For people. */
    uint64_t id;
    uint64_t begun_at, begun_on;    /* monotonic ms, as the two below; wall-clock ms */
    uint64_t queued_at, reached_at; /* 0: not in a queue now; not yet */
    uint32_t queue_ms, response_ms;
    struct server *failed; /* just tried in vain, still counted in; or NULL */
    uint32_t failure;      /* errno of the last failed connect */
    uint32_t queue_place;  /* when it joined the queue; 1: nobody was before it */
    uint16_t tries;
    bool is_watching_peers;
    bool is_redispatched;       /* a server was tried in vain, then another one */
    bool is_server_asked;       /* the last bytes were the client's */
    bool is_logged;             /* the log knows of it, or need not */
    bool is_held;               /* in the queue, because no server is fit */
    bool is_hurried;            /* the server has less time than connect-timeout */
    bool is_securing;           /* the TLS handshake with the server is under way */
    uint8_t greeted, suspicion; /* enum greet_step, enum suspicion */
    uint32_t visit;             /* its place among the entrance's visitors */
    bool is_announced;          /* by a PROXY header */
    struct endpoint announced;  /* where the client went, in that case */
    struct endpoint client;     /* as announced by a PROXY header, or the peer */
    const char *trouble;        /* what was wrong, beyond the ending; NULL: nothing */
};

/* Enters a stage: the one gate. Always returns PROGRESS_AGAIN. */
enum progress session_enter(struct session *session, enum stage_id next);
const char *session_stage_name(const struct session *session);
/* Notes why; always returns PROGRESS_OVER. */
enum progress session_over(struct session *session, enum ending ending);
/* From now on the stage is over at this time, or this long after the last byte. */
void session_set_due(struct session *session, uint64_t due_at);
/* The timer fires by then, too. */
void session_look_at(struct session *session, uint64_t look_at);
/* A peer is not watched now: look at it after a while. */
void session_glance_soon(struct session *session);
void session_set_idle_timeout(struct session *session, uint64_t timeout_ms);
