/* A certificate as it is shown: with its chain, its key and its staple. Main only, but
 * for showing. */
#pragma once

#include "net/tls_chain.h"
#include "net/tls_report.h"

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

struct tls_certificate {
    char *path;                  /* owned; NULL for one that was taken over */
    X509 *leaf;                  /* held */
    struct stack_st_X509 *chain; /* owned; what it holds is held */
    EVP_PKEY *key;               /* held */
    unsigned char *staple;       /* owned; an OCSP response in DER, or NULL */
    size_t staple_bytes;
};

/* PATH holds certificate, chain and key; the key may lie in PATH.key, a staple in
 * PATH.ocsp: of a file, not of a text. False: a problem says why, and nothing is to be
 * given back. */
bool tls_certificate_read(struct tls_certificate *certificate,
                          const struct tls_chain *chain, const struct tls_report *report);
/* The same for a file. */
bool tls_certificate_load(struct tls_certificate *certificate, const char *path,
                          const struct tls_report *report);
/* Another one of the same; without its path. */
bool tls_certificate_hold(struct tls_certificate *certificate,
                          const struct tls_certificate *other);
void tls_certificate_deinit(struct tls_certificate *certificate);
/* Certificate, chain and key of whatever the SSL had of this kind of key. */
bool tls_certificate_show(const struct tls_certificate *certificate, SSL *ssl);
/* The same for all SSLs of a context. */
bool tls_certificate_show_all(const struct tls_certificate *certificate,
                              SSL_CTX *context);

struct tls_certificates {
    size_t count;
    struct tls_certificate *all; /* owned */
};

/* Adds the one of a PEM file, or those of a folder's *.pem and *.crt in their order. */
bool tls_certificate_add(struct tls_certificates *certificates, const char *path,
                         const struct tls_report *report);
void tls_certificates_deinit(struct tls_certificates *certificates);
