/* splitmix64: one addition and three mixes, and any seed is a good one. */
#include "base/random.h"

#include "base/clock.h"
#include "base/memory.h"

#include <sys/random.h>

void random_init(struct random *random)
{
    ssize_t got = getrandom(&random->state, sizeof random->state, GRND_NONBLOCK);

    /* Early in a boot the system may have nothing to give yet; time must do then. */
    if (got != (ssize_t)sizeof random->state)
        random->state = clock_ms() ^ (uint64_t)(uintptr_t)random;
}

uint64_t random_next(struct random *random)
{
    uint64_t mixed = random->state += 0x9e3779b97f4a7c15;

    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
}

/* Multiplies instead of dividing; the rare product that would favour some numbers is
 * thrown away. */
uint32_t random_below(struct random *random, uint32_t below)
{
    uint32_t unfair;
    uint64_t product;

    ensure(below);
    unfair = -below % below;
    do
        product = (random_next(random) >> 32) * below;
    while ((uint32_t)product < unfair);
    return (uint32_t)(product >> 32);
}
