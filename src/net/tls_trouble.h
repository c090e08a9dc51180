/* Why a TLS conn failed, in words for people. */
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

struct tls_failure {
    SSL *ssl;
    bool is_connector; /* the peer is a server */
    int error;         /* SSL_get_error */
    int number;        /* errno */
};

/* Looks at OpenSSL's queue of errors. Returns `out`. */
const char *tls_trouble(const struct tls_failure *failure, char *out, size_t size);
/* After the handshake: is there a reason not to trust the peer? Says it in `out`. */
bool tls_trouble_of_peer(SSL *ssl, char *out, size_t size);
