/* TLS towards clients: certificates and their names, and whom to believe.
 *
 * Main makes and destroys; each worker uses a context of its own inside, by its number. */
#pragma once

#include "base/problem.h"
#include "net/tls_rules.h"

#include <stdbool.h>
#include <stddef.h>

struct tls_acceptor;

enum tls_verify { TLS_VERIFY_NONE, TLS_VERIFY_OPTIONAL, TLS_VERIFY_REQUIRED };

/* Texts are borrowed for the call. */
struct tls_acceptor_settings {
    struct place place;
    const char *policy; /* a name; sessions are never resumed under another one */
    struct tls_rules rules;
    size_t path_count;
    const char *const
        *paths;       /* PEM files or folders; the first certificate is the default */
    bool strict_sni;  /* no certificate of the name asked for: no handshake */
    bool alpn_strict; /* no protocol in common: no handshake */
    unsigned verify;  /* enum tls_verify: of the client's certificate */
    const char *client_ca, *crl; /* PEM files; NULL: none */
};

/* NULL, with problems that name the file and what to do. Warns of expired certificates. */
struct tls_acceptor *tls_acceptor_create(const struct tls_acceptor_settings *settings,
                                         unsigned workers, struct problems *problems);
void tls_acceptor_destroy(struct tls_acceptor *acceptor);
