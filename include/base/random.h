/* Fast randomness for spreading load and jitter; never for secrets. */
#pragma once

#include <stdint.h>

struct random {
    uint64_t state;
};

/* Seeds from the system. */
void random_init(struct random *random);
uint64_t random_next(struct random *random);
/* 0 ... below - 1; `below` is at least 1. */
uint32_t random_below(struct random *random, uint32_t below);
