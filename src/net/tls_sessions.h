/* The newest session with each host, for the connects of one context. It belongs to the
 * context, whose worker alone uses it. */
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>

/* New sessions of the context are kept from now on. False: no memory. */
bool tls_sessions_give(SSL_CTX *context);
/* Offers the newest session with that host, if there is one. */
void tls_sessions_offer(SSL *ssl, const char *host);
