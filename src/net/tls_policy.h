/* How an acceptor's context answers a greeting. It belongs to the context, and so lives
 * as long as any conn that was begun with it. */
#pragma once

#include "net/tls_context.h"
#include "net/tls_names.h"

#include <openssl/ssl.h>
#include <stdbool.h>

struct tls_policy {
    bool strict_sni, alpn_strict;
    struct tls_names *names;        /* owned */
    struct tls_protocols protocols; /* owned */
    struct tls_choice usual;        /* what the context shows unasked */
};

/* Takes a copy of the policy and all it owns, also when it fails: no memory. */
bool tls_policy_give(SSL_CTX *context, const struct tls_policy *policy);
