/* One connection, one deadline, one line. An end that comes at once is told by the
 * deadline's timer, so that nobody is called back from inside agent_call_begin. */
#include "health/agent_call.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/memory.h"
#include "health/probe_kind.h"
#include "net/conn.h"
#include "net/socket.h"

#include <errno.h>
#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct agent_call {
    struct agent_call_request request;
    uint64_t began_at;
    int error; /* of a connection that failed at once */
    bool is_connected;
    struct agent_answer answer;
    struct buffer unsaid;
    struct conn conn;
    ev_timer deadline;
    struct ev_loop *loop; /* borrowed */
};

/* Closed before the owner hears of it, who may begin the next call at once. */
static void tell(struct agent_call *call, enum result result, const char *why)
{
    struct agent_answer answer = call->answer;
    agent_call_ended *on_end = call->request.on_end;
    void *owner = call->request.owner;

    answer.result = result;
    answer.took_ms = clock_ms() - call->began_at;
    (void)snprintf(answer.why, sizeof answer.why, "%s", why);
    agent_call_cancel(call);
    on_end(owner, &answer);
}

static void tell_error(struct agent_call *call, int error)
{
    struct answer answer = { .error = error, .is_late = !error };
    struct verdict verdict = probe_connect_judge(&answer);

    tell(call, verdict.result, verdict.why);
}

static void start_deadline(struct agent_call *call, uint64_t after_ms)
{
    ev_timer_set(&call->deadline, (double)after_ms / 1e3, 0.);
    ev_timer_start(call->loop, &call->deadline);
}

static bool has_line(const struct agent_call *call)
{
    const struct agent_answer *answer = &call->answer;

    return memchr(answer->line, '\n', answer->length) ||
           memchr(answer->line, '\r', answer->length);
}

static void cut_line(struct agent_answer *answer)
{
    size_t length = 0;

    while (length < answer->length && answer->line[length] != '\n' &&
           answer->line[length] != '\r')
        length++;
    answer->length = length;
    answer->line[length] = '\0';
}

static void tell_line(struct agent_call *call)
{
    cut_line(&call->answer);
    tell(call, RESULT_ANSWERED, "");
}

/* An end closes a line as well, but there has to be something in it. */
static void hear(struct agent_call *call)
{
    struct agent_answer *answer = &call->answer;
    size_t got = 0;
    enum io io = conn_read(&call->conn, answer->line + answer->length,
                           AGENT_LINE_MOST - answer->length, &got);

    answer->length += got;
    if (has_line(call) || (io == IO_ENDED && answer->length))
        tell_line(call);
    else if (answer->length == AGENT_LINE_MOST)
        tell(call, RESULT_ANSWER_WRONG, "the line does not end");
    else if (io == IO_ENDED)
        tell(call, RESULT_ANSWER_WRONG, "ended without an answer");
    else if (io == IO_FAILED)
        tell(call, RESULT_CONNECT_FAILED, "connection lost");
}

/* What was heard tells more than that nothing can be said. */
static void say(struct agent_call *call)
{
    struct buffer *unsaid = &call->unsaid;
    size_t put = 0;
    enum io io = IO_DONE;

    if (unsaid->length)
        io = conn_write(&call->conn, unsaid->bytes, unsaid->length, &put);
    buffer_consume(unsaid, io == IO_FAILED ? unsaid->length : put);
    conn_await(&call->conn, call->loop, EV_READ | (unsaid->length ? EV_WRITE : 0));
}

static void on_ready(struct ev_loop *loop, ev_io *io, int events)
{
    struct agent_call *call = io->data;
    int error = call->is_connected ? 0 : socket_connect_result(io->fd);

    (void)loop;
    if (error) {
        tell_error(call, error);
        return;
    }
    call->is_connected = true;
    say(call);
    if (events & EV_READ)
        hear(call);
}

/* After a stall of ours the timer fires before the agent had its time. */
static void on_deadline(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct agent_call *call = timer->data;
    uint64_t spent_ms = clock_ms() - call->began_at;

    (void)loop, (void)events;
    if (!conn_is_open(&call->conn))
        tell_error(call, call->error);
    else if (spent_ms < call->request.timeout_ms)
        start_deadline(call, call->request.timeout_ms - spent_ms);
    else if (call->is_connected)
        tell(call, RESULT_ANSWER_TIMEOUT, "L7 timeout");
    else
        tell_error(call, 0);
}

static void begin_connect(struct agent_call *call)
{
    int fd = socket_connect(&call->request.address, call->request.source);

    call->error = fd == -1 ? errno : 0;
    start_deadline(call, fd == -1 ? 0 : call->request.timeout_ms);
    if (fd == -1)
        return;
    conn_open(&call->conn, fd);
    conn_await(&call->conn, call->loop, EV_READ | EV_WRITE);
}

struct agent_call *agent_call_begin(struct ev_loop *loop,
                                    const struct agent_call_request *request)
{
    struct agent_call *call = memory_new(sizeof *call);

    call->request = *request;
    call->loop = loop;
    call->began_at = clock_ms();
    if (request->send)
        buffer_format(&call->unsaid, "%s\n", request->send);
    conn_init(&call->conn, on_ready, call);
    ev_timer_init(&call->deadline, on_deadline, 0., 0.);
    ev_set_priority(&call->deadline, EV_MINPRI);
    call->deadline.data = call;
    begin_connect(call);
    return call;
}

void agent_call_cancel(struct agent_call *call)
{
    if (!call)
        return;
    ev_timer_stop(call->loop, &call->deadline);
    conn_close(&call->conn, call->loop);
    buffer_deinit(&call->unsaid);
    free(call);
}
