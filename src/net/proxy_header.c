/* What both versions have in common. The first byte tells them apart, so no byte is ever
 * taken that could belong to what comes behind the header. */
#include "net/proxy_header.h"

#include "net/proxy_header_version.h"

#include <string.h>

enum { SHORTEST = sizeof "PROXY UNKNOWN\r\n" - 1 };

struct address proxy_header_address(int family, const void *ip, uint16_t port)
{
    struct address address = { .length = sizeof address.as.ip4 };

    if (family == AF_INET6) {
        address.length = sizeof address.as.ip6;
        memcpy(&address.as.ip6.sin6_addr, ip, sizeof address.as.ip6.sin6_addr);
    } else {
        memcpy(&address.as.ip4.sin_addr, ip, sizeof address.as.ip4.sin_addr);
    }
    address.as.any.sa_family = (sa_family_t)family;
    address_set_port(&address, port);
    return address;
}

static const char *take_byte(struct proxy_header *header, unsigned char byte)
{
    struct proxy_reading *reading = &header->reading;

    if (header->length < sizeof reading->kept)
        reading->kept[header->length] = byte;
    header->length++;
    return reading->kept[0] == 'P' ? proxy_header_v1_take(header)
                                   : proxy_header_v2_take(header, byte);
}

enum proxy_outcome proxy_header_take(struct proxy_header *header,
                                     const unsigned char *bytes, size_t length)
{
    if (!header->length)
        header->wanted = SHORTEST;
    for (size_t i = 0; i < length && header->outcome == PROXY_MORE; i++) {
        header->why = take_byte(header, bytes[i]);
        if (header->why)
            header->outcome = PROXY_REFUSED;
        else if (!header->wanted)
            header->outcome = PROXY_DONE;
    }
    return header->outcome;
}

enum proxy_outcome proxy_header_begins(const unsigned char *bytes, size_t length)
{
    static const struct {
        const char *bytes;
        size_t length;
    } starts[] = { { PROXY_HEADER_V2_SIGNATURE, PROXY_HEADER_START },
                   { "PROXY ", sizeof "PROXY " - 1 } };

    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        size_t whole = starts[i].length;

        if (!memcmp(bytes, starts[i].bytes, length < whole ? length : whole))
            return length < whole ? PROXY_MORE : PROXY_DONE;
    }
    return PROXY_REFUSED;
}

enum proxy_outcome proxy_header_read(const unsigned char *bytes, size_t length,
                                     struct proxy_header *header)
{
    memset(header, 0, sizeof *header);
    return proxy_header_take(header, bytes, length);
}
