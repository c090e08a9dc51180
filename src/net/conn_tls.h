/* What a conn keeps while it speaks TLS. */
#pragma once

#include "net/conn.h"
#include "net/tls_arrival.h"

#include <openssl/ssl.h>

struct tls_stream {
    conn_ready *on_ready;     /* the owner's */
    SSL_CTX *context;         /* held until there is an SSL */
    SSL *ssl;                 /* owned; NULL until conn_tls_start */
    char *name;               /* owned: asked for by the client, or the server's host */
    char *trouble;            /* owned; why it failed; NULL: it did not */
    char *alpn, *client_name; /* owned; NULL until tls_facts found one */
    ev_timer turn;            /* announces what OpenSSL holds */

    int awaited;                     /* by the owner */
    struct tls_arrival arrival;      /* of the client's greeting */
    uint8_t read_needs, write_needs; /* what a read and a write wait for */
    uint8_t messages;                /* beside the data, since some moved */
    bool is_connector;               /* the peer is a server */
    bool was_greeted;                /* by a client: its name is known */
    bool is_shaken;                  /* the handshake is done */
    bool is_deaf, is_mute;           /* nothing can be read, or written, any more */
    bool has_ended;                  /* the peer will send no more */
    bool may_hold;     /* the last read did not see the end of what is there */
    bool has_said_end; /* OpenSSL forgets what it sent when a bare FIN comes */
    bool owes_end;     /* close_notify did not go out completely */
};

/* Makes the plain conn one of TLS, towards a client unless is_connector is set then.
 * NULL: no memory. */
struct tls_stream *conn_tls_begin(struct conn *conn, SSL_CTX *context);
/* Makes the SSL now; else the handshake does when the client's greeting is there. False:
 * no memory. */
bool conn_tls_start(struct conn *conn);
/* NULL for a conn that is none of TLS. */
struct tls_stream *conn_tls_stream(const struct conn *conn);
/* The stream of an SSL that conn_tls_start made. */
struct tls_stream *conn_tls_of(SSL *ssl);
/* The first trouble is kept: what follows is its consequence. */
void conn_tls_blame(struct tls_stream *stream, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
