/* The rows of schema.c, for this folder: which sections there are, and their keys. */
#pragma once

#include "backend/backend.h"
#include "config/item.h"
#include "config/key.h"
#include "health/check_settings.h"

enum section_id {
    SECTION_GLOBAL,
    SECTION_ADMIN,
    SECTION_DEFAULTS,
    SECTION_FRONTEND,
    SECTION_BACKEND,
    SECTION_CHECK,
    SECTIONS,
};

/* What one [backend] fills: its keys are spread over two modules. */
struct backend_rules {
    struct backend_settings backend;
    struct check_settings check;
};

struct section_row {
    enum section_id id;
    const char *kind;
    const char *sample_name; /* NULL: this section has no name */
    const struct key *keys;  /* none of its own for [defaults] */
    const char *help;
    const char *sample; /* lines instead of keys that are told elsewhere */
};

/* By parts: each file has the rows of its section. */
extern const struct key schema_frontend_keys[], schema_backend_keys[],
    schema_recovery_keys[], schema_check_keys[];
extern const struct key schema_no_options[]; /* of items without any */
extern const char *const schema_tls_versions[];

/* OpenSSL's three, but the cheapest first: its own order begins with AES-256 and
 * SHA-384. */
#define SCHEMA_CIPHERSUITES                                                              \
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"

const struct section_row *schema_section(enum section_id id);
/* NULL for none of that kind. */
const struct section_row *schema_find_section(const char *kind);
