/* One connection, one deadline, one verdict. An end that comes at once is told by the
 * deadline's timer too, so that nobody is called back from inside probe_begin. */
#include "health/probe.h"

#include "backend/backend.h"
#include "base/address.h"
#include "base/clock.h"
#include "base/memory.h"
#include "health/check.h"
#include "health/probe_kind.h"
#include "net/conn.h"
#include "net/proxy_header.h"
#include "net/socket.h"
#include "net/tls.h"

#include <errno.h>
#include <ev.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum { PROVING_MS = 100 };

struct probe {
    const struct probe_kind *kind;
    uint64_t began_at, timeout_ms;
    int error;        /* of a connection that failed at once */
    bool is_securing; /* connected: the TLS handshake is under way */
    bool is_proving;  /* the handshake is done: does the server object? */
    const struct check_settings *settings; /* borrowed; a reload changes them */
    unsigned send_proxy, worker;
    char *host; /* owned */
    probe_ended *on_end;
    void *owner;
    struct conn conn;
    ev_timer deadline;
    struct ev_loop *loop; /* borrowed */
};

static const struct probe_kind *const kinds[] = { &probe_connect };

enum { KIND_COUNT = sizeof kinds / sizeof *kinds };

const struct probe_kind *probe_kind_find(const char *name)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (!strcmp(kinds[i]->name, name))
            return kinds[i];
    return NULL;
}

const char *probe_kind_name(const struct probe_kind *kind)
{
    return kind->name;
}

const char *const *probe_kind_names(void)
{
    static const char *names[KIND_COUNT + 1];

    for (size_t i = 0; i < KIND_COUNT; i++)
        names[i] = kinds[i]->name;
    return names;
}

/* Closed before the owner hears of it, so that thousands of ends in one turn do not hold
 * thousands of descriptors. A plain close: the server sees an end, not a reset. */
static void tell(struct probe *probe, const struct answer *answer)
{
    struct verdict verdict = probe_judge_connection(answer);
    uint64_t took_ms = clock_ms() - probe->began_at;
    probe_ended *on_end = probe->on_end;
    void *owner = probe->owner;

    probe_cancel(probe);
    on_end(owner, &verdict, took_ms);
}

static void start_deadline(struct probe *probe, uint64_t after_ms)
{
    ev_timer_set(&probe->deadline, (double)after_ms / 1e3, 0.);
    ev_timer_start(probe->loop, &probe->deadline);
}

/* In TLS 1.3 a server objects to our certificate only after the handshake: what it sends
 * next, most often a ticket, shows that it did not. One that sends nothing is content. */
static void prove(struct probe *probe)
{
    probe->is_proving = true;
    conn_await(&probe->conn, probe->loop, EV_READ);
    ev_timer_stop(probe->loop, &probe->deadline);
    start_deadline(probe, PROVING_MS);
}

static void take_proof(struct probe *probe)
{
    struct answer answer = { .is_secured = true };
    unsigned char byte;
    size_t got;

    if (conn_read(&probe->conn, &byte, 1, &got) == IO_FAILED)
        answer.trouble = conn_trouble(&probe->conn);
    tell(probe, &answer);
}

static void secure(struct probe *probe)
{
    enum io io = conn_handshake(&probe->conn);
    struct answer answer = { .is_secured = io == IO_DONE };

    if (io == IO_AGAIN)
        conn_await(&probe->conn, probe->loop, probe->conn.wants);
    else if (io == IO_DONE && !strcmp(tls_facts(&probe->conn).version, "TLSv1.3"))
        prove(probe);
    else {
        if (io == IO_FAILED)
            answer.trouble = conn_trouble(&probe->conn);
        tell(probe, &answer);
    }
}

/* Version 2 says LOCAL: on nobody's behalf. Version 1 can only say UNKNOWN, which some
 * servers refuse, so there the probe speaks for itself. */
static size_t write_header(const struct probe *probe, unsigned char *out, size_t size)
{
    struct address source, destination;
    struct proxy_facts facts = { 0 };

    if (probe->send_proxy == SEND_PROXY_V2)
        return proxy_header_write_v2(&facts, out, size);
    if (socket_local_address(conn_fd(&probe->conn), &source) &&
        socket_peer_address(conn_fd(&probe->conn), &destination)) {
        facts.source = &source;
        facts.destination = &destination;
    }
    return proxy_header_write_v1(&facts, out, size);
}

static bool introduce(struct probe *probe)
{
    unsigned char header[128];
    size_t length, put = 0;

    if (probe->send_proxy == SEND_PROXY_NO)
        return true;
    length = write_header(probe, header, sizeof header);
    return length && conn_write(&probe->conn, header, length, &put) == IO_DONE &&
           put == length;
}

static void go_on_connected(struct probe *probe)
{
    struct answer answer = { .error = introduce(probe) ? 0 : ECONNRESET };
    const struct tls_connector *connector = probe->settings->connector;

    if (answer.error || !connector) {
        tell(probe, &answer);
        return;
    }
    probe->is_securing = tls_connect(&probe->conn, connector, probe->worker, probe->host);
    answer.error = ENOMEM;
    if (probe->is_securing)
        secure(probe);
    else
        tell(probe, &answer);
}

static void on_ready(struct ev_loop *loop, ev_io *io, int events)
{
    struct probe *probe = io->data;
    struct answer answer = { 0 };

    (void)loop, (void)events;
    if (probe->is_proving || probe->is_securing) {
        (probe->is_proving ? take_proof : secure)(probe);
        return;
    }
    answer.error = socket_connect_result(io->fd);
    if (answer.error)
        tell(probe, &answer);
    else
        go_on_connected(probe);
}

static bool is_connecting(const struct probe *probe)
{
    struct pollfd waiting = { .fd = conn_fd(&probe->conn), .events = POLLOUT };

    return poll(&waiting, 1, 0) != 1;
}

static void judge_late(struct probe *probe)
{
    struct answer answer = { .is_late = probe->is_securing || is_connecting(probe),
                             .is_connected = probe->is_securing };

    if (!answer.is_late)
        answer.error = socket_connect_result(conn_fd(&probe->conn));
    tell(probe, &answer);
}

/* After a stall of ours the timer fires before the server had its time, or before its
 * answer was looked at. */
static void on_deadline(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct probe *probe = timer->data;
    struct answer answer = { .error = probe->error };
    uint64_t spent_ms = clock_ms() - probe->began_at;

    (void)loop, (void)events;
    if (probe->is_proving)
        take_proof(probe);
    else if (!conn_is_open(&probe->conn))
        tell(probe, &answer);
    else if (spent_ms < probe->timeout_ms)
        start_deadline(probe, probe->timeout_ms - spent_ms);
    else
        judge_late(probe);
}

static void begin_connect(struct probe *probe, const struct address *address,
                          const struct address *source)
{
    int fd = socket_connect(address, source);

    probe->error = fd == -1 ? errno : 0;
    start_deadline(probe, fd == -1 ? 0 : probe->timeout_ms);
    if (fd == -1)
        return;
    conn_open(&probe->conn, fd);
    /* A refusal is both; libev pays a call for each event that was not awaited. */
    conn_await(&probe->conn, probe->loop, EV_READ | EV_WRITE);
}

struct probe *probe_begin(struct ev_loop *loop, const struct probe_request *request)
{
    struct probe *probe = memory_new(sizeof *probe);

    probe->kind = request->settings->choice.kind;
    probe->timeout_ms = request->settings->timeout_ms;
    probe->on_end = request->on_end;
    probe->owner = request->owner;
    probe->settings = request->settings;
    probe->send_proxy = request->settings->send_proxy;
    probe->worker = request->worker;
    probe->host = memory_copy_text(request->host ? request->host : "");
    probe->loop = loop;
    probe->began_at = clock_ms();
    conn_init(&probe->conn, on_ready, probe);
    ev_timer_init(&probe->deadline, on_deadline, 0., 0.);
    ev_set_priority(&probe->deadline, EV_MINPRI);
    probe->deadline.data = probe;
    begin_connect(probe, request->address, request->source);
    return probe;
}

void probe_cancel(struct probe *probe)
{
    if (!probe)
        return;
    ev_timer_stop(probe->loop, &probe->deadline);
    conn_close(&probe->conn, probe->loop);
    free(probe->host);
    free(probe);
}
