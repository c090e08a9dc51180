/* What the command line of usher-agent asks for. */
#pragma once

#include "agent/sample.h"
#include "base/address.h"
#include "base/option.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From where on a figure lowers the weight, and where it is lowest. */
struct threshold {
    bool is_on;
    int from, to;
};

struct disk_option {
    char *path; /* owned */
    struct threshold threshold;
    bool is_fatal; /* beyond the threshold the host is down */
};

struct options {
    struct address listen;
    struct threshold cpu, memory, load;
    struct disk_option disks[DISKS_MOST];
    size_t disk_count;
    uint64_t window_s; /* of the CPU's figure */
    char *root;        /* owned; "" or a folder */
    bool once, json, manual, version, help;
    const char *trouble; /* a sentence; NULL: all was understood */
    const char *word;    /* where */
};

struct options options_read(int count, char **words);
void options_deinit(struct options *options);
/* All of them. */
extern const struct option_row options_rows[];
