/* Counters may stand still or be set back: then there is no figure. */
#include "agent/figures.h"

#include <string.h>

static int worse(int one, int other)
{
    return one > other ? one : other;
}

/* Rounded, at most 100; -1 of nothing. */
static int percent_of(uint64_t part, uint64_t whole)
{
    if (!whole)
        return -1;
    return part >= whole ? 100 : (int)((part * 100 + whole / 2) / whole);
}

static int host_cpu(const struct sample *before, const struct sample *now)
{
    if (!before->has_cpu || !now->has_cpu || now->cpu.total < before->cpu.total ||
        now->cpu.busy < before->cpu.busy)
        return -1;
    return percent_of(now->cpu.busy - before->cpu.busy,
                      now->cpu.total - before->cpu.total);
}

static int level_cpu(const struct sample_level *before, const struct sample_level *now,
                     uint64_t elapsed_us)
{
    if (!before->cpu_thousandths || !now->cpu_thousandths || now->cpu_us < before->cpu_us)
        return -1;
    return percent_of((now->cpu_us - before->cpu_us) * 1000,
                      elapsed_us * now->cpu_thousandths);
}

static int memory_percent(const struct memory_size *memory)
{
    return percent_of(memory->used_bytes, memory->total_bytes);
}

static void heed_levels(struct figures *figures, const struct sample *before,
                        const struct sample *now)
{
    uint64_t elapsed_us = now->at_us - before->at_us;

    for (size_t i = 0; i < now->level_count; i++) {
        const struct sample_level *level = &now->levels[i];

        figures->memory_percent = worse(figures->memory_percent,
                                        memory_percent(&level->memory));
        if (before->level_count == now->level_count)
            figures->cpu_percent = worse(figures->cpu_percent,
                                         level_cpu(&before->levels[i], level,
                                                   elapsed_us));
    }
}

struct figures figures_of(const struct sample *before, const struct sample *now)
{
    struct figures figures = {
        .cpu_percent = host_cpu(before, now),
        .memory_percent = now->has_memory ? memory_percent(&now->memory) : -1,
        .load_percent = -1,
        .load_hundredths = now->load_hundredths,
        .cpus = now->cpu.cpus,
    };

    if (now->has_load && now->has_cpu)
        figures.load_percent = (int)(now->load_hundredths / now->cpu.cpus);
    heed_levels(&figures, before, now);
    memcpy(figures.disk_percents, now->disk_percents, sizeof figures.disk_percents);
    return figures;
}
