/* TLS towards clients: certificates and their names, and whom to believe.
 *
 * Main makes and destroys; inside, each worker uses a context of its own, by number. */
#pragma once

#include "base/problem.h"
#include "net/tls_rules.h"

#include <stdbool.h>
#include <stddef.h>

struct buffer;
struct tls_acceptor;
struct tls_chain;

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

/* NULL, with problems that name the file and what to do. Warns of what has expired. */
struct tls_acceptor *tls_acceptor_create(const struct tls_acceptor_settings *settings,
                                         unsigned workers, struct problems *problems);
/* The same, but for one certificate: the chain's takes the place of what its path stood
 * for, or is added. No file is read again; tickets of the old one are good for the new
 * one. NULL, with problems. */
struct tls_acceptor *tls_acceptor_renew(const struct tls_acceptor *old,
                                        const struct tls_acceptor_settings *settings,
                                        const struct tls_chain *chain,
                                        struct problems *problems);
/* NULL is fine. */
void tls_acceptor_destroy(struct tls_acceptor *acceptor);

/* The paths of its certificates, by index; NULL beyond the last. */
const char *tls_acceptor_path(const struct tls_acceptor *acceptor, size_t index);
/* What the certificate of the path is, for people. False: there is none. */
bool tls_acceptor_describe(const struct tls_acceptor *acceptor, const char *path,
                           struct buffer *out);
