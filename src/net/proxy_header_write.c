/* Writes both versions. Lengths are those of what was written, never added up before. */
#include "net/proxy_header.h"

#include "net/proxy_header_version.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum {
    LENGTH_AT = 14,
    LINE_ROOM = 2 * INET6_ADDRSTRLEN + sizeof "PROXY TCP6   65535 65535\r\n",
    TYPE_ALPN = 0x01,
    TYPE_AUTHORITY = 0x02,
    TYPE_SSL = 0x20,
    TYPE_SSL_VERSION = 0x21,
    TYPE_SSL_CN = 0x22,
    TYPE_SSL_CIPHER = 0x23,
    CLIENT_SSL = 1,
    CLIENT_CERT_CONN = 2,
    CLIENT_CERT_SESS = 4,
};

/* Both ends, of one family. */
struct pair {
    int family; /* AF_UNSPEC: nothing to tell */
    struct address source, destination;
};

struct writer {
    unsigned char *out;
    size_t size, used;
    bool is_full; /* something did not fit */
};

/* A client that came over IPv4 to a listener of both families. */
static struct address unmap(const struct address *address)
{
    const struct sockaddr_in6 *ip6 = &address->as.ip6;

    if (!address->length || ip6->sin6_family != AF_INET6 ||
        !IN6_IS_ADDR_V4MAPPED(&ip6->sin6_addr))
        return *address;
    return proxy_header_address(AF_INET, ip6->sin6_addr.s6_addr + 12,
                                address_port(address));
}

static bool is_ip4(const struct address *address)
{
    return address->length && address->as.any.sa_family == AF_INET;
}

static bool is_ip(const struct address *address)
{
    return is_ip4(address) || (address->length && address->as.any.sa_family == AF_INET6);
}

static struct address map(const struct address *address)
{
    struct in6_addr mapped = { .s6_addr = { [10] = 0xff, [11] = 0xff } };

    if (!is_ip4(address))
        return *address;
    memcpy(mapped.s6_addr + 12, &address->as.ip4.sin_addr,
           sizeof address->as.ip4.sin_addr);
    return proxy_header_address(AF_INET6, &mapped, address_port(address));
}

/* An IPv4 client that a header announced at an IPv6 address of ours is told as IPv6: both
 * ends of a header are of one family. */
static struct pair find_pair(const struct proxy_facts *facts)
{
    struct pair pair = { .family = AF_UNSPEC };

    if (!facts->source || !facts->destination)
        return pair;
    pair.source = unmap(facts->source);
    pair.destination = unmap(facts->destination);
    if (!is_ip(&pair.source) || !is_ip(&pair.destination))
        return pair;
    if (is_ip4(&pair.source) != is_ip4(&pair.destination)) {
        pair.source = map(&pair.source);
        pair.destination = map(&pair.destination);
    }
    pair.family = pair.source.as.any.sa_family;
    return pair;
}

static const void *ip_of(const struct address *address)
{
    return address->as.any.sa_family == AF_INET ? (const void *)&address->as.ip4.sin_addr
                                                : &address->as.ip6.sin6_addr;
}

struct ip_text {
    char chars[INET6_ADDRSTRLEN];
};

/* Without the scope that address_host would add. */
static struct ip_text ip_text(const struct address *address)
{
    struct ip_text text = { "" };

    (void)inet_ntop(address->as.any.sa_family, ip_of(address), text.chars,
                    sizeof text.chars);
    return text;
}

static void put(struct writer *writer, const void *bytes, size_t length)
{
    if (writer->is_full || length > writer->size - writer->used) {
        writer->is_full = true;
        return;
    }
    memcpy(writer->out + writer->used, bytes, length);
    writer->used += length;
}

static void put_byte(struct writer *writer, unsigned char byte)
{
    put(writer, &byte, 1);
}

static void put_port(struct writer *writer, const struct address *address)
{
    uint16_t port = htons(address_port(address));

    put(writer, &port, sizeof port);
}

size_t proxy_header_write_v1(const struct proxy_facts *facts, unsigned char *out,
                             size_t size)
{
    struct writer writer = { .out = out, .size = size };
    struct pair pair = find_pair(facts);
    char line[LINE_ROOM] = "PROXY UNKNOWN\r\n";

    if (pair.family != AF_UNSPEC)
        (void)snprintf(line, sizeof line, "PROXY TCP%c %s %s %u %u\r\n",
                       pair.family == AF_INET ? '4' : '6', ip_text(&pair.source).chars,
                       ip_text(&pair.destination).chars, address_port(&pair.source),
                       address_port(&pair.destination));
    put(&writer, line, strlen(line));
    return writer.is_full ? 0 : writer.used;
}

/* Says how long all is that was written behind the two bytes at `at`. */
static void set_length(struct writer *writer, size_t at)
{
    size_t length;

    if (writer->is_full)
        return;
    length = writer->used - at - 2;
    writer->is_full = length > UINT16_MAX;
    writer->out[at] = (unsigned char)(length >> 8);
    writer->out[at + 1] = (unsigned char)length;
}

/* Returns where its length belongs. */
static size_t begin_tlv(struct writer *writer, unsigned char type)
{
    size_t at = writer->used + 1;

    put_byte(writer, type);
    put(writer, "\0", 2);
    return at;
}

static void put_text(struct writer *writer, unsigned char type, const char *text)
{
    size_t at;

    if (!text || !*text)
        return;
    at = begin_tlv(writer, type);
    put(writer, text, strlen(text));
    set_length(writer, at);
}

static unsigned char client_bits(const struct proxy_facts *facts)
{
    unsigned char bits = CLIENT_SSL;

    if (facts->has_certificate)
        bits |= CLIENT_CERT_SESS;
    if (facts->has_certificate && !facts->is_resumed)
        bits |= CLIENT_CERT_CONN;
    return bits;
}

static void put_tls(struct writer *writer, const struct proxy_facts *facts)
{
    bool is_proved = facts->has_certificate && facts->is_verified;
    size_t at;

    if (!facts->tls_version || !*facts->tls_version)
        return;
    at = begin_tlv(writer, TYPE_SSL);
    put_byte(writer, client_bits(facts));
    put(writer, is_proved ? "\0\0\0\0" : "\0\0\0\1", 4);
    put_text(writer, TYPE_SSL_VERSION, facts->tls_version);
    put_text(writer, TYPE_SSL_CN, facts->client_name);
    put_text(writer, TYPE_SSL_CIPHER, facts->cipher);
    set_length(writer, at);
}

static void put_pair(struct writer *writer, const struct pair *pair)
{
    size_t length = pair->family == AF_INET ? 4 : 16;

    put(writer, ip_of(&pair->source), length);
    put(writer, ip_of(&pair->destination), length);
    put_port(writer, &pair->source);
    put_port(writer, &pair->destination);
}

/* Version 2 and command, family and protocol. */
static const char *command(int family)
{
    if (family == AF_INET)
        return "\x21\x11";                             /* PROXY, TCP over IPv4 */
    return family == AF_INET6 ? "\x21\x21" : "\x20\0"; /* the last is LOCAL */
}

size_t proxy_header_write_v2(const struct proxy_facts *facts, unsigned char *out,
                             size_t size)
{
    struct writer writer = { .out = out, .size = size };
    struct pair pair = find_pair(facts);

    put(&writer, PROXY_HEADER_V2_SIGNATURE, sizeof PROXY_HEADER_V2_SIGNATURE - 1);
    put(&writer, command(pair.family), 2);
    put(&writer, "\0", 2);
    if (pair.family != AF_UNSPEC) {
        put_pair(&writer, &pair);
        put_text(&writer, TYPE_ALPN, facts->alpn);
        put_text(&writer, TYPE_AUTHORITY, facts->name);
        put_tls(&writer, facts);
    }
    set_length(&writer, LENGTH_AT);
    return writer.is_full ? 0 : writer.used;
}
