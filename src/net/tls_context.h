/* Puts the rules of both directions into a context. */
#pragma once

#include "net/tls_report.h"

#include <openssl/ssl.h>
#include <stdbool.h>

struct tls_rules;

/* A context of that method with all that both directions share. NULL, with a problem. */
SSL_CTX *tls_context_create(const struct tls_rules *rules, const SSL_METHOD *method,
                            const struct tls_report *report);

/* Protocol names as the wire wants them; none: no bytes. */
struct tls_protocols {
    unsigned char *bytes; /* owned */
    unsigned length;
};

bool tls_context_protocols(const char *names, struct tls_protocols *protocols,
                           const struct tls_report *report);
