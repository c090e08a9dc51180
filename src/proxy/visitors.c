/* A slot is one word, who and how many, changed only as a whole: so it cannot be taken
 * for another client while somebody is being counted in it. */
#include "proxy/visitors.h"

#include "base/clock.h"
#include "base/counter.h"
#include "base/pace.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/network.h"
#include "base/random.h"

#include <stdatomic.h>
#include <stdlib.h>

enum {
    SLOTS = 1 << 16,
    PROBES = 8, /* slots in which a client may be */
    COUNT_BITS = 20,
};

#define COUNT_MASK ((UINT64_C(1) << COUNT_BITS) - 1)

struct slot {
    _Atomic uint64_t word; /* who in the high bits, sessions in the low ones */
    struct pace pace;
};

struct visitors {
    uint64_t seed; /* so that nobody outside knows who shares slots with whom */
    struct slot slots[SLOTS];
};

struct visitors *visitors_create(void)
{
    struct visitors *visitors = memory_new(sizeof *visitors);
    struct random random;

    random_init(&random);
    visitors->seed = random_next(&random);
    return visitors;
}

void visitors_destroy(struct visitors *visitors)
{
    free(visitors);
}

static uint64_t hash_of(const struct visitors *visitors, const struct endpoint *client)
{
    struct network network = network_of_client(client);

    return hash_mix(hash_bytes(network.ip, sizeof network.ip), visitors->seed);
}

static bool is_free(const struct slot *slot, uint64_t word, uint32_t second)
{
    uint64_t window = atomic_load(&slot->pace.window);

    return !(word & COUNT_MASK) && (uint32_t)(window >> 32) != second;
}

/* Counts one more of `who` in this slot, if it is theirs or nobody's: how many they are
 * now; 0: it is somebody else's. */
static uint64_t claim(struct slot *slot, uint64_t who, uint32_t second)
{
    uint64_t word = atomic_load(&slot->word), next;

    do {
        if ((word & ~COUNT_MASK) == who)
            next = word + 1;
        else if (is_free(slot, word, second))
            next = who | 1;
        else
            return 0;
    } while (!atomic_compare_exchange_weak(&slot->word, &word, next));
    return next & COUNT_MASK;
}

/* The slot that is theirs already, or else the first that can be; NULL for none. `count`
 * is how many they are now. */
static struct slot *find(struct visitors *visitors, uint64_t hash, uint32_t second,
                         uint64_t *count)
{
    uint64_t who = hash & ~COUNT_MASK;

    for (unsigned i = 0; i < 2 * PROBES; i++) {
        struct slot *slot = &visitors->slots[(hash + i % PROBES) % SLOTS];
        bool is_theirs = (atomic_load(&slot->word) & ~COUNT_MASK) == who;

        *count = is_theirs || i >= PROBES ? claim(slot, who, second) : 0;
        if (*count)
            return slot;
    }
    return NULL;
}

bool visitors_enter(struct visitors *visitors, const struct endpoint *client,
                    const struct visitors_limits *limits, uint32_t *place)
{
    uint32_t second = (uint32_t)(clock_ms() / 1000);
    uint64_t sessions;
    struct slot *slot = find(visitors, hash_of(visitors, client), second, &sessions);

    *place = VISITORS_UNCOUNTED;
    if (!slot)
        return true;
    *place = (uint32_t)(slot - visitors->slots) + 1;
    if ((!limits->sessions || sessions <= limits->sessions) &&
        pace_take(&slot->pace, second, limits->rate))
        return true;
    visitors_leave(visitors, *place);
    *place = VISITORS_UNCOUNTED;
    return false;
}

void visitors_leave(struct visitors *visitors, uint32_t place)
{
    if (place != VISITORS_UNCOUNTED)
        (void)atomic_fetch_sub(&visitors->slots[place - 1].word, 1);
}
