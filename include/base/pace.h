/* Lets so many pass in each second, over all threads together, without locks. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct pace {
    _Atomic uint64_t
        window; /* the second in the high half, what it has seen in the low */
};

/* Would another one pass? `most` as below, but not 0. */
static inline bool pace_has_room(const struct pace *pace, uint32_t second, uint64_t most)
{
    uint64_t window = atomic_load(&pace->window);

    return (uint32_t)(window >> 32) != second || (uint32_t)window < most;
}

/* Passes at most `most` in each second; 0: all. `second` is the present one. */
static inline bool pace_take(struct pace *pace, uint32_t second, uint64_t most)
{
    uint64_t window = atomic_load(&pace->window), next;

    if (!most)
        return true;
    do {
        bool is_new = (uint32_t)(window >> 32) != second;

        next = is_new ? (uint64_t)second << 32 | 1 : window + 1;
        if ((uint32_t)next > most)
            return false;
    } while (!atomic_compare_exchange_weak(&pace->window, &window, next));
    return true;
}
