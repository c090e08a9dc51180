/* TLS on an open conn: begins it, and says what came of it.
 *
 * A handshake that was begun keeps what it needs, whatever is destroyed meanwhile. */
#pragma once

#include <stdbool.h>

struct conn;
struct tls_acceptor;
struct tls_connector;

/* From now on the open plain conn speaks TLS: go on with conn_handshake. Nothing may have
 * been read from it that was not consumed. False: no memory. `worker` is the caller's
 * number; main's is the number of workers. */
bool tls_accept(struct conn *conn, const struct tls_acceptor *acceptor, unsigned worker);
/* `host` is the server's name or IP as text, for SNI and verification when the settings
 * name none; sessions are resumed per (connector, worker, host). */
bool tls_connect(struct conn *conn, const struct tls_connector *connector,
                 unsigned worker, const char *host);

/* Texts live as long as the conn, and are "" for none; those of the peer's choice are
 * escaped, but for client_name. */
struct tls_facts {
    const char *version, *cipher, *alpn;
    const char *name; /* the raw SNI of this very greeting, never a ticket's: lower case,
                         without a final dot; of a server: the host */
    const char
        *client_name; /* common name of the client's certificate, raw UTF-8; "" when
                                it has a NUL or over 256 bytes */
    bool is_resumed, has_certificate, is_verified; /* of and by the peer's certificate */
    bool was_heard;                                /* the peer said anything at all */
};

/* The library that speaks it, for people. */
const char *tls_library(void);

/* All empty for a plain conn. */
struct tls_facts tls_facts(struct conn *conn);
