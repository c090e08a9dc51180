/* How OpenSSL is told of the ticket keys. */
#pragma once

#include <openssl/ssl.h>
#include <stdbool.h>

bool tls_ticket_install(SSL_CTX *context);
