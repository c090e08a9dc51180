/* What a session may use of its worker: loop, memory, randomness, the list of
 * sessions. */
#pragma once

#include "base/counter.h"
#include "base/list.h"
#include "base/random.h"
#include "base/repeat.h"
#include "base/slab.h"

#include <ev.h>

struct mailbox;
struct server;
struct throttle;

enum {
    WORKSPACE_SMALL_PIECE = 4 * 1024, /* most greetings fit */
    WORKSPACE_SCRATCH = 64 * 1024,    /* most that is read before it is written */
    WORKSPACE_PIPES = 32,             /* kept, empty, for bulk flows */
};

struct workspace_settings {
    unsigned id;               /* of the worker */
    unsigned maxconn;          /* of all workers together */
    unsigned pipes;            /* at most so many are in use; up to WORKSPACE_PIPES */
    struct ev_loop *loop;      /* borrowed */
    struct gauge *present;     /* borrowed: the sessions of all workers */
    struct throttle *throttle; /* borrowed; NULL: clients may come as fast as they like */
    /* A connect to a server failed. Any worker calls it, and it must not wait. */
    void (*on_connect_failed)(void *owner, struct server *server);
    /* The same for what else its evidence tells. */
    void (*on_suspicion)(void *owner, struct server *server);
    void *owner;
};

struct workspace {
    struct workspace_settings settings;
    struct slab sessions;
    struct slab small_pieces, pieces; /* what flows could not write at once */
    struct link present;              /* all sessions */
    struct link waiting;              /* those in some queue, in the order of joining */
    struct random random;
    uint64_t last_id;
    uint64_t small_at;      /* ms: a session asked or answered in few bytes */
    unsigned char *scratch; /* owned; WORKSPACE_SCRATCH bytes */
    int pipes[WORKSPACE_PIPES][2];
    unsigned pipe_count, pipes_out;           /* kept, lent */
    struct repeat full, shortage, handshakes; /* so that the log is not flooded */
};

void workspace_init(struct workspace *workspace,
                    const struct workspace_settings *settings);
/* All sessions must be over. */
void workspace_deinit(struct workspace *workspace);

/* For sessions to come. */
void workspace_set_maxconn(struct workspace *workspace, unsigned maxconn);

/* Bytes that could not be written at once, or not be acted upon yet. */
struct piece {
    uint32_t begin, end, room;
    _Alignas(8) unsigned char bytes[];
};

/* Empty, with room for at least `bytes`, at most WORKSPACE_SCRATCH; NULL: no memory. */
struct piece *workspace_take_piece(struct workspace *workspace, size_t bytes);
/* NULL is fine. */
void workspace_give_piece(struct workspace *workspace, struct piece *piece);

/* An empty pipe for a bulk flow; false when there is none to be had. */
bool workspace_take_pipe(struct workspace *workspace, int pipe[2]);
/* Takes it back; one that is not empty is closed. */
void workspace_give_pipe(struct workspace *workspace, int pipe[2], bool is_empty);
