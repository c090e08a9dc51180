/* What a client of TLS says first, as bytes: made by OpenSSL, never answered. */
#pragma once

#include <stddef.h>

enum { GREETING_MOST = 24 * 1024 };

struct greeting {
    size_t length;
    unsigned char bytes[GREETING_MOST];
};

/* NULL: no name; alpn as in "\2h2", NULL: none. */
struct greeting greeting_make(const char *name, const char *alpn);
/* The same message in records of so many bytes. */
struct greeting greeting_split(const struct greeting *greeting, size_t size);
