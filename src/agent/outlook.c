/* A ring of looks, a second apart: the oldest is where the window begins. */
#include "agent/outlook.h"

#include "base/memory.h"

#include <stdlib.h>

struct outlook {
    size_t room;            /* samples of a window, and the one that begins it */
    size_t seen;            /* ever */
    struct sample *samples; /* owned; a ring */
    const char *disks[DISKS_MOST];
    struct sample_wish wish;
};

struct outlook *outlook_create(const struct options *options)
{
    struct outlook *outlook = memory_new(sizeof *outlook);

    outlook->room = (size_t)options->window_s + 1;
    outlook->samples = memory_new_array(outlook->room, sizeof *outlook->samples);
    for (size_t i = 0; i < options->disk_count; i++)
        outlook->disks[i] = options->disks[i].path;
    outlook->wish = (struct sample_wish){ options->root, outlook->disks,
                                          options->disk_count };
    return outlook;
}

void outlook_destroy(struct outlook *outlook)
{
    free(outlook->samples);
    free(outlook);
}

void outlook_look(struct outlook *outlook)
{
    sample_take(&outlook->samples[outlook->seen++ % outlook->room], &outlook->wish);
}

struct figures outlook_figures(const struct outlook *outlook)
{
    size_t newest = outlook->seen - 1;
    size_t oldest = outlook->seen > outlook->room ? outlook->seen - outlook->room : 0;

    ensure(outlook->seen);
    return figures_of(&outlook->samples[oldest % outlook->room],
                      &outlook->samples[newest % outlook->room]);
}
