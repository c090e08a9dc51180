/* Rows are visited with texts that live shortly: the ones kept have copies. */
#include "admin/snapshot.h"

#include "admin/row_filter.h"
#include "admin/stat.h"
#include "base/arena.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What is made for a row; names live as long as their servers, constants for ever. */
static const size_t texts[] = {
    offsetof(struct stat_row, status),       offsetof(struct stat_row, address),
    offsetof(struct stat_row, check_status), offsetof(struct stat_row, last_check),
    offsetof(struct stat_row, tracked),      offsetof(struct stat_row, agent_status),
    offsetof(struct stat_row, last_agent),   offsetof(struct stat_row, tier),
};

static void keep_texts(struct arena *arena, struct stat_row *row)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char **text = (const char **)(void *)((char *)row + texts[i]);

        if (*text)
            *text = arena_copy(arena, *text, strlen(*text));
    }
}

static void keep(void *owner, const struct stat_row *row)
{
    struct snapshot *snapshot = owner;

    if (!row_filter_passes(snapshot->filter, row))
        return;
    if (snapshot->count == snapshot->room) {
        snapshot->room = snapshot->room ? 2 * snapshot->room : 16;
        snapshot->rows = memory_resize(snapshot->rows,
                                       snapshot->room * sizeof *snapshot->rows);
    }
    snapshot->rows[snapshot->count] = *row;
    keep_texts(snapshot->arena, &snapshot->rows[snapshot->count++]);
}

void snapshot_take(struct snapshot *snapshot, const struct control *control,
                   const struct row_filter *filter)
{
    const struct stat_request request = {
        .proxy_id = -1, .types = -1, .server_id = -1, .shows_addresses = true
    };
    struct timespec now;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    *snapshot = (struct snapshot){
        .arena = arena_create(),
        .facts = facts_read(control),
        .now_ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000,
        .filter = filter,
    };
    stat_each(control, &request, keep, snapshot);
    snapshot->filter = NULL;
}

void snapshot_deinit(struct snapshot *snapshot)
{
    free(snapshot->rows);
    arena_destroy(snapshot->arena);
    *snapshot = (struct snapshot){ .arena = NULL };
}
