/* The tree lies in one array: node 1 is the root, node n has the children 2n and 2n + 1,
 * the leaves are the last half. */
#include "backend/standings.h"

#include "base/memory.h"

#include <stdatomic.h>
#include <stdlib.h>

struct standings {
    standings_rank *rank;
    size_t room; /* leaves; a power of two */
    _Atomic uint64_t nodes[];
};

struct standings *standings_create(size_t count, standings_rank *rank)
{
    struct standings *standings;
    size_t room = 1;

    while (room < count)
        room *= 2;
    standings = memory_new(sizeof *standings + 2 * room * sizeof standings->nodes[0]);
    standings->room = room;
    standings->rank = rank;
    for (size_t node = 0; node < 2 * room; node++)
        atomic_init(&standings->nodes[node], STANDINGS_OUT);
    return standings;
}

void standings_destroy(struct standings *standings)
{
    free(standings);
}

size_t standings_room(const struct standings *standings)
{
    return standings->room;
}

standings_rank *standings_ranking(const struct standings *standings)
{
    return standings->rank;
}

static uint64_t lower_child(const struct standings *standings, size_t node)
{
    uint64_t left = atomic_load(&standings->nodes[2 * node]);
    uint64_t right = atomic_load(&standings->nodes[2 * node + 1]);

    return left < right ? left : right;
}

/* Looks again after writing: a child that changed meanwhile is either seen now, or its
 * own writer comes by later. */
static void repair(struct standings *standings, size_t node)
{
    uint64_t lower = lower_child(standings, node);

    do {
        atomic_store(&standings->nodes[node], lower);
        lower = lower_child(standings, node);
    } while (lower != atomic_load(&standings->nodes[node]));
}

void standings_refresh(struct standings *standings, size_t index,
                       const struct server *server)
{
    size_t leaf = standings->room + index;
    uint64_t rank = standings->rank(server);

    do {
        atomic_store(&standings->nodes[leaf], rank);
        rank = standings->rank(server);
    } while (rank != atomic_load(&standings->nodes[leaf]));
    for (size_t node = leaf / 2; node > 0; node /= 2)
        repair(standings, node);
}

size_t standings_first(const struct standings *standings)
{
    size_t node = 1;

    if (atomic_load(&standings->nodes[1]) == STANDINGS_OUT)
        return SIZE_MAX;
    while (node < standings->room) {
        uint64_t left = atomic_load(&standings->nodes[2 * node]);
        uint64_t right = atomic_load(&standings->nodes[2 * node + 1]);

        node = right < left ? 2 * node + 1 : 2 * node;
    }
    return node - standings->room;
}
