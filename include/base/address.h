/* Where a socket is: text to sockaddr and back. Nothing here asks DNS. */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

struct address {
    socklen_t length; /* 0: no address yet */
    union {
        struct sockaddr any;
        struct sockaddr_in ip4;
        struct sockaddr_in6 ip6;
        struct sockaddr_un local;
    } as;
};

struct address_text {
    char chars[128];
};

/* What a user may write where an address is wanted. */
enum address_kind {
    ADDRESS_NUMERIC,    /* 127.0.0.1:80  [::1]:80  :80  *:80  unix:/path */
    ADDRESS_NAME,       /* db.example:5432 */
    ADDRESS_DESCRIPTOR, /* fd@3 */
};

struct address_parts {
    enum address_kind kind;
    struct address address; /* of a numeric one */
    char host[256];         /* of a name */
    uint16_t port;          /* of a numeric one or a name */
    int fd;                 /* of a descriptor, else -1 */
};

/* NULL when understood; else a sentence that says what is wrong, static.
 * ":80" and "*:80" are every address, IPv6 and IPv4 ([::]). */
const char *address_parse(const char *text, struct address_parts *parts);

/* "127.0.0.1:80", "[::1]:80", "unix:/path", "none" for no address. */
struct address_text address_text(const struct address *address);
/* The same without the port: "127.0.0.1", "::1", the path. */
struct address_text address_host(const struct address *address);
uint16_t address_port(const struct address *address);
void address_set_port(struct address *address, uint16_t port);
bool address_is_equal(const struct address *one, const struct address *other);
