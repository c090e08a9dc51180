/* The PROXY protocol, versions 1 and 2 (the specification is proxy-protocol.txt).
 *
 * Pure. Reads as bytes arrive and keeps only the first of them, so that a header of any
 * length is taken, and every refusal comes with the first byte that is wrong. */
#pragma once

#include "base/address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PROXY_HEADER_START = 12, /* so many bytes tell a header from anything else */
    PROXY_HEADER_V1_MOST = 107,
    PROXY_HEADER_MOST = 16 + 65535, /* of version 2, with everything */
};

enum proxy_outcome {
    PROXY_MORE,    /* right so far, but not whole: all bytes belonged to it */
    PROXY_DONE,    /* whole */
    PROXY_REFUSED, /* not a PROXY header, or malformed: `why` says what is wrong */
};

/* How far the reading got: nothing for the caller. */
struct proxy_reading {
    unsigned char kept[PROXY_HEADER_V1_MOST]; /* the first bytes */
    uint8_t tlv_type;
    uint8_t tlv_seen; /* bytes of its start: type and length */
    bool has_checksum;
    uint32_t checksum;  /* over what was read */
    uint32_t announced; /* as the header has it */
    size_t tlv_left;    /* bytes of its value */
    size_t tlvs_at;     /* where they begin; behind the end when they are skipped */
    size_t total;       /* of version 2 */
};

/* All zero to begin with. */
struct proxy_header {
    enum proxy_outcome outcome;
    size_t wanted; /* on PROXY_MORE: at least 1; reading so many never reads too far */
    size_t length; /* of the header, as far as it was taken */
    bool has_addresses; /* false: LOCAL, UNKNOWN, or a family we do not relay */
    struct address source, destination;
    const char *why; /* static */
    struct proxy_reading reading;
};

/* Takes bytes that have arrived, as many as belong to the header: `length` grows by so
 * many. Start with none: `wanted` then says how many to read first. */
enum proxy_outcome proxy_header_take(struct proxy_header *header,
                                     const unsigned char *bytes, size_t length);

/* The same at once, for who holds all bytes that have arrived so far. */
enum proxy_outcome proxy_header_read(const unsigned char *bytes, size_t length,
                                     struct proxy_header *header);

/* Looks at somebody's first bytes: PROXY_DONE when a header begins so, PROXY_MORE when it
 * may. */
enum proxy_outcome proxy_header_begins(const unsigned char *bytes, size_t length);

/* What is told to a server. NULL and empty texts are left out. */
struct proxy_facts {
    /* NULL or no IP: LOCAL, UNKNOWN. Of unlike families: both as IPv6. */
    const struct address *source, *destination;
    /* Version 2 only, as TLVs; none with LOCAL. */
    const char *alpn, *name;          /* PP2_TYPE_ALPN, PP2_TYPE_AUTHORITY */
    const char *tls_version, *cipher; /* PP2_TYPE_SSL; no version: no TLS */
    const char *client_name;          /* its common name */
    bool has_certificate, is_verified;
    bool is_resumed; /* the certificate was shown in an earlier connection */
};

/* Returns the length written; 0 when it does not fit. An IPv4-mapped address is told as
 * the IPv4 address it is. */
size_t proxy_header_write_v1(const struct proxy_facts *facts, unsigned char *out,
                             size_t size);
size_t proxy_header_write_v2(const struct proxy_facts *facts, unsigned char *out,
                             size_t size);
