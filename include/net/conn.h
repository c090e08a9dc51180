/* One non-blocking byte stream, plain or TLS. One thread: its loop's.
 *
 * Embedded by its owner, who sees one readiness callback. Interest is stated whole with
 * conn_await and reaches the loop only when it changes. */
#pragma once

#include <ev.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum io {
    IO_DONE,   /* something moved */
    IO_AGAIN,  /* nothing to be done now */
    IO_ENDED,  /* the peer will send no more */
    IO_FAILED, /* reset, or gone without a word */
};

struct conn_kind;

struct conn {
    const struct conn_kind *kind;
    void *secret;    /* the kind's own; NULL for a plain one */
    ev_io io;        /* io.fd is -1 while closed */
    bool was_reset;  /* the peer broke off or is gone; what it sent may still be read */
    bool was_faulty; /* it was given up for what conn_trouble says */
    bool was_truncated; /* its end was not announced: somebody may have cut it off */
    uint8_t wants; /* EV_READ, EV_WRITE: what a handshake waits for, or what is left of
                      conn_finish */
};

typedef void conn_ready(struct ev_loop *loop, ev_io *io, int events);

/* Closed. `data` is found in io->data. */
void conn_init(struct conn *conn, conn_ready *on_ready, void *data);
/* Takes the descriptor. */
void conn_open(struct conn *conn, int fd);
bool conn_is_open(const struct conn *conn);
int conn_fd(const struct conn *conn);

/* IO_DONE when the conn may be used: a plain one at once. IO_AGAIN: conn->wants says what
 * for. IO_FAILED: conn_trouble says why. */
enum io conn_handshake(struct conn *conn);
/* Why the last call failed, for people; "" when there is nothing to say. Good until the
 * conn is closed. */
const char *conn_trouble(const struct conn *conn);
enum io conn_read(struct conn *conn, void *bytes, size_t room, size_t *got);
/* The same of a plain conn, but leaves it there. */
enum io conn_peek(struct conn *conn, void *bytes, size_t room, size_t *got);
enum io conn_write(struct conn *conn, const void *bytes, size_t length, size_t *put);
/* No more will be written: the peer reads an end. */
void conn_finish(struct conn *conn);
/* Bytes, or an end, that were taken from the socket but not read yet. The descriptor does
 * not announce them; conn_await for EV_READ does, with an event of its own. */
size_t conn_pending(const struct conn *conn);
/* May its descriptor be spliced? */
bool conn_is_plain(const struct conn *conn);
/* Notes what an errno of a read, write or splice says of the peer. */
enum io conn_failure(struct conn *conn, int error);
/* Notes a read or splice of nothing: an end, or what is left of a reset. */
enum io conn_end(const struct conn *conn);
/* Has the peer gone for good, whatever it sent before? Reads nothing. */
bool conn_is_broken(const struct conn *conn);

/* EV_READ, EV_WRITE, both or 0. What a kind needs for itself it watches unasked. */
void conn_await(struct conn *conn, struct ev_loop *loop, int events);

/* Closed already is fine. */
void conn_close(struct conn *conn, struct ev_loop *loop);
/* The peer sees a reset. */
void conn_close_by_reset(struct conn *conn, struct ev_loop *loop);
