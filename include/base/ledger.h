/* What was counted under one name: one page per worker, so that each has one writer.
 *
 * A ledger belongs to a name and outlives generations; its figures never go back but when
 * they are told to begin anew. */
#pragma once

#include "base/counter.h"

#include <stddef.h>

/* One page is written by one worker only. Times are in milliseconds. */
struct ledger_page {
    struct counter sessions;    /* begun; of a server: attempts to reach it */
    struct counter bytes_in;    /* client to server */
    struct counter bytes_out;   /* server to client */
    struct counter chosen;      /* times a balancer chose it */
    struct counter refused;     /* by a limit, before a session began */
    struct counter connections; /* accepted, refused ones included */
    struct counter empty;       /* sessions whose client left before a byte was moved */
    struct counter connect_failures;
    struct counter retries;
    struct counter redispatches;
    struct counter client_aborts;
    struct counter server_aborts;
    struct counter client_errors; /* before a server was chosen */
    struct counter internal_errors;
    struct counter tls_begun, tls_over; /* sessions with TLS towards the client */
    struct counter handshakes, handshakes_resumed; /* done with clients; of these */
    struct counter handshakes_failed;
    struct counter peak; /* most sessions at once */
    struct counter queue_peak;
    struct counter last_at; /* monotonic ms of the last session; 0: never */
    struct counter timed;   /* sessions in the four sums, at most LEDGER_WINDOW */
    struct counter queue_ms, connect_ms, response_ms, total_ms; /* sliding sums */
    struct counter queue_ms_most, connect_ms_most, response_ms_most, total_ms_most;
} __attribute__((aligned(64)));

enum { LEDGER_WINDOW = 1024 };

struct ledger;

struct ledger *ledger_create(unsigned workers);
void ledger_destroy(struct ledger *ledger);
struct ledger_page *ledger_page(struct ledger *ledger, unsigned worker);

/* The page's worker only: begins anew with all figures, or with the highest ones. What is
 * open stays open: tls_begun is as much more than tls_over as before. */
void ledger_forget(struct ledger *ledger, unsigned worker);
void ledger_forget_peaks(struct ledger *ledger, unsigned worker);

struct ledger_times {
    uint64_t queue_ms, connect_ms, response_ms, total_ms;
};

/* The page's worker only: takes one session into the averages and maxima. */
void ledger_page_time(struct ledger_page *page, const struct ledger_times *times);

/* Plain numbers, in the order of struct ledger_page. Sums over the pages; of peaks,
 * last_at and maxima the highest; of the four sliding sums the averages. */
struct ledger_sum {
    uint64_t sessions, bytes_in, bytes_out, chosen, refused, connections, empty,
        connect_failures, retries, redispatches, client_aborts, server_aborts,
        client_errors, internal_errors, tls_begun, tls_over, handshakes,
        handshakes_resumed, handshakes_failed, peak, queue_peak, last_at, timed, queue_ms,
        connect_ms, response_ms, total_ms, queue_ms_most, connect_ms_most,
        response_ms_most, total_ms_most;
};

/* Adds counts; of peaks, last_at and maxima the highest is kept. Averages lose
 * meaning. */
void ledger_sum_add(struct ledger_sum *sum, const struct ledger_sum *more);

/* Any thread. */
struct ledger_sum ledger_sum(const struct ledger *ledger);
