/* One listening socket of one worker. Private to the worker folder. */
#pragma once

#include "base/list.h"

#include <ev.h>
#include <stdbool.h>
#include <stdint.h>

struct frontend;
struct spare;
struct workspace;

struct listener {
    struct link link; /* in its worker's list */
    uint64_t key;
    const struct frontend *frontend; /* borrowed; whom the address serves now */
    struct workspace *workspace;     /* borrowed from the worker */
    struct spare *spare;             /* likewise */
    ev_io io;
    ev_timer pause; /* active while accepting makes no sense */
    unsigned backlog;
    bool is_started; /* clients may be accepted */
    bool is_closed;  /* and yet nobody listens: connecting is refused */
    bool is_deaf;    /* closed for the system too: it has to listen again */
};

struct listener_settings {
    uint64_t key;
    int fd;
    unsigned backlog;
    const struct frontend *frontend;
    struct workspace *workspace;
    struct spare *spare;
};

/* Takes the descriptor. Accepts nothing yet. */
struct listener *listener_create(const struct listener_settings *settings);
void listener_start(struct listener *listener);
/* Whom it serves from now on, and how long its queue may be. */
void listener_change(struct listener *listener, const struct frontend *frontend,
                     unsigned backlog);
/* Accepts what has arrived, then has the system refuse whoever connects, until it is
 * opened again. The socket stays ours. */
void listener_set_closed(struct listener *listener, bool is_closed);
/* Accepts what has arrived, then closes. */
void listener_destroy(struct listener *listener);
