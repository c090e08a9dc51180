/* All rows of `show stat` at one moment, kept to be gone through more than once, with the
 * figures of the whole program. Main only. */
#pragma once

#include "admin/stat_row.h"
#include "control/facts.h"

#include <stddef.h>

struct arena;
struct control;
struct row_filter;

struct snapshot {
    struct arena *arena; /* owned: the texts of the rows */
    struct facts facts;
    uint64_t now_ms; /* Unix */
    size_t count, room;
    struct stat_row *rows; /* owned */
    const struct row_filter *filter;
};

/* The filter is of use during the call only. */
void snapshot_take(struct snapshot *snapshot, const struct control *control,
                   const struct row_filter *filter);
void snapshot_deinit(struct snapshot *snapshot);
