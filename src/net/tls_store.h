/* Authorities that are trusted, each file read once however many contexts use it. Main
 * only; contexts hold the store by themselves. */
#pragma once

#include "net/tls_report.h"

#include <openssl/x509.h>

/* `ca` NULL: the system's authorities. `crl` NULL: none. A file that changed is read
 * anew. NULL, with a problem. */
X509_STORE *tls_store_hold(const char *ca, const char *crl,
                           const struct tls_report *report);
/* Once more what is held already. NULL is fine, as below. */
void tls_store_share(X509_STORE *store);
/* Of each hold and share. */
void tls_store_release(X509_STORE *store);
