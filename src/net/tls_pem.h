/* Reads what PEM files hold, and says what is wrong with them. Main only. */
#pragma once

#include "net/tls_chain.h"
#include "net/tls_report.h"

#include <openssl/bio.h>
#include <openssl/x509.h>

/* NULL, with a problem, when it cannot be read. */
BIO *tls_pem_open(const char *path, const struct tls_report *report);
/* For who gives OpenSSL the path. False, with a problem, when it is not. */
bool tls_pem_is_readable(const char *path, const struct tls_report *report);
/* The first is the leaf. NULL, with a problem, for none. */
struct stack_st_X509 *tls_pem_certificates(const struct tls_chain *chain,
                                           const struct tls_report *report);
/* From the text, PATH or PATH.key. NULL, with a problem, for none. */
EVP_PKEY *tls_pem_key(const struct tls_chain *chain, const struct tls_report *report);
