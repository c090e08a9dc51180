/* A descriptor as OpenSSL reads and writes it. Private to the net folder. */
#pragma once

#include <openssl/bio.h>
#include <stdbool.h>

/* The descriptor stays the caller's. NULL: no memory. */
BIO *tls_socket_create(int fd);
/* Will what is written next follow at once? Then the kernel fills its packets. */
void tls_socket_set_more(BIO *socket, bool has_more);
