/* One direction of a session: moves bytes from one conn to the other.
 *
 * An idle flow holds nothing: bytes are read into the worker's scratch and written at
 * once. Only what the other end did not take is kept, in a piece; then nothing more is
 * read. A flow that has shown itself to be bulk moves through a pipe, without being
 * copied. */
#pragma once

#include "net/conn.h"
#include "proxy/workspace.h"

enum flow_state {
    FLOW_OPEN,
    FLOW_ENDED, /* `from` will send no more; what is held has still to be written */
    FLOW_LOST,  /* `from` broke off; likewise */
    FLOW_OVER,  /* nothing is left to be moved */
};

struct flow {
    struct conn *from, *to;          /* borrowed from the session */
    struct piece *held;              /* owned; NULL when all is written */
    uint64_t moved;                  /* bytes taken from `from` */
    int pipe[2];                     /* owned while is_piped */
    uint32_t in_pipe;                /* bytes */
    uint8_t state;                   /* enum flow_state */
    uint8_t full_reads, short_reads; /* in a row */
    bool is_bulk, is_piped;
    bool is_starved;  /* there was no memory to hold what could not be written */
    bool is_broken;   /* it is over, but not everything arrived */
    bool is_finished; /* the other end has been told that no more will come */
};

void flow_init(struct flow *flow, struct conn *from, struct conn *to);
/* Gives back what it holds. */
void flow_deinit(struct flow *flow, struct workspace *workspace);

/* Moves what can be moved now, a bounded amount. True when bytes moved. */
bool flow_move(struct flow *flow, struct workspace *workspace);
/* The other end can take no more: over, and broken. */
void flow_break(struct flow *flow, struct workspace *workspace);

bool flow_wants_to_read(const struct flow *flow);
bool flow_wants_to_write(const struct flow *flow);
