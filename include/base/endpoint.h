/* Who is at the other end of a connection, in few bytes. */
#pragma once

#include "base/address.h"

/* A peer in few bytes: IPv4 is kept as an IPv4-mapped IPv6 address. */
struct endpoint {
    uint8_t ip[16];
    uint32_t scope;
    uint16_t port;
    bool local; /* a UNIX socket: the rest is zero */
};

/* `any` as accept(2) and getpeername(2) fill it in. */
struct endpoint endpoint_of(const struct sockaddr *any);
/* "127.0.0.1:80", "[::1]:80", "unix". */
struct address_text endpoint_text(const struct endpoint *endpoint);
/* The other way round; no address for a UNIX socket. */
struct address endpoint_address(const struct endpoint *endpoint);
