/* One network: its text, and what is in it. Both families are 128 bits, as endpoints are;
 * IPv4 is the /96 of mapped addresses and kept apart from the rest of IPv6. */
#include "base/network.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { WHOLE = 128, IP4_BITS = 96, CLIENT_BITS = 64 };

static const uint8_t mapped[IP4_BITS / 8] = { [10] = 0xff, [11] = 0xff };

static bool is_ip4(const uint8_t ip[16])
{
    return !memcmp(ip, mapped, sizeof mapped);
}

/* The address cut to so many bits. */
static struct network cut(const uint8_t ip[16], unsigned bits)
{
    struct network network;
    unsigned bytes = bits / 8;

    memset(&network, 0, sizeof network);
    memcpy(network.ip, ip, bytes);
    if (bits % 8)
        network.ip[bytes] = (uint8_t)(ip[bytes] & 0xff00 >> bits % 8);
    network.bits = (uint8_t)bits;
    return network;
}

static const char *parse_ip(const char *text, uint8_t ip[16])
{
    if (inet_pton(AF_INET, text, ip + sizeof mapped) == 1) {
        memcpy(ip, mapped, sizeof mapped);
        return NULL;
    }
    if (inet_pton(AF_INET6, text, ip) == 1)
        return NULL;
    return "a network is an IPv4 or IPv6 address, and may have a prefix: 10.0.0.0/8";
}

/* IPv4 counts from where IPv4 begins. */
static const char *parse_prefix(const char *text, bool is_ip6, unsigned *bits)
{
    unsigned skipped = is_ip6 ? 0 : IP4_BITS;
    uint64_t number;

    if (text_read_number(text, &number) || number > WHOLE - skipped)
        return is_ip6 ? "the prefix of an IPv6 network is 0 to 128"
                      : "the prefix of an IPv4 network is 0 to 32";
    *bits = (unsigned)number + skipped;
    return NULL;
}

const char *network_parse(const char *text, struct network *network)
{
    char ip_text[INET6_ADDRSTRLEN] = "";
    size_t length = strcspn(text, "/");
    uint8_t ip[16] = { 0 };
    unsigned bits = WHOLE;
    const char *wrong;

    if (length < sizeof ip_text)
        memcpy(ip_text, text, length);
    wrong = parse_ip(ip_text, ip);
    if (!wrong && text[length])
        wrong = parse_prefix(text + length + 1, strchr(ip_text, ':'), &bits);
    if (wrong)
        return wrong;
    *network = cut(ip, bits);
    if (memcmp(network->ip, ip, sizeof ip))
        return "the address has bits set behind the prefix: 10.0.0.0/8, not 10.1.2.3/8";
    return NULL;
}

struct address_text network_text(const struct network *network)
{
    struct address_text text;
    bool is_short = is_ip4(network->ip) && network->bits >= IP4_BITS;
    char ip[INET6_ADDRSTRLEN] = "", prefix[8] = "";

    if (is_short)
        (void)inet_ntop(AF_INET, network->ip + sizeof mapped, ip, sizeof ip);
    else
        (void)inet_ntop(AF_INET6, network->ip, ip, sizeof ip);
    if (network->bits != WHOLE)
        (void)snprintf(prefix, sizeof prefix, "/%d",
                       network->bits - (is_short ? IP4_BITS : 0));
    (void)snprintf(text.chars, sizeof text.chars, "%s%s", ip, prefix);
    return text;
}

bool network_covers(const struct network *outer, const struct network *inner)
{
    struct network part;

    if (outer->bits > inner->bits)
        return false;
    if (outer->bits < IP4_BITS && inner->bits >= IP4_BITS && is_ip4(inner->ip))
        return false;
    part = cut(inner->ip, outer->bits);
    return !memcmp(part.ip, outer->ip, sizeof part.ip);
}

bool network_holds(const struct network *network, const struct endpoint *endpoint)
{
    struct network whole = cut(endpoint->ip, WHOLE);

    return !endpoint->local && network_covers(network, &whole);
}

struct network network_of_client(const struct endpoint *endpoint)
{
    bool is_whole = endpoint->local || is_ip4(endpoint->ip);

    return cut(endpoint->ip, is_whole ? WHOLE : CLIENT_BITS);
}
