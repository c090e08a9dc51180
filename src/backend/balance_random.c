/* Two servers at random, by weight; the one with the lighter load. */
#include "backend/balance.h"

#include "backend/server.h"
#include "base/random.h"

static struct server *draw(const struct rotation *rotation, const struct choice *choice)
{
    uint32_t slot = random_below(choice->random, (uint32_t)rotation->slot_count);

    return rotation->servers[rotation->slots[slot]];
}

/* Compares sessions / weight without dividing. */
static bool is_lighter(const struct server *one, const struct server *other)
{
    uint64_t left = (uint64_t)gauge_read(&one->sessions) *
                    atomic_load(&other->fine_weight);
    uint64_t right = (uint64_t)gauge_read(&other->sessions) *
                     atomic_load(&one->fine_weight);

    return left < right;
}

static struct server *from_here_on(const struct rotation *rotation,
                                   const struct choice *choice)
{
    size_t start = random_below(choice->random, (uint32_t)rotation->count);

    for (size_t i = 0; i < rotation->count; i++) {
        struct server *server = rotation->servers[(start + i) % rotation->count];

        if (balance_accept(server, choice))
            return server;
    }
    return NULL;
}

static struct server *lighter_of_two(const struct rotation *rotation,
                                     const struct choice *choice)
{
    struct server *one = draw(rotation, choice), *other = draw(rotation, choice);
    struct server *lighter = is_lighter(other, one) ? other : one;
    struct server *heavier = lighter == one ? other : one;

    if (balance_accept(lighter, choice))
        return lighter;
    if (heavier != lighter && balance_accept(heavier, choice))
        return heavier;
    return from_here_on(rotation, choice);
}

const struct balancer balance_random = { "random", balance_spread, lighter_of_two, NULL };
