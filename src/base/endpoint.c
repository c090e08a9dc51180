/* A session keeps its peers in this small form, one for both families: a client that
 * comes over IPv4 is the same one whether the listener speaks IPv4 or both. */
#include "base/endpoint.h"

#include <arpa/inet.h>
#include <string.h>

static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

struct endpoint endpoint_of(const struct sockaddr *any)
{
    const void *bytes = any;
    const struct sockaddr_in *ip4 = bytes;
    const struct sockaddr_in6 *ip6 = bytes;
    struct endpoint endpoint;

    /* All of it, the padding too: endpoints are compared and hashed as bytes. */
    memset(&endpoint, 0, sizeof endpoint);
    if (any->sa_family == AF_INET) {
        memcpy(endpoint.ip, mapped, sizeof mapped);
        memcpy(endpoint.ip + sizeof mapped, &ip4->sin_addr, sizeof ip4->sin_addr);
        endpoint.port = ntohs(ip4->sin_port);
    } else if (any->sa_family == AF_INET6) {
        memcpy(endpoint.ip, &ip6->sin6_addr, sizeof endpoint.ip);
        endpoint.scope = ip6->sin6_scope_id;
        endpoint.port = ntohs(ip6->sin6_port);
    } else {
        endpoint.local = true;
    }
    return endpoint;
}

static bool is_ip4(const struct endpoint *endpoint)
{
    return !memcmp(endpoint->ip, mapped, sizeof mapped);
}

struct address endpoint_address(const struct endpoint *endpoint)
{
    struct address address;

    memset(&address, 0, sizeof address);
    if (endpoint->local)
        return address;
    if (is_ip4(endpoint)) {
        address.length = sizeof address.as.ip4;
        address.as.ip4.sin_family = AF_INET;
        memcpy(&address.as.ip4.sin_addr, endpoint->ip + sizeof mapped,
               sizeof address.as.ip4.sin_addr);
    } else {
        address.length = sizeof address.as.ip6;
        address.as.ip6.sin6_family = AF_INET6;
        address.as.ip6.sin6_scope_id = endpoint->scope;
        memcpy(&address.as.ip6.sin6_addr, endpoint->ip, sizeof endpoint->ip);
    }
    address_set_port(&address, endpoint->port);
    return address;
}

struct address_text endpoint_text(const struct endpoint *endpoint)
{
    struct address address = endpoint_address(endpoint);

    return endpoint->local ? (struct address_text){ "unix" } : address_text(&address);
}
