/* What two looks at the host come to, in percent. Pure. */
#pragma once

#include "agent/sample.h"

/* -1: unknown. CPU and memory are those of the host or of a cgroup above us with a limit,
 * whichever is nearer to its end. */
struct figures {
    int cpu_percent;
    int memory_percent;
    int load_percent; /* 100: one runnable for each CPU, over the last minute */
    unsigned load_hundredths, cpus;
    int disk_percents[DISKS_MOST];
};

struct figures figures_of(const struct sample *before, const struct sample *now);
