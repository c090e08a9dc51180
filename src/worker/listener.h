/* One listening socket of one worker. Private to the worker folder. */
#pragma once

#include "base/list.h"

#include <ev.h>
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
};

struct listener_settings {
    uint64_t key;
    int fd;
    const struct frontend *frontend;
    struct workspace *workspace;
    struct spare *spare;
};

/* Takes the descriptor. Accepts nothing yet. */
struct listener *listener_create(const struct listener_settings *settings);
void listener_start(struct listener *listener);
/* Accepts what has arrived, then closes. */
void listener_destroy(struct listener *listener);
