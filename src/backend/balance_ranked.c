/* What the ways of choosing that keep standings have in common: they differ in the
 * rank. */
#include "backend/balance.h"

#include "backend/backend.h"
#include "backend/standings.h"
#include "base/memory.h"

void balance_ranked_prepare(struct rotation *rotation)
{
    for (size_t i = 0; i < rotation->count; i++)
        if (rotation->servers[i]->index >= rotation->leaf_count)
            rotation->leaf_count = rotation->servers[i]->index + 1;
    rotation->leaves = memory_new_array(rotation->leaf_count, sizeof(struct server *));
    for (size_t i = 0; i < rotation->count; i++)
        rotation->leaves[rotation->servers[i]->index] = rotation->servers[i];
}

/* When the first may not be taken, because it was tried before or has just filled up: the
 * best of the others. This happens after a failed connect, so looking at all is cheap. */
static struct server *best_other(const struct rotation *rotation,
                                 const struct choice *choice)
{
    struct server *best = NULL;
    uint64_t lowest = STANDINGS_OUT;

    for (size_t i = 0; i < rotation->count; i++) {
        struct server *server = rotation->servers[i];
        uint64_t rank = rotation->balancer->rank(server);

        if (choice->tried & rotation_bit(server) || rank >= lowest)
            continue;
        best = server;
        lowest = rank;
    }
    return best && balance_accept(best, choice) ? best : NULL;
}

struct server *balance_ranked_choose(const struct rotation *rotation,
                                     const struct choice *choice)
{
    struct standings *standings = atomic_load(&rotation->backend->standings);
    size_t best = standings ? standings_first(standings) : SIZE_MAX;
    struct server *server = best < rotation->leaf_count ? rotation->leaves[best] : NULL;

    if (best == SIZE_MAX)
        return NULL;
    if (server && balance_accept(server, choice))
        return server;
    return best_other(rotation, choice);
}
