/* How the conns of a worker find its context. */
#pragma once

#include <openssl/ssl.h>

struct tls_acceptor;
struct tls_connector;

/* Borrowed. */
SSL_CTX *tls_acceptor_context(const struct tls_acceptor *acceptor, unsigned worker);
SSL_CTX *tls_connector_context(const struct tls_connector *connector, unsigned worker);
/* What is asked for and verified; NULL: the host's own name. */
const char *tls_connector_name(const struct tls_connector *connector);
