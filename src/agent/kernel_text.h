/* Reads the texts in which the kernel tells of itself: /proc and cgroups. Pure.
 *
 * Readers return false for a text that is not what they expect. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cpu_ticks {
    uint64_t busy, total;
    unsigned cpus;
};

/* /proc/stat */
bool kernel_text_read_cpu(const char *text, struct cpu_ticks *ticks);

struct memory_size {
    uint64_t total_bytes, used_bytes;
};

/* /proc/meminfo: what cannot be had without swapping is used. */
bool kernel_text_read_memory(const char *text, struct memory_size *memory);
/* /proc/loadavg: the last minute's, in hundredths. */
bool kernel_text_read_load(const char *text, unsigned *hundredths);

/* /proc/self/cgroup: the path in the hierarchy of this controller; "" is version 2. */
bool kernel_text_read_cgroup(const char *text, const char *controller, char *path,
                             size_t size);
/* cpu.max: thousandths of a CPU; false: no limit. */
bool kernel_text_read_quota(const char *text, uint64_t *thousandths);
/* memory.max, memory.current and those of version 1; false: none. */
bool kernel_text_read_bytes(const char *text, uint64_t *bytes);
/* "name N" on a line of its own, or "name: N". */
bool kernel_text_read_field(const char *text, const char *name, uint64_t *number);
