/* What cannot be read is left out: half a picture is better than none. */
#include "agent/sample.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

enum { TEXT_SIZE = 64 * 1024, PATH_SIZE = 4096 };

/* False when there is no such file; what does not fit is left out. */
static bool read_file(const char *path, char text[TEXT_SIZE])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    size_t length = 0;
    ssize_t got = 0;

    if (fd == -1)
        return false;
    while (length < TEXT_SIZE - 1 &&
           (got = read(fd, text + length, TEXT_SIZE - 1 - length)) > 0)
        length += (size_t)got;
    text[length] = '\0';
    (void)close(fd);
    return got != -1;
}

static bool read_below(const char *folder, const char *name, char text[TEXT_SIZE])
{
    char path[PATH_SIZE];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);

    return length > 0 && (size_t)length < sizeof path && read_file(path, text);
}

static void read_cpu_level(struct sample_level *level, const char *folder, char *text)
{
    if (read_below(folder, "cpu.max", text) &&
        kernel_text_read_quota(text, &level->cpu_thousandths) &&
        (!read_below(folder, "cpu.stat", text) ||
         !kernel_text_read_field(text, "usage_usec", &level->cpu_us)))
        level->cpu_thousandths = 0;
}

/* The names of one version's files. */
struct memory_files {
    const char *limit, *used, *inactive;
};

static const struct memory_files version2 = { "memory.max", "memory.current",
                                              "inactive_file" };
static const struct memory_files version1 = { "memory.limit_in_bytes",
                                              "memory.usage_in_bytes",
                                              "total_inactive_file" };

/* Pages of files that nobody uses can be had back at once. */
static void read_memory_level(struct sample_level *level,
                              const struct memory_files *files, const char *folder,
                              char *text)
{
    uint64_t limit, used, inactive = 0;

    if (!read_below(folder, files->limit, text) ||
        !kernel_text_read_bytes(text, &limit) || !read_below(folder, files->used, text) ||
        !kernel_text_read_bytes(text, &used))
        return;
    if (read_below(folder, "memory.stat", text))
        (void)kernel_text_read_field(text, files->inactive, &inactive);
    level->memory.total_bytes = limit;
    level->memory.used_bytes = used > inactive ? used - inactive : 0;
}

/* From the cgroup up to its root; `path` is cut on the way. */
static void read_levels(struct sample *sample, const struct memory_files *files,
                        char path[PATH_SIZE], size_t root_length)
{
    char text[TEXT_SIZE];

    while (sample->level_count < LEVELS_MOST) {
        struct sample_level *level = &sample->levels[sample->level_count++];
        char *slash = strrchr(path + root_length, '/');

        *level = (struct sample_level){ .cpu_thousandths = 0 };
        read_cpu_level(level, path, text);
        read_memory_level(level, files, path, text);
        if (!slash)
            return;
        *slash = '\0';
    }
}

static void read_hierarchy(struct sample *sample, const char *root,
                           const char *controller)
{
    bool is_version1 = *controller;
    char text[TEXT_SIZE], path[PATH_SIZE], own[PATH_SIZE / 2];
    int length = snprintf(path, sizeof path, "%s/sys/fs/cgroup%s%s", root,
                          is_version1 ? "/" : "", controller);
    size_t root_length = (size_t)length;

    if (!read_below(root, "proc/self/cgroup", text) ||
        !kernel_text_read_cgroup(text, controller, own, sizeof own) ||
        root_length + strlen(own) >= sizeof path)
        return;
    if (strcmp(own, "/") != 0)
        memcpy(path + root_length, own, strlen(own) + 1);
    read_levels(sample, is_version1 ? &version1 : &version2, path, root_length);
}

static int percent_of(uint64_t part, uint64_t whole)
{
    return whole ? (int)((part * 100 + whole / 2) / whole) : 0;
}

/* Blocks as `df` counts them, or inodes if fewer of them are left. */
static int disk_percent(const char *path)
{
    struct statvfs disk;
    uint64_t used;
    int blocks, inodes;

    if (statvfs(path, &disk) == -1)
        return -1;
    used = disk.f_blocks - disk.f_bfree;
    blocks = percent_of(used, used + disk.f_bavail);
    inodes = percent_of(disk.f_files - disk.f_ffree, disk.f_files);
    return blocks > inodes ? blocks : inodes;
}

static uint64_t now_us(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

void sample_take(struct sample *sample, const struct sample_wish *wish)
{
    char text[TEXT_SIZE];

    *sample = (struct sample){ .at_us = now_us() };
    sample->has_cpu = read_below(wish->root, "proc/stat", text) &&
                      kernel_text_read_cpu(text, &sample->cpu);
    sample->has_memory = read_below(wish->root, "proc/meminfo", text) &&
                         kernel_text_read_memory(text, &sample->memory);
    sample->has_load = read_below(wish->root, "proc/loadavg", text) &&
                       kernel_text_read_load(text, &sample->load_hundredths);
    read_hierarchy(sample, wish->root, "");
    read_hierarchy(sample, wish->root, "memory");
    for (size_t i = 0; i < wish->disk_count; i++)
        sample->disk_percents[i] = disk_percent(wish->disks[i]);
}
