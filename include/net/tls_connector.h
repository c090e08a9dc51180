/* TLS towards servers; verified unless told otherwise.
 *
 * Main makes and destroys; inside, each worker uses a context of its own, by number. */
#pragma once

#include "base/problem.h"
#include "net/tls_rules.h"

#include <stdbool.h>

struct tls_connector;

/* Texts are borrowed for the call. */
struct tls_connector_settings {
    struct place place;
    struct tls_rules rules;
    bool verify;
    const char *ca;          /* a PEM file; NULL: the system's */
    const char *crl;         /* NULL: none */
    const char *certificate; /* a PEM file with its key, shown to servers; NULL: none */
    const char *name; /* asked for and verified; NULL: the server's own name or address */
};

/* NULL, with problems. */
struct tls_connector *tls_connector_create(const struct tls_connector_settings *settings,
                                           unsigned workers, struct problems *problems);
void tls_connector_destroy(struct tls_connector *connector);
