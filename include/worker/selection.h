/* Which sessions of a worker are to end, and why: those that have been silent for the
 * longest time first. */
#pragma once

#include "base/counter.h"
#include "proxy/ending.h"

#include <stddef.h>

struct server;
struct workspace;

struct selection {
    const struct server *server; /* whose sessions; NULL: everybody's */
    enum ending ending;
    uint32_t most;       /* of all workers together; 0: all */
    struct gauge *taken; /* borrowed: how many of those there were so far */
};

/* On the worker's thread. Returns how many ended here. */
size_t selection_end(struct workspace *workspace, const struct selection *selection);
