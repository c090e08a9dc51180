/* Reads /proc. */
#include "support/proc.h"

#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_SIZE = 64, LINE_SIZE = 512, NAME_SIZE = 300, CLOSE_WAIT = 8 };

static FILE *open_file(pid_t pid, const char *name)
{
    char path[PATH_SIZE];

    (void)snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    return fopen(path, "re");
}

/* The number after a name at the start of a line; 0 for none. */
static uint64_t number_of(pid_t pid, const char *file_name, const char *name)
{
    FILE *file = open_file(pid, file_name);
    char line[LINE_SIZE];
    uint64_t number = 0;

    if (!file)
        return 0;
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, name, strlen(name)) == 0)
            number = strtoull(line + strlen(name), NULL, 10);
    }
    (void)fclose(file);
    return number;
}

static DIR *open_folder(pid_t pid, const char *name)
{
    char path[PATH_SIZE];

    (void)snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    return opendir(path);
}

int proc_descriptors(pid_t pid)
{
    DIR *folder = open_folder(pid, "fd");
    struct dirent *entry;
    int count = 0;

    if (!folder)
        return -1;
    while ((entry = readdir(folder)))
        count += isdigit((unsigned char)entry->d_name[0]) ? 1 : 0;
    (void)closedir(folder);
    return count;
}

uint64_t proc_memory_kb(pid_t pid)
{
    return number_of(pid, "smaps_rollup", "Anonymous:");
}

unsigned proc_threads(pid_t pid)
{
    return (unsigned)number_of(pid, "status", "Threads:");
}

pid_t proc_last_thread(pid_t pid)
{
    DIR *folder = open_folder(pid, "task");
    struct dirent *entry;
    long last = 0;

    if (!folder)
        return 0;
    while ((entry = readdir(folder))) {
        long id = strtol(entry->d_name, NULL, 10);

        last = id > last ? id : last;
    }
    (void)closedir(folder);
    return (pid_t)last;
}

uint64_t proc_cpu_ms(pid_t pid)
{
    FILE *file = open_file(pid, "stat");
    unsigned long user = 0, system = 0;
    int found = 0;

    if (!file)
        return 0;
    found = fscanf(file, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
                   &user, &system);
    (void)fclose(file);
    return found == 2 ? (user + system) * 1000 / (unsigned long)sysconf(_SC_CLK_TCK) : 0;
}

static bool owns_socket(pid_t pid, unsigned long inode)
{
    DIR *folder = open_folder(pid, "fd");
    struct dirent *entry;
    char wanted[PATH_SIZE];
    bool found = false;

    if (!folder)
        return false;
    (void)snprintf(wanted, sizeof wanted, "socket:[%lu]", inode);
    while (!found && (entry = readdir(folder))) {
        char target[NAME_SIZE] = "";

        if (readlinkat(dirfd(folder), entry->d_name, target, sizeof target - 1) > 0)
            found = strcmp(target, wanted) == 0;
    }
    (void)closedir(folder);
    return found;
}

unsigned proc_close_waits(pid_t pid)
{
    FILE *file = open_file(pid, "net/tcp");
    char line[LINE_SIZE];
    unsigned count = 0;

    if (!file)
        return 0;
    while (fgets(line, sizeof line, file)) {
        unsigned state = 0;
        unsigned long inode = 0;

        if (sscanf(line, " %*d: %*s %*s %x %*s %*s %*s %*u %*u %lu", &state, &inode) ==
                2 &&
            state == CLOSE_WAIT && owns_socket(pid, inode))
            count++;
    }
    (void)fclose(file);
    return count;
}

bool proc_has_read(unsigned port)
{
    FILE *file = open_file(getpid(), "net/tcp");
    char line[LINE_SIZE];
    bool has_read = false;

    if (!file)
        return false;
    while (fgets(line, sizeof line, file)) {
        unsigned far = 0, unread = 0;

        if (sscanf(line, " %*d: %*s %*x:%x %*x %*x:%x", &far, &unread) == 2 &&
            far == port)
            has_read = unread == 0;
    }
    (void)fclose(file);
    return has_read;
}
