/* Which certificates go with the name a client asks for. Frozen after it was made. */
#pragma once

#include "net/tls_certificate.h"

#include <stddef.h>

enum { TLS_NAMES_MOST = 4 }; /* kinds of keys that one name may have */

struct tls_names;

/* Holds what it needs of the certificates, at least one. NULL: no memory. */
struct tls_names *tls_names_create(const struct tls_certificates *certificates);
/* NULL is fine. */
void tls_names_destroy(struct tls_names *names);

/* Those of the name, lower case and without a final dot: exact ones, else the wildcard's
 * for its first label; one of each kind of key. `found` has room for TLS_NAMES_MOST. */
size_t tls_names_find(const struct tls_names *names, const char *name,
                      const struct tls_certificate **found);
/* Those that have the first name of the first certificate; it is one of them. */
size_t tls_names_usual(const struct tls_names *names,
                       const struct tls_certificate **found);
/* Whose leaf is that? NULL for none. */
const struct tls_certificate *tls_names_of_leaf(const struct tls_names *names,
                                                const X509 *leaf);
