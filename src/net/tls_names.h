/* Which certificates go with the name a client asks for. Frozen after it was made. */
#pragma once

#include "net/tls_certificate.h"

#include <stddef.h>

/* Certificates of one name, one of each kind of key; borrowed from the names. */
struct tls_choice {
    size_t count;
    const struct tls_certificate *all[4];
};

struct tls_names;

/* Holds what it needs of the certificates, at least one. NULL: no memory. */
struct tls_names *tls_names_create(const struct tls_certificates *certificates);
/* NULL is fine. */
void tls_names_destroy(struct tls_names *names);

/* Those of the name, lower case and without a final dot: exact ones, else the wildcard's
 * for its first label. */
struct tls_choice tls_names_find(const struct tls_names *names, const char *name);
/* Those that have the first name of the first certificate; it is the first of them. */
struct tls_choice tls_names_usual(const struct tls_names *names);
/* Whose leaf is that? NULL for none. */
const struct tls_certificate *tls_names_of_leaf(const struct tls_names *names,
                                                const X509 *leaf);
