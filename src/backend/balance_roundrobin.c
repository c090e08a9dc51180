/* Strict turns over all workers together, each server as often as its weight says. */
#include "backend/backend.h"
#include "backend/balance.h"

static struct server *next_in_turn(const struct rotation *rotation,
                                   const struct choice *choice)
{
    size_t turn = turn_take(&rotation->backend->turn) % rotation->slot_count;

    return balance_walk(rotation, choice, turn);
}

const struct balancer balance_roundrobin = { "roundrobin", balance_spread, next_in_turn,
                                             NULL };
