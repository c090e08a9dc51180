/* Reads the names out of a TLS greeting without answering it or taking it.
 *
 * RFC 8446 4.1.2 and 5.1 (a greeting may lie in several records), RFC 6066 3, RFC 7301.
 * Pure: the same bytes give the same answer however they arrived, and any answer but
 * HELLO_MORE stands whatever follows. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { CLIENT_HELLO_MOST = 16 * 1024 }; /* with the headers of its records */

enum hello_outcome {
    HELLO_MORE,    /* not complete yet */
    HELLO_FOUND,   /* a greeting, with or without a name */
    HELLO_NOT_TLS, /* something else, SSL 2.0 too: no TLS record comes first */
    HELLO_BROKEN,  /* begins like one, but is malformed or too long */
};

struct client_hello {
    /* Lower case, without a final dot; "" when there is none. Letters, digits, - _ and
     * dots only, no label empty. An IP address is no name (RFC 6066 3): it counts as if
     * none were sent. */
    char name[256];
    /* Protocols with commas between; "" for none. Left out are those with a comma or
     * anything unprintable, and what does not fit. */
    char alpn[256];
    bool has_name;
};

/* Looks at all bytes that have arrived so far. `hello` is set on HELLO_FOUND only.
 * Never HELLO_MORE once CLIENT_HELLO_MOST bytes are there. */
enum hello_outcome client_hello_read(const unsigned char *bytes, size_t length,
                                     struct client_hello *hello);

/* The same reading of the server_name extension alone, as a TLS library hands it out,
 * so that policy and route never differ over a name. Sets name and has_name; false when
 * it is malformed. */
bool client_hello_read_name(const unsigned char *extension, size_t length,
                            struct client_hello *hello);
