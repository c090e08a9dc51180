/* One look at the host: what /proc, the cgroups above us and the file systems say at one
 * moment. */
#pragma once

#include "agent/kernel_text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DISKS_MOST = 16, LEVELS_MOST = 16 };

/* One cgroup from ours up to the root. */
struct sample_level {
    uint64_t cpu_thousandths;  /* it may use; 0: no limit */
    uint64_t cpu_us;           /* it has used so far */
    struct memory_size memory; /* the total is its limit; 0: none */
};

struct sample {
    uint64_t at_us;
    bool has_cpu, has_memory, has_load;
    struct cpu_ticks cpu;
    struct memory_size memory;
    unsigned load_hundredths;
    size_t level_count; /* of version 2, then of version 1 */
    struct sample_level levels[LEVELS_MOST];
    int disk_percents[DISKS_MOST]; /* as `df` counts; -1: cannot be read */
};

struct sample_wish {
    const char *root; /* where /proc and /sys are; "" most often */
    const char *const *disks;
    size_t disk_count;
};

void sample_take(struct sample *sample, const struct sample_wish *wish);
