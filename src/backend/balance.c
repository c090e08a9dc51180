/* What the ways of choosing share. */
#include "backend/balance.h"

#include "backend/server.h"
#include "base/memory.h"

#include <stdlib.h>

bool balance_accept(struct server *server, const struct choice *choice)
{
    return !(choice->tried & rotation_bit(server)) && server_take(server);
}

/* In the order of the file, when the bits of the servers are too few to tell them
 * apart. */
static struct server *walk_servers(const struct rotation *rotation,
                                   const struct choice *choice)
{
    for (size_t i = 0; i < rotation->count; i++)
        if (balance_accept(rotation->servers[i], choice))
            return rotation->servers[i];
    return NULL;
}

struct server *balance_walk(const struct rotation *rotation, const struct choice *choice,
                            size_t start)
{
    struct choice rest =
        *choice; /* each server is asked once, however many slots it has */
    size_t asked = 0;

    /* Once all bits are set no slot can be told from another. */
    for (size_t i = 0;
         i < rotation->slot_count && asked < rotation->count && rest.tried != UINT64_MAX;
         i++) {
        uint32_t slot = rotation->slots[(start + i) % rotation->slot_count];
        struct server *server = rotation->servers[slot];

        if (rest.tried & rotation_bit(server))
            continue;
        if (balance_accept(server, &rest))
            return server;
        rest.tried |= rotation_bit(server);
        asked++;
    }
    return rotation->count > ROTATION_BITS ? walk_servers(rotation, choice) : NULL;
}

/* Where one of a server's slots wants to lie in the cycle. Each server's slots are evenly
 * apart; servers begin one after the other, so that equal ones do not want the same. */
struct wish {
    uint64_t at;
    uint32_t server;
};

static uint64_t common_divisor(uint64_t one, uint64_t other)
{
    return other ? common_divisor(other, one % other) : one;
}

static uint64_t weight_of(const struct rotation *rotation, size_t server)
{
    return atomic_load(&rotation->servers[server]->fine_weight);
}

static int by_wish(const void *one, const void *other)
{
    const struct wish *left = one, *right = other;

    if (left->at != right->at)
        return left->at < right->at ? -1 : 1;
    return (left->server > right->server) - (left->server < right->server);
}

/* How often a server stands in a cycle: its weight, made smaller by what all have in
 * common, and scaled down when the cycle would grow too long. */
static uint64_t share(uint64_t weight, uint64_t divisor, uint64_t total)
{
    uint64_t slots = weight / divisor;

    if (total <= ROTATION_SLOTS)
        return slots;
    slots = slots * (ROTATION_SLOTS / 2) / total;
    return slots ? slots : 1;
}

static size_t make_wishes(const struct rotation *rotation, struct wish *wishes,
                          uint64_t divisor, uint64_t total)
{
    size_t count = 0;

    for (size_t i = 0; i < rotation->count; i++) {
        uint64_t slots = share(weight_of(rotation, i), divisor, total);

        for (uint64_t k = 0; k < slots; k++)
            wishes[count++] = (struct wish){
                ((2 * rotation->count * k + 2 * i + 1) << 32) / slots, (uint32_t)i
            };
    }
    return count;
}

void balance_spread(struct rotation *rotation)
{
    uint64_t divisor = 0, total = 0, all;
    struct wish *wishes;

    for (size_t i = 0; i < rotation->count; i++) {
        divisor = common_divisor(weight_of(rotation, i), divisor);
        total += weight_of(rotation, i);
    }
    ensure(divisor);
    total /= divisor;
    all = total <= ROTATION_SLOTS ? total : ROTATION_SLOTS / 2 + rotation->count;
    wishes = memory_new_array(all, sizeof *wishes);
    rotation->slot_count = make_wishes(rotation, wishes, divisor, total);
    if (rotation->slot_count > rotation->count)
        qsort(wishes, rotation->slot_count, sizeof *wishes, by_wish);
    rotation->slots = memory_new_array(rotation->slot_count, sizeof(uint32_t));
    for (size_t i = 0; i < rotation->slot_count; i++)
        rotation->slots[i] = wishes[i].server;
    free(wishes);
}
