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

enum {
    WORKSPACE_SCRATCH = 64 * 1024, /* most that is read before it is written */
    WORKSPACE_PIPES = 32,          /* kept, empty, for bulk flows */
};

struct workspace_settings {
    unsigned id;           /* of the worker */
    unsigned maxconn;      /* of all workers together */
    struct ev_loop *loop;  /* borrowed */
    struct gauge *present; /* borrowed: the sessions of all workers */
    /* A connect to a server failed. Any worker calls it, and it must not wait. */
    void (*on_connect_failed)(void *owner, struct server *server);
    void *owner;
};

struct workspace {
    struct workspace_settings settings;
    struct slab sessions;
    struct slab pieces;  /* what flows could not write at once */
    struct link present; /* all sessions */
    struct link waiting; /* those in some queue, in the order of joining */
    struct random random;
    uint64_t last_id;
    unsigned char *scratch; /* owned; WORKSPACE_SCRATCH bytes */
    int pipes[WORKSPACE_PIPES][2];
    unsigned pipe_count;
    struct repeat full, shortage; /* so that the log is not flooded */
};

void workspace_init(struct workspace *workspace,
                    const struct workspace_settings *settings);
/* All sessions must be over. */
void workspace_deinit(struct workspace *workspace);

/* For sessions to come. */
void workspace_set_maxconn(struct workspace *workspace, unsigned maxconn);

/* An empty pipe for a bulk flow; false when there is none to be had. */
bool workspace_take_pipe(struct workspace *workspace, int pipe[2]);
/* Takes it back; one that is not empty is closed. */
void workspace_give_pipe(struct workspace *workspace, int pipe[2], bool is_empty);
