/* One connection, one verdict, and a deadline for each stage on the way. An end that
 * comes at once is told by the deadline's timer too, so that nobody is called back from
 * inside probe_begin. */
#include "health/probe.h"

#include "backend/backend.h"
#include "base/address.h"
#include "base/clock.h"
#include "base/memory.h"
#include "health/check.h"
#include "health/dialogue.h"
#include "health/probe_exec.h"
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

enum { PROVING_MS = 100, LEAVING_MS = 100 };

/* The first three are all that `connect` ever sees. */
enum stage_id { STAGE_CONNECT, STAGE_SECURE, STAGE_PROVE, STAGE_TALK, STAGE_LEAVE };

/* Of a dialogue that is over. */
struct judged {
    struct verdict verdict;
    uint64_t took_ms;
};

struct probe {
    const struct probe_kind *kind;
    enum stage_id stage;
    uint64_t began_at, ends_at;            /* the stage ends */
    bool is_settled;                       /* connected, or failed, at once */
    int error;                             /* of one that failed */
    const struct check_settings *settings; /* borrowed; a reload changes them */
    unsigned send_proxy, worker;
    char *host;                /* owned */
    struct dialogue *dialogue; /* owned; NULL: to be connected is enough */
    struct judged *judged;     /* owned; NULL until then */
    struct program *program;   /* instead of a conn; NULL: none, or it has ended */
    probe_ended *on_end;
    void *owner;
    struct conn conn;
    ev_timer deadline;
    struct ev_loop *loop; /* borrowed */
};

static const struct probe_kind *const kinds[] = {
    &probe_connect, &probe_tls,   &probe_http,     &probe_expect,    &probe_redis,
    &probe_smtp,    &probe_mysql, &probe_postgres, &probe_zookeeper, &probe_exec,
};

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
static void end(struct probe *probe, const struct verdict *verdict, uint64_t took_ms)
{
    struct verdict last = *verdict;
    probe_ended *on_end = probe->on_end;
    void *owner = probe->owner;

    probe_cancel(probe);
    on_end(owner, &last, took_ms);
}

static uint64_t time_spent(const struct probe *probe)
{
    return probe->is_settled ? 0 : clock_ms() - probe->began_at;
}

static void tell(struct probe *probe, const struct answer *answer)
{
    struct verdict verdict = probe_connect_judge(answer);

    end(probe, &verdict, time_spent(probe));
}

static void start_deadline(struct probe *probe, uint64_t after_ms)
{
    ev_timer_stop(probe->loop, &probe->deadline);
    ev_timer_set(&probe->deadline, (double)after_ms / 1e3, 0.);
    ev_timer_start(probe->loop, &probe->deadline);
}

static void begin_last_stage(struct probe *probe, enum stage_id stage, uint64_t lasts_ms)
{
    probe->stage = stage;
    probe->ends_at = clock_ms() + lasts_ms;
    conn_await(&probe->conn, probe->loop, EV_READ);
    start_deadline(probe, lasts_ms);
}

static void end_judged(struct probe *probe)
{
    end(probe, &probe->judged->verdict, probe->judged->took_ms);
}

/* What the server still has to say is let through before the conn is closed: otherwise it
 * would see a reset, and some count that, or log it. */
static void leave(struct probe *probe)
{
    char piece[4096];
    size_t got, dropped = 0;
    enum io io = IO_DONE;

    for (; io == IO_DONE && dropped < PROBE_HEARD_MOST; dropped += got)
        io = conn_read(&probe->conn, piece, sizeof piece, &got);
    if (io == IO_AGAIN)
        conn_await(&probe->conn, probe->loop, EV_READ);
    else
        end_judged(probe);
}

static void begin_leaving(struct probe *probe, const struct verdict *verdict)
{
    probe->judged = memory_new(sizeof *probe->judged);
    *probe->judged = (struct judged){ *verdict, time_spent(probe) };
    conn_finish(&probe->conn);
    begin_last_stage(probe, STAGE_LEAVE, LEAVING_MS);
    leave(probe);
}

static void talk(struct probe *probe)
{
    struct verdict verdict = dialogue_go_on(probe->dialogue, &probe->conn);

    if (verdict.outcome == OUTCOME_PENDING)
        conn_await(&probe->conn, probe->loop, dialogue_events(probe->dialogue));
    else
        begin_leaving(probe, &verdict);
}

static void talk_no_more(struct probe *probe)
{
    struct verdict verdict = dialogue_end_late(probe->dialogue);

    end(probe, &verdict, time_spent(probe));
}

/* False: there is nothing to talk about. */
static bool begin_talk(struct probe *probe)
{
    struct question question = { .host = probe->host };
    struct address address;

    if (!probe->kind->judge)
        return false;
    if (socket_peer_address(conn_fd(&probe->conn), &address))
        question.port = address_port(&address);
    probe->dialogue = dialogue_create(probe->kind, probe->settings, &question);
    probe->stage = STAGE_TALK;
    talk(probe);
    return true;
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

/* In TLS 1.3 a server objects to our certificate only after the handshake: what it sends
 * next, most often a ticket, shows that it did not. One that sends nothing is content. */
static void go_on_secured(struct probe *probe)
{
    struct answer answer = { .is_secured = true };

    if (begin_talk(probe))
        return;
    if (!strcmp(tls_facts(&probe->conn).version, "TLSv1.3"))
        begin_last_stage(probe, STAGE_PROVE, PROVING_MS);
    else
        tell(probe, &answer);
}

static void secure(struct probe *probe)
{
    enum io io = conn_handshake(&probe->conn);
    struct answer answer = { .is_secured = false };

    if (io == IO_AGAIN) {
        conn_await(&probe->conn, probe->loop, probe->conn.wants);
        return;
    }
    if (io == IO_DONE) {
        go_on_secured(probe);
        return;
    }
    answer.trouble = conn_trouble(&probe->conn);
    tell(probe, &answer);
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

static void begin_securing(struct probe *probe, const struct tls_connector *connector)
{
    struct answer no_memory = { .error = ENOMEM };

    if (!tls_connect(&probe->conn, connector, probe->worker, probe->host)) {
        tell(probe, &no_memory);
        return;
    }
    probe->stage = STAGE_SECURE;
    secure(probe);
}

static void take_connection(struct probe *probe)
{
    struct answer answer = { .error = socket_connect_result(conn_fd(&probe->conn)) };
    const struct tls_connector *connector = probe->settings->connector;

    if (!answer.error && !introduce(probe))
        answer.error = ECONNRESET;
    if (!answer.error && connector)
        begin_securing(probe, connector);
    else if (answer.error || !begin_talk(probe))
        tell(probe, &answer);
}

static bool is_connecting(const struct probe *probe)
{
    struct pollfd waiting = { .fd = conn_fd(&probe->conn), .events = POLLOUT };

    return poll(&waiting, 1, 0) != 1;
}

static void connect_no_more(struct probe *probe)
{
    struct answer answer = { .is_late = is_connecting(probe) };

    if (!answer.is_late)
        answer.error = socket_connect_result(conn_fd(&probe->conn));
    tell(probe, &answer);
}

static void secure_no_more(struct probe *probe)
{
    struct answer answer = { .is_late = true, .is_connected = true };

    tell(probe, &answer);
}

static const struct stage {
    void (*go_on)(struct probe *probe);  /* the conn is ready */
    void (*end_it)(struct probe *probe); /* time is over */
} stages[] = {
    [STAGE_CONNECT] = { take_connection, connect_no_more },
    [STAGE_SECURE] = { secure, secure_no_more },
    [STAGE_PROVE] = { take_proof, take_proof },
    [STAGE_TALK] = { talk, talk_no_more },
    [STAGE_LEAVE] = { leave, end_judged },
};

static void on_ready(struct ev_loop *loop, ev_io *io, int events)
{
    struct probe *probe = io->data;

    (void)loop, (void)events;
    stages[probe->stage].go_on(probe);
}

/* After a stall of ours the timer fires before the server had its time, or before its
 * answer was looked at. */
static void on_deadline(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct probe *probe = timer->data;
    struct answer answer = { .error = probe->error };
    uint64_t now = clock_ms();

    (void)loop, (void)events;
    if (probe->is_settled)
        tell(probe, &answer);
    else if (now < probe->ends_at)
        start_deadline(probe, probe->ends_at - now);
    else
        stages[probe->stage].end_it(probe);
}

/* Of thousands of probes each packet that is spared counts. */
static bool says_nothing(const struct probe *probe)
{
    return !probe->kind->judge && !probe->settings->connector &&
           probe->send_proxy == SEND_PROXY_NO;
}

/* Is there nothing to wait for? Within one host a connect is mostly over at once. */
static bool has_settled(struct probe *probe, int fd, const struct address *address)
{
    if (fd == -1)
        probe->error = errno;
    else if (says_nothing(probe))
        probe->error = socket_connect_again(fd, address);
    else
        return false;
    if (probe->error != EINPROGRESS)
        return true;
    probe->error = 0;
    return false;
}

static void begin_connect(struct probe *probe, const struct address *address,
                          const struct address *source)
{
    int fd = says_nothing(probe) ? socket_connect_silently(address, source)
                                 : socket_connect(address, source);

    probe->is_settled = has_settled(probe, fd, address);
    start_deadline(probe, probe->is_settled ? 0 : probe->ends_at - probe->began_at);
    if (fd == -1)
        return;
    conn_open(&probe->conn, fd);
    if (probe->is_settled)
        return;
    /* A refusal is both; libev pays a call for each event that was not awaited. */
    conn_await(&probe->conn, probe->loop, EV_READ | EV_WRITE);
}

static void on_program_ended(void *owner, const struct program_result *result)
{
    struct probe *probe = owner;
    struct verdict verdict = probe_exec_judge(result);

    probe->program = NULL;
    end(probe, &verdict, result->took_ms);
}

struct probe *probe_begin(struct ev_loop *loop, const struct probe_request *request)
{
    struct probe *probe = memory_new(sizeof *probe);

    probe->kind = request->settings->choice.kind;
    probe->on_end = request->on_end;
    probe->owner = request->owner;
    probe->settings = request->settings;
    probe->send_proxy = request->settings->send_proxy;
    probe->worker = request->worker;
    probe->host = memory_copy_text(request->host ? request->host : "");
    probe->loop = loop;
    probe->began_at = clock_ms();
    probe->ends_at = probe->began_at + request->settings->timeout_ms;
    conn_init(&probe->conn, on_ready, probe);
    ev_timer_init(&probe->deadline, on_deadline, 0., 0.);
    ev_set_priority(&probe->deadline, EV_MINPRI);
    probe->deadline.data = probe;
    if (probe->kind->runs_program)
        probe->program = probe_exec_start(loop, request, on_program_ended, probe);
    else
        begin_connect(probe, request->address, request->source);
    return probe;
}

void probe_cancel(struct probe *probe)
{
    if (!probe)
        return;
    ev_timer_stop(probe->loop, &probe->deadline);
    conn_close(&probe->conn, probe->loop);
    program_forget(probe->program);
    dialogue_destroy(probe->dialogue);
    free(probe->judged);
    free(probe->host);
    free(probe);
}
