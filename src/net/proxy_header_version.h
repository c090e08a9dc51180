/* The two versions of the PROXY header, as their common reader sees them. */
#pragma once

#include "net/proxy_header.h"

#define PROXY_HEADER_V2_SIGNATURE "\r\n\r\n\0\r\nQUIT\n"

/* Each judges the last byte taken, and sets `wanted`: 0 once the header is whole. Returns
 * why the header is refused, or NULL. */
const char *proxy_header_v1_take(struct proxy_header *header);
const char *proxy_header_v2_take(struct proxy_header *header, unsigned char byte);

/* `family` is AF_INET or AF_INET6, `ip` in network order, not aligned. */
struct address proxy_header_address(int family, const void *ip, uint16_t port);
