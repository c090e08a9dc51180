/* The same client to the same server, as long as that one serves: a ring of hashes.
 *
 * Fixed, so that several ushers agree: a server of weight w, which need not be whole, has
 * RING_POINTS * w points rounded down, but at least one (all fewer, in proportion, when
 * those of the whole file would not fit), at hash_mix(hash_bytes(name), 0, 1, ...); a
 * client stands at hash_bytes of its 4 or 16 address bytes and takes the first point at
 * or after it. Only names and weights matter: an address may change. */
#include "backend/balance.h"

#include "backend/backend.h"
#include "backend/server_weight.h"
#include "base/hash.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { RING_POINTS = 64 };

struct point {
    uint64_t at;
    uint32_t server;
};

static int by_place(const void *one, const void *other)
{
    const struct point *left = one, *right = other;

    if (left->at != right->at)
        return left->at < right->at ? -1 : 1;
    return (left->server > right->server) - (left->server < right->server);
}

static uint64_t points_for(uint64_t hundredths)
{
    return RING_POINTS * hundredths / WEIGHT_WHOLE;
}

/* Points of all servers of the file, fit or not: so a server that goes or comes does not
 * change how many points the others have. Only when weights were raised far above the
 * file's does what is there now count. */
static uint64_t points_wanted(const struct rotation *rotation)
{
    const struct backend *backend = rotation->backend;
    uint64_t written = 0, present = 0;

    for (size_t i = 0; i < backend->server_count; i++)
        if (!backend->servers[i]->is_leaving)
            written += RING_POINTS * (uint64_t)backend->servers[i]->configured_weight;
    for (size_t i = 0; i < rotation->count; i++)
        present += points_for(atomic_load(&rotation->servers[i]->fine_weight));
    return present > 2 * ROTATION_SLOTS && present > 2 * written ? present : written;
}

static uint64_t points_of(const struct rotation *rotation, size_t server, uint64_t total)
{
    uint64_t points = points_for(atomic_load(&rotation->servers[server]->fine_weight));

    if (total > ROTATION_SLOTS)
        points = points * ROTATION_SLOTS / total;
    return points ? points : 1;
}

static void add_points(struct rotation *rotation, struct point *points, size_t server,
                       uint64_t count)
{
    const char *name = rotation->servers[server]->name;
    uint64_t hash = hash_bytes(name, strlen(name));

    for (uint64_t k = 0; k < count; k++)
        points[rotation->slot_count++] = (struct point){ hash_mix(hash, k),
                                                         (uint32_t)server };
}

static void lay_out(struct rotation *rotation, const struct point *points)
{
    rotation->points = memory_new_array(rotation->slot_count, sizeof(uint64_t));
    rotation->slots = memory_new_array(rotation->slot_count, sizeof(uint32_t));
    for (size_t i = 0; i < rotation->slot_count; i++) {
        rotation->points[i] = points[i].at;
        rotation->slots[i] = points[i].server;
    }
}

static void make_ring(struct rotation *rotation)
{
    uint64_t total = points_wanted(rotation), all = 0;
    struct point *points;

    for (size_t i = 0; i < rotation->count; i++)
        all += points_of(rotation, i, total);
    ensure(all);
    points = memory_new_array(all, sizeof *points);
    for (size_t i = 0; i < rotation->count; i++)
        add_points(rotation, points, i, points_of(rotation, i, total));
    qsort(points, rotation->slot_count, sizeof *points, by_place);
    lay_out(rotation, points);
    free(points);
}

static uint64_t client_place(const struct endpoint *client)
{
    static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

    if (!memcmp(client->ip, mapped, sizeof mapped))
        return hash_bytes(client->ip + 12, 4);
    return hash_bytes(client->ip, 16);
}

static size_t first_point_from(const struct rotation *rotation, uint64_t place)
{
    size_t low = 0, high = rotation->slot_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (rotation->points[middle] < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low < rotation->slot_count ? low : 0;
}

static struct server *next_on_ring(const struct rotation *rotation,
                                   const struct choice *choice)
{
    return balance_walk(rotation, choice,
                        first_point_from(rotation, client_place(choice->client)));
}

const struct balancer balance_source = { "source", make_ring, next_on_ring, NULL };
