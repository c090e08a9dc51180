/* Reads what PEM files hold, and says what is wrong with them. Main only. */
#pragma once

#include "net/tls_report.h"

#include <openssl/bio.h>
#include <openssl/x509.h>

/* NULL, with a problem, when it cannot be read. */
BIO *tls_pem_open(const char *path, const struct tls_report *report);
/* The first is the leaf. NULL, with a problem, for none. */
STACK_OF(X509) * tls_pem_certificates(const char *path, const struct tls_report *report);
/* From PATH or PATH.key. NULL, with a problem, for none. */
EVP_PKEY *tls_pem_key(const char *path, const struct tls_report *report);
