/* A binary tree of prefixes, where each node covers those below it. Chains without a
 * fork are one step: a lookup sees at most as many nodes as an address has bits, and n
 * networks need at most 2 n. Nodes are numbers in one block: a copy is a memcpy. */
#include "base/network.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { WHOLE = 128, IP4_BITS = 96, ROOT = 0, FEW = 16 };

struct node {
    struct network network;
    bool is_member;    /* else only a fork */
    uint32_t below[2]; /* by the first bit behind the prefix; 0 for none */
};

struct networks {
    struct node *nodes; /* the first is the root, ::/0 */
    uint32_t *order;    /* nodes of members, as they were added */
    uint32_t node_count, node_size;
    uint32_t count, size;
    uint32_t unused; /* a node to take first; others hang below it; 0 for none */
};

struct networks *networks_create(void)
{
    struct networks *networks = memory_new(sizeof *networks);

    networks->node_size = networks->size = FEW;
    networks->nodes = memory_new_array(FEW, sizeof *networks->nodes);
    networks->order = memory_new_array(FEW, sizeof *networks->order);
    networks->node_count = 1;
    return networks;
}

void networks_destroy(struct networks *networks)
{
    if (!networks)
        return;
    free(networks->order);
    free(networks->nodes);
    free(networks);
}

struct networks *networks_copy(const struct networks *networks)
{
    struct networks *copy = memory_new(sizeof *copy);

    *copy = *networks;
    copy->nodes = memory_new_array(copy->node_size, sizeof *copy->nodes);
    copy->order = memory_new_array(copy->size, sizeof *copy->order);
    memcpy(copy->nodes, networks->nodes, copy->node_count * sizeof *copy->nodes);
    memcpy(copy->order, networks->order, copy->count * sizeof *copy->order);
    return copy;
}

static unsigned bit_at(const struct network *network, unsigned bit)
{
    return network->ip[bit / 8] >> (7 - bit % 8) & 1;
}

/* How many bits both begin with. */
static unsigned count_common(const struct network *one, const struct network *other)
{
    unsigned most = one->bits < other->bits ? one->bits : other->bits;
    unsigned byte = 0, bits;

    while (byte < most / 8 && one->ip[byte] == other->ip[byte])
        byte++;
    bits = byte * 8;
    while (bits < most && bit_at(one, bits) == bit_at(other, bits))
        bits++;
    return bits;
}

static uint32_t take_node(struct networks *networks)
{
    uint32_t at = networks->unused;

    if (at) {
        networks->unused = networks->nodes[at].below[0];
        return at;
    }
    if (networks->node_count == networks->node_size) {
        networks->node_size *= 2;
        networks->nodes = memory_resize(networks->nodes,
                                        networks->node_size * sizeof(struct node));
    }
    return networks->node_count++;
}

static uint32_t add_node(struct networks *networks, const struct network *network)
{
    uint32_t at = take_node(networks);

    networks->nodes[at] = (struct node){ .network = *network };
    return at;
}

/* The tree's own view, in which IPv4 is a part of IPv6. */
static bool begins_with(const struct network *network, const struct node *node)
{
    const uint8_t *ip = node->network.ip;
    unsigned bits = node->network.bits, bytes = bits / 8;

    if (bits > network->bits || memcmp(ip, network->ip, bytes))
        return false;
    return !(bits % 8) || !((ip[bytes] ^ network->ip[bytes]) >> (8 - bits % 8));
}

/* The bits that both have, as a network. */
static struct network fork_of(const struct network *network, unsigned bits)
{
    struct network fork = { .bits = (uint8_t)bits };

    for (unsigned i = 0; i < bits; i++)
        fork.ip[i / 8] |= (uint8_t)(bit_at(network, i) << (7 - i % 8));
    return fork;
}

/* Puts a new node between the one at `at` and what is below it on the network's side;
 * returns it. */
static uint32_t add_below(struct networks *networks, uint32_t at,
                          const struct network *network)
{
    unsigned side = bit_at(network, networks->nodes[at].network.bits);
    uint32_t below = networks->nodes[at].below[side], added;
    struct network fork = *network;

    if (below)
        fork = fork_of(network, count_common(network, &networks->nodes[below].network));
    added = add_node(networks, &fork);
    networks->nodes[at].below[side] = added;
    if (below) {
        side = bit_at(&networks->nodes[below].network, fork.bits);
        networks->nodes[added].below[side] = below;
    }
    return added;
}

/* The node of exactly this network, made when there is none. */
static uint32_t reach(struct networks *networks, const struct network *network)
{
    uint32_t at = ROOT;

    while (networks->nodes[at].network.bits != network->bits) {
        const struct node *node = &networks->nodes[at];
        uint32_t next = node->below[bit_at(network, node->network.bits)];

        if (next && begins_with(network, &networks->nodes[next]))
            at = next;
        else
            at = add_below(networks, at, network);
    }
    return at;
}

bool networks_add(struct networks *networks, const struct network *network)
{
    uint32_t at = reach(networks, network);

    if (networks->nodes[at].is_member)
        return false;
    networks->nodes[at].is_member = true;
    if (networks->count == networks->size) {
        networks->size *= 2;
        networks->order = memory_resize(networks->order,
                                        networks->size * sizeof *networks->order);
    }
    networks->order[networks->count++] = at;
    return true;
}

/* The way down to a node: each has the next one below it. */
struct path {
    uint32_t nodes[WHOLE + 1];
    size_t length;
};

static bool find_path(const struct networks *networks, const struct network *network,
                      struct path *path)
{
    uint32_t at = ROOT;

    path->length = 0;
    do {
        const struct node *node = &networks->nodes[at];

        if (!begins_with(network, node))
            return false;
        path->nodes[path->length++] = at;
        if (node->network.bits == network->bits)
            return node->is_member;
        at = node->below[bit_at(network, node->network.bits)];
    } while (at);
    return false;
}

/* Lets `next`, 0 for none, take the place of the node at `at` below `parent`. */
static void unlink_node(struct networks *networks, uint32_t parent, uint32_t at,
                        uint32_t next)
{
    struct node *above = &networks->nodes[parent], *node = &networks->nodes[at];

    above->below[above->below[1] == at] = next;
    *node = (struct node){ .below = { networks->unused } };
    networks->unused = at;
}

/* Takes away what is neither a member nor a fork, from the end of the path upwards. */
static void prune(struct networks *networks, const struct path *path)
{
    for (size_t i = path->length - 1; i > 0; i--) {
        const struct node *node = &networks->nodes[path->nodes[i]];
        uint32_t left = node->below[0], right = node->below[1];

        if (node->is_member || (left && right))
            return;
        unlink_node(networks, path->nodes[i - 1], path->nodes[i], left ? left : right);
    }
}

static void remove_from_order(struct networks *networks, uint32_t node)
{
    uint32_t at = --networks->count;

    while (networks->order[at] != node)
        at--;
    memmove(networks->order + at, networks->order + at + 1,
            (networks->count - at) * sizeof *networks->order);
}

bool networks_remove(struct networks *networks, const struct network *network)
{
    struct path path;
    uint32_t node;

    if (!find_path(networks, network, &path))
        return false;
    node = path.nodes[path.length - 1];
    networks->nodes[node].is_member = false;
    remove_from_order(networks, node);
    prune(networks, &path);
    return true;
}

const struct network *networks_find(const struct networks *networks,
                                    const struct endpoint *endpoint)
{
    const struct network *found = NULL;
    const struct node *node = networks->nodes;
    struct network sought = { .bits = WHOLE };

    if (endpoint->local)
        return NULL;
    memcpy(sought.ip, endpoint->ip, sizeof sought.ip);
    while (begins_with(&sought, node)) {
        uint32_t next;

        if (node->is_member && network_covers(&node->network, &sought))
            found = &node->network;
        if (node->network.bits == WHOLE)
            break;
        next = node->below[bit_at(&sought, node->network.bits)];
        if (!next)
            break;
        node = &networks->nodes[next];
    }
    return found;
}

bool networks_hold(const struct networks *networks, const struct endpoint *endpoint)
{
    return networks_find(networks, endpoint) != NULL;
}

size_t networks_count(const struct networks *networks)
{
    return networks->count;
}

const struct network *networks_at(const struct networks *networks, size_t index)
{
    return &networks->nodes[networks->order[index]].network;
}
