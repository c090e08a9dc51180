/*      from -- read --> scratch -- write --> to        most bytes, always
 *                          +--> held -- write --> to   what `to` did not take
 *      from -- splice --> pipe -- splice --> to        bulk, between plain conns
 *
 * While anything is held or in the pipe nothing is read: that is the back-pressure. */
#include "proxy/flow.h"

#include "base/clock.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum {
    ROUNDS = 2,     /* reads per turn; more would delay other sessions */
    BULK_AFTER = 4, /* full reads in a row */
    COPY_AFTER = 8, /* short splices in a row */
    SPLICE_BYTES = 1024 * 1024,
    SPLICE_LESS = 64 * 1024, /* while others wait for small messages */
    SPLICE_SHORT = 16 * 1024,
    LESS_MS = 100, /* after a small message of anybody */
};

void flow_init(struct flow *flow, struct conn *from, struct conn *to)
{
    flow->from = from;
    flow->to = to;
}

static void give_pipe(struct flow *flow, struct workspace *workspace)
{
    if (!flow->is_piped)
        return;
    workspace_give_pipe(workspace, flow->pipe, flow->in_pipe == 0);
    flow->is_piped = false;
    flow->in_pipe = 0;
}

static void give_piece(struct flow *flow, struct workspace *workspace)
{
    workspace_give_piece(workspace, flow->held);
    flow->held = NULL;
}

void flow_deinit(struct flow *flow, struct workspace *workspace)
{
    give_piece(flow, workspace);
    give_pipe(flow, workspace);
}

void flow_break(struct flow *flow, struct workspace *workspace)
{
    if (flow->state == FLOW_OVER)
        return;
    flow_deinit(flow, workspace);
    flow->is_broken = true;
    flow->state = FLOW_OVER;
}

static size_t bytes_held(const struct flow *flow)
{
    return flow->held ? flow->held->end - flow->held->begin : flow->in_pipe;
}

static bool is_holding(const struct flow *flow)
{
    return flow->held || flow->in_pipe;
}

bool flow_wants_to_read(const struct flow *flow)
{
    return flow->state == FLOW_OPEN && !is_holding(flow);
}

bool flow_wants_to_write(const struct flow *flow)
{
    return is_holding(flow);
}

/* The reader's word on how a read or splice went. */
static void note_end(struct flow *flow, enum io io)
{
    if (io == IO_ENDED)
        flow->state = FLOW_ENDED;
    else if (io == IO_FAILED)
        flow->state = FLOW_LOST;
}

static bool hold(struct flow *flow, struct workspace *workspace,
                 const unsigned char *rest, size_t length)
{
    flow->held = workspace_take_piece(workspace, length);
    if (!flow->held)
        return false;
    memcpy(flow->held->bytes, rest, length);
    flow->held->end = (uint32_t)length;
    return true;
}

/* Writes what was read; keeps what does not go. */
static void pass_on(struct flow *flow, struct workspace *workspace, size_t length)
{
    size_t put = 0;
    enum io io = conn_write(flow->to, workspace->scratch, length, &put);

    if (io != IO_FAILED && put < length)
        flow->is_starved = !hold(flow, workspace, workspace->scratch + put, length - put);
    if (io == IO_FAILED || flow->is_starved)
        flow_break(flow, workspace);
}

/* True when the whole scratch was filled, so that there is probably more. */
static bool copy_once(struct flow *flow, struct workspace *workspace)
{
    size_t got = 0;
    enum io io = conn_read(flow->from, workspace->scratch, WORKSPACE_SCRATCH, &got);

    if (io != IO_DONE) {
        note_end(flow, io);
        return false;
    }
    flow->moved += got;
    pass_on(flow, workspace, got);
    if (got < WORKSPACE_SCRATCH) {
        flow->full_reads = 0;
        return false;
    }
    flow->full_reads++;
    flow->is_bulk = flow->full_reads >= BULK_AFTER;
    return true;
}

static void flush_piece(struct flow *flow, struct workspace *workspace)
{
    struct piece *held = flow->held;
    size_t put = 0;
    enum io io = conn_write(flow->to, held->bytes + held->begin, held->end - held->begin,
                            &put);

    held->begin += (uint32_t)put;
    if (io == IO_FAILED)
        flow_break(flow, workspace);
    else if (held->begin == held->end)
        give_piece(flow, workspace);
}

static void flush_pipe(struct flow *flow, struct workspace *workspace)
{
    ssize_t put = splice(flow->pipe[0], NULL, conn_fd(flow->to), NULL, flow->in_pipe,
                         SPLICE_F_NONBLOCK | SPLICE_F_MOVE);

    if (put > 0)
        flow->in_pipe -= (uint32_t)put;
    else if (put == -1 && conn_failure(flow->to, errno) == IO_FAILED)
        flow_break(flow, workspace);
    if (!flow->in_pipe)
        give_pipe(flow, workspace);
}

static void note_size(struct flow *flow, size_t got)
{
    flow->short_reads = got < SPLICE_SHORT ? flow->short_reads + 1 : 0;
    if (flow->short_reads < COPY_AFTER)
        return;
    flow->is_bulk = false;
    flow->short_reads = flow->full_reads = 0;
}

/* Large steps cost the least, and make all others wait. */
static size_t step_of(const struct workspace *workspace)
{
    return clock_ms() - workspace->small_at < LESS_MS ? SPLICE_LESS : SPLICE_BYTES;
}

static void splice_once(struct flow *flow, struct workspace *workspace)
{
    ssize_t got = splice(conn_fd(flow->from), NULL, flow->pipe[1], NULL,
                         step_of(workspace), SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
    int failure = errno;

    if (got > 0) {
        flow->moved += (uint64_t)got;
        flow->in_pipe = (uint32_t)got;
        note_size(flow, (size_t)got);
        flush_pipe(flow, workspace);
        return;
    }
    give_pipe(flow, workspace);
    note_end(flow, got == 0 ? conn_end(flow->from) : conn_failure(flow->from, failure));
}

static bool may_splice(struct flow *flow, struct workspace *workspace)
{
    if (!flow->is_bulk)
        return false;
    if (conn_is_plain(flow->from) && conn_is_plain(flow->to))
        flow->is_piped = workspace_take_pipe(workspace, flow->pipe);
    if (flow->is_piped)
        return true;
    flow->is_bulk = false;
    flow->full_reads = 0;
    return false;
}

static void read_on(struct flow *flow, struct workspace *workspace)
{
    for (int round = 0; round < ROUNDS && flow_wants_to_read(flow); round++) {
        if (may_splice(flow, workspace)) {
            splice_once(flow, workspace);
            return;
        }
        if (!copy_once(flow, workspace))
            return;
    }
}

bool flow_move(struct flow *flow, struct workspace *workspace)
{
    uint64_t moved = flow->moved;
    size_t held = bytes_held(flow);

    if (flow->held)
        flush_piece(flow, workspace);
    else if (flow->in_pipe)
        flush_pipe(flow, workspace);
    if (flow_wants_to_read(flow))
        read_on(flow, workspace);
    if ((flow->state == FLOW_ENDED || flow->state == FLOW_LOST) && !is_holding(flow)) {
        flow->is_broken = flow->state == FLOW_LOST;
        flow->state = FLOW_OVER;
    }
    return flow->moved != moved || bytes_held(flow) != held;
}
