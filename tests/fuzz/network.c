/* Any text as a network, which is read again from what is written of it; and any bytes as
 * changes to a set, which stays like a plain list of the same networks. */
#include "base/network.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 64, STEP = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct list {
    size_t count;
    struct network at[MOST];
};

static bool is_same(const struct network *one, const struct network *other)
{
    return one->bits == other->bits && !memcmp(one->ip, other->ip, sizeof one->ip);
}

static size_t find(const struct list *list, const struct network *network)
{
    size_t i = 0;

    while (i < list->count && !is_same(&list->at[i], network))
        i++;
    return i;
}

static void read_text(const uint8_t *data, size_t size)
{
    char *text = memory_new(size + 1);
    struct network network, again;

    if (size)
        memcpy(text, data, size);
    if (!network_parse(text, &network)) {
        ensure(!network_parse(network_text(&network).chars, &again));
        ensure(is_same(&network, &again));
        ensure(network_covers(&network, &again));
    }
    free(text);
}

/* Few addresses, so that they meet: bytes of the input are bits of them. */
static struct network network_from(const uint8_t *data)
{
    struct network network = { .bits = data[1] & 0x80 ? 128 : data[1] % 129 };

    if (data[0] & 0x80)
        network.ip[10] = network.ip[11] = 0xff;
    network.ip[data[2] % 16] ^= data[3];
    network.ip[15] ^= data[2];
    for (unsigned bit = network.bits; bit < 128; bit++)
        network.ip[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
    return network;
}

static void change(struct networks *networks, struct list *list,
                   const struct network *network, bool is_added)
{
    size_t at = find(list, network);
    bool is_in = at < list->count;

    if (is_added && list->count < MOST) {
        ensure(networks_add(networks, network) == !is_in);
        if (!is_in)
            list->at[list->count++] = *network;
    } else {
        ensure(networks_remove(networks, network) == is_in);
        if (is_in)
            memmove(&list->at[at], &list->at[at + 1],
                    (--list->count - at) * sizeof *list->at);
    }
}

static void look_up(const struct networks *networks, const struct list *list,
                    const struct network *network)
{
    struct endpoint endpoint = { .port = 1 };
    const struct network *found, *longest = NULL;

    memcpy(endpoint.ip, network->ip, sizeof endpoint.ip);
    found = networks_find(networks, &endpoint);
    for (size_t i = 0; i < list->count; i++)
        if (network_holds(&list->at[i], &endpoint) &&
            (!longest || longest->bits < list->at[i].bits))
            longest = &list->at[i];
    ensure(!found == !longest && (!found || is_same(found, longest)));
    ensure(networks_hold(networks, &endpoint) == (found != NULL));
}

static void compare(const struct networks *networks, const struct list *list)
{
    ensure(networks_count(networks) == list->count);
    for (size_t i = 0; i < list->count; i++)
        ensure(is_same(networks_at(networks, i), &list->at[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct networks *networks = networks_create(), *copy;
    struct list list = { 0 };

    read_text(data, size);
    for (size_t at = 0; at + STEP <= size; at += STEP) {
        struct network network = network_from(data + at);

        change(networks, &list, &network, data[at] & 3);
        look_up(networks, &list, &network);
    }
    compare(networks, &list);
    copy = networks_copy(networks);
    networks_destroy(networks);
    compare(copy, &list);
    networks_destroy(copy);
    return 0;
}
