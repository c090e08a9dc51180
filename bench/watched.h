/* What a process and its children cost, as the kernel counts it. */
#pragma once

#include <dirent.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WATCHED_TEXT = 8192 };

typedef uint64_t watched_measure(pid_t pid);

/* A file that cannot be read, because its process is gone, is empty. */
static inline const char *watched_text(const char *path)
{
    static char text[WATCHED_TEXT];
    FILE *file = fopen(path, "r");

    text[0] = '\0';
    if (file) {
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        (void)fclose(file);
    }
    return text;
}

/* CPU time of the threads, user and system together. */
static inline uint64_t watched_threads_ns(pid_t pid)
{
    char path[512];
    uint64_t sum = 0;
    struct dirent *entry;
    DIR *folder;

    (void)snprintf(path, sizeof path, "/proc/%d/task", pid);
    folder = opendir(path);
    while (folder && (entry = readdir(folder))) {
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", pid,
                       entry->d_name);
        sum += strtoull(watched_text(path), NULL, 10);
    }
    if (folder)
        (void)closedir(folder);
    return sum;
}

/* CPU time of the threads, and of children that are gone: a reload leaves such behind. */
static inline uint64_t watched_cpu_ns(pid_t pid)
{
    uint64_t user = 0, kernel = 0;
    const char *rest;
    char path[64];

    (void)snprintf(path, sizeof path, "/proc/%d/stat", pid);
    rest = strrchr(watched_text(path), ')');
    for (int field = 2; rest && field < 16; field++)
        rest = strchr(rest + 1, ' ');
    if (rest && sscanf(rest, " %" SCNu64 " %" SCNu64, &user, &kernel) != 2)
        user = kernel = 0;
    return watched_threads_ns(pid) +
           (user + kernel) * (1000000000U / (uint64_t)sysconf(_SC_CLK_TCK));
}

static inline uint64_t watched_private_bytes(pid_t pid)
{
    uint64_t sum = 0;
    const char *line;
    char path[64];

    (void)snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
    line = watched_text(path);
    while ((line = strstr(line, "\nPrivate_"))) {
        line = strchr(line, ':');
        if (!line)
            break;
        sum += strtoull(line + 1, NULL, 10) * 1024;
    }
    return sum;
}

/* Sums over the process and all below it. */
static inline uint64_t watched_sum(pid_t pid, watched_measure *measure)
{
    uint64_t sum = measure(pid);
    char path[64], children[WATCHED_TEXT], *next = children;
    long child;

    (void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
    (void)snprintf(children, sizeof children, "%s", watched_text(path));
    while ((child = strtol(next, &next, 10)) > 0)
        sum += watched_sum((pid_t)child, measure);
    return sum;
}
