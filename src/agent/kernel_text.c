/* Nothing is taken on trust: a kernel may be older, newer, or what a container shows. */
#include "agent/kernel_text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOAD_MOST = 1000000 };

/* A cgroup of version 1 without a limit has nearly the largest number there is. */
static const uint64_t unlimited_bytes = UINT64_C(1) << 60;

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');

    return end ? end + 1 : line + strlen(line);
}

static unsigned count_cpus(const char *text)
{
    unsigned count = 0;

    for (; *text; text = next_line(text))
        count += !strncmp(text, "cpu", 3) && isdigit((unsigned char)text[3]);
    return count;
}

/* The next number of a line, behind blanks. */
static bool take_number(const char **text, uint64_t *number)
{
    char *end;

    *text += strspn(*text, " \t");
    if (!isdigit((unsigned char)**text))
        return false;
    *number = strtoull(*text, &end, 10);
    *text = end;
    return true;
}

enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, TICKS };

bool kernel_text_read_cpu(const char *text, struct cpu_ticks *ticks)
{
    uint64_t all[TICKS] = { 0 };
    const char *at = text + 3;
    int count = 0;

    if (strncmp(text, "cpu ", 4) != 0)
        return false;
    while (count < TICKS && take_number(&at, &all[count]))
        count++;
    ticks->busy = all[USER] + all[NICE] + all[SYSTEM] + all[IRQ] + all[SOFTIRQ] +
                  all[STEAL];
    ticks->total = ticks->busy + all[IDLE] + all[IOWAIT];
    ticks->cpus = count_cpus(text);
    return count > IDLE && ticks->cpus > 0;
}

bool kernel_text_read_field(const char *text, const char *name, uint64_t *number)
{
    size_t length = strlen(name);

    for (; *text; text = next_line(text)) {
        const char *at = text + length;

        if (strncmp(text, name, length) != 0)
            continue;
        at += *at == ':';
        if ((*at == ' ' || *at == '\t') && take_number(&at, number))
            return true;
    }
    return false;
}

bool kernel_text_read_memory(const char *text, struct memory_size *memory)
{
    uint64_t total_kb, available_kb;

    if (!kernel_text_read_field(text, "MemTotal", &total_kb) ||
        !kernel_text_read_field(text, "MemAvailable", &available_kb) || !total_kb ||
        available_kb > total_kb)
        return false;
    memory->total_bytes = total_kb * 1024;
    memory->used_bytes = (total_kb - available_kb) * 1024;
    return true;
}

/* "5.07 ..." */
bool kernel_text_read_load(const char *text, unsigned *hundredths)
{
    uint64_t whole;

    if (!take_number(&text, &whole) || whole > LOAD_MOST || *text != '.' ||
        !isdigit((unsigned char)text[1]) || !isdigit((unsigned char)text[2]))
        return false;
    *hundredths = (unsigned)whole * 100 + (unsigned)(text[1] - '0') * 10 +
                  (unsigned)(text[2] - '0');
    return true;
}

/* "4:memory,cpu:/path" */
static const char *path_in(const char *line, const char *controller, size_t length)
{
    const char *names = strchr(line, ':');
    const char *path = names ? strchr(names + 1, ':') : NULL;
    size_t wanted = strlen(controller);

    if (!path || path >= line + length)
        return NULL;
    for (names++; names <= path; names += strcspn(names, ",:") + 1)
        if (strcspn(names, ",:") == wanted && !strncmp(names, controller, wanted))
            return path + 1;
    return NULL;
}

bool kernel_text_read_cgroup(const char *text, const char *controller, char *path,
                             size_t size)
{
    for (; *text; text = next_line(text)) {
        size_t length = strcspn(text, "\n");
        const char *found = path_in(text, controller, length);

        if (!found || *found != '/' || (size_t)(text + length - found) >= size)
            continue;
        (void)snprintf(path, size, "%.*s", (int)(text + length - found), found);
        return true;
    }
    return false;
}

bool kernel_text_read_quota(const char *text, uint64_t *thousandths)
{
    uint64_t quota, period;

    if (!take_number(&text, &quota) || !take_number(&text, &period) || !period)
        return false;
    *thousandths = quota * 1000 / period;
    return *thousandths > 0;
}

bool kernel_text_read_bytes(const char *text, uint64_t *bytes)
{
    return take_number(&text, bytes) && *bytes && *bytes < unlimited_bytes;
}
