/* What a conn keeps while it speaks TLS. */
#pragma once

#include "net/conn.h"

#include <openssl/ssl.h>

struct tls_stream {
    bool is_connector;    /* the peer is a server */
    conn_ready *on_ready; /* the owner's */

    SSL *ssl;   /* owned */
    char *name; /* owned: what the client asked for, or the server's host; NULL: none */
    char *trouble;           /* owned; why it failed; NULL: it did not */
    struct tls_words *words; /* owned; see tls_facts */
    ev_timer turn;           /* announces what OpenSSL holds */

    int awaited;                     /* by the owner */
    uint8_t read_needs, write_needs; /* what a read and a write wait for */
    bool is_shaken;                  /* the handshake is done */
    bool is_deaf, is_mute;           /* nothing can be read, or written, any more */
    bool has_ended;                  /* the peer will send no more */
    bool may_hold; /* the last read did not see the end of what is there */
    bool owes_end; /* close_notify did not go out completely */
};

/* Texts whose lifetime OpenSSL does not promise. */
struct tls_words {
    char alpn[4 * 255 + 1];
    char client_name[4 * 64 + 1];
};

/* Makes the plain conn one of TLS. The context is borrowed for the call. NULL: no
 * memory. */
struct tls_stream *conn_tls_begin(struct conn *conn, SSL_CTX *context);
/* NULL for a conn that is none of TLS. */
struct tls_stream *conn_tls_stream(const struct conn *conn);
/* The stream of an SSL that conn_tls_begin made. */
struct tls_stream *conn_tls_of(const SSL *ssl);
/* The first trouble is kept: what follows is its consequence. */
void conn_tls_blame(struct tls_stream *stream, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
