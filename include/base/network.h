/* Sets of networks: "10.0.0.0/8", "2001:db8::/32", "192.0.2.1". Lookup is by longest
 * prefix and takes a bounded number of steps, however large the set.
 *
 * An IPv6 network never holds an IPv4 address: ::/0 is all of IPv6, 0.0.0.0/0 all of
 * IPv4. A UNIX socket is in no network. */
#pragma once

#include "base/endpoint.h"

#include <stdbool.h>
#include <stddef.h>

struct network {
    uint8_t ip[16]; /* IPv4 as IPv4-mapped IPv6; zero behind the prefix */
    uint8_t bits;   /* of the 128 */
};

/* NULL when understood, else a static sentence: bits set behind the prefix, too. */
const char *network_parse(const char *text, struct network *network);
/* As it is parsed; whole addresses without a prefix. */
struct address_text network_text(const struct network *network);
bool network_holds(const struct network *network, const struct endpoint *endpoint);
/* Is all of `inner` in `outer`? */
bool network_covers(const struct network *outer, const struct network *inner);
/* The endpoint's own network: IPv4 whole, IPv6 by /64: who counts as one client. All
 * UNIX sockets are one. */
struct network network_of_client(const struct endpoint *endpoint);

/* May be read by any number of threads while nobody changes it. */
struct networks;

struct networks *networks_create(void);
void networks_destroy(struct networks *networks);
/* Adding twice is fine. False when it was there already. */
bool networks_add(struct networks *networks, const struct network *network);
/* False when it was not there. */
bool networks_remove(struct networks *networks, const struct network *network);
bool networks_hold(const struct networks *networks, const struct endpoint *endpoint);
/* The longest network that holds it; NULL when there is none. Until the next change. */
const struct network *networks_find(const struct networks *networks,
                                    const struct endpoint *endpoint);
size_t networks_count(const struct networks *networks);
struct networks *networks_copy(const struct networks *networks);
/* For listing, in the order of adding. Until the next change. */
const struct network *networks_at(const struct networks *networks, size_t index);
