/* Scripted servers, each a process of its own that can be killed, stopped and started
 * again on the same port. A script is a function that serves one connection there, in a
 * thread. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct origin;
struct visit;
typedef void origin_script(struct visit *visit);

struct origin_plan {
    const char *name;
    const char *address;   /* NULL: a free port of 127.0.0.1 */
    origin_script *script; /* NULL: origin_who */
    uint64_t bytes;        /* for the scripts that send */
    bool is_absent;        /* nobody listens at first */
};

/* Counted over all lives of an origin; shared with the test. */
struct origin_facts {
    atomic_ulong accepted, open;
    atomic_ulong asked;        /* lines that were answered */
    atomic_ulong received;     /* bytes */
    atomic_ulong fins, resets; /* how visits ended */
    atomic_ulong wrong;        /* visits whose bytes were not the pattern */
};

struct visit {
    int fd; /* closed after the script, unless it is -1 */
    const struct origin_plan *plan;
    struct origin_facts *facts;
};

/* A server that answers every line with its name. */
struct origin *origin_start(const char *name);
struct origin *origin_serve(struct origin_plan plan);
const char *origin_address(const struct origin *origin);
unsigned origin_port(const struct origin *origin);
struct origin_facts *origin_facts(const struct origin *origin);

/* SIGKILL; returns once it is gone. The port stays reserved: connecting is refused. */
void origin_kill(struct origin *origin);
/* Listens again where it was. */
void origin_revive(struct origin *origin);
/* Refuses new connections and goes on with those it has; and takes them again. */
void origin_shut(struct origin *origin);
void origin_open(struct origin *origin);
/* SIGSTOP and SIGCONT: connections are accepted by the kernel alone. */
void origin_freeze(struct origin *origin);
void origin_thaw(struct origin *origin);

/* An address where connecting neither succeeds nor fails. Lasts as long as the test. */
const char *origin_black_hole(void);

/* Scripts. */
origin_script origin_who;     /* each line is answered with the name */
origin_script origin_once;    /* answers a line with "this is NAME" and leaves */
origin_script origin_echo;    /* every byte comes back; its FIN follows the peer's */
origin_script origin_silence; /* reads nothing, says nothing, until the peer is gone */
origin_script origin_sink;    /* reads the pattern to its FIN, answers "got N" */
origin_script origin_late;    /* reads to the FIN, then sends `bytes` and its FIN */
origin_script origin_early;   /* sends `bytes` and FIN, then reads to the end */
origin_script origin_mirror;  /* sends `bytes` and FIN while it reads to the FIN */
origin_script origin_abort;   /* sends `bytes`, then resets */
origin_script origin_slow;    /* reads a kilobyte at a time, with pauses */

/* For scripts of one's own. */
void visit_say(struct visit *visit, const char *text);
void visit_send(struct visit *visit, uint64_t bytes);
/* Until the peer's kernel has everything. */
void visit_settle(struct visit *visit);
void visit_reset(struct visit *visit);
/* Reads to the end, whatever it is. */
void visit_listen(struct visit *visit);
