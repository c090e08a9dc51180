/* Strict turns over all workers together, each server as often as its weight says. */
#include "backend/backend.h"
#include "backend/balance.h"

static struct server *next_in_turn(const struct rotation *rotation,
                                   const struct choice *choice)
{
    size_t turn = turn_take(&rotation->backend->turn) % rotation->slot_count;

    for (size_t i = 0; i < rotation->slot_count; i++) {
        uint32_t slot = rotation->slots[(turn + i) % rotation->slot_count];

        if (balance_accept(rotation->servers[slot], choice))
            return rotation->servers[slot];
    }
    return NULL;
}

const struct balancer balance_roundrobin = { "roundrobin", balance_spread, next_in_turn,
                                             NULL };
