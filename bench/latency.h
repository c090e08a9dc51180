/* How long things took: counts by duration, exact to one part in 256. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { LATENCY_PARTS = 256, LATENCY_ROWS = 40 };

struct latency {
    uint64_t total;
    uint64_t counts[LATENCY_PARTS * LATENCY_ROWS];
};

static inline void latency_clear(struct latency *latency)
{
    memset(latency, 0, sizeof *latency);
}

static inline void latency_add(struct latency *latency, uint64_t ns)
{
    size_t row = ns < LATENCY_PARTS ? 0 : (size_t)(55 - __builtin_clzll(ns));
    size_t place = row * LATENCY_PARTS + (size_t)(ns >> row);

    latency->total++;
    if (place < LATENCY_PARTS * LATENCY_ROWS)
        latency->counts[place]++;
}

/* In microseconds; 0 without anything counted. */
static inline double latency_percentile(const struct latency *latency, double percent)
{
    double wanted = (double)latency->total * percent / 100.;
    uint64_t seen = 0;
    size_t place = 0, row;

    while (place < LATENCY_PARTS * LATENCY_ROWS - 1) {
        seen += latency->counts[place];
        if ((double)seen >= wanted)
            break;
        place++;
    }
    row = place < LATENCY_PARTS ? 0 : place / LATENCY_PARTS - 1;
    return (double)((uint64_t)(place - row * LATENCY_PARTS) << row) / 1e3;
}
