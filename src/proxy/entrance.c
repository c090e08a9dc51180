/* Makes and unmakes entrances. */
#include "proxy/entrance.h"

#include "base/ledger.h"
#include "base/memory.h"
#include "proxy/visitors.h"

#include <stdlib.h>

struct entrance *entrance_create(const char *name, unsigned id, unsigned workers)
{
    struct entrance *entrance = memory_new(sizeof *entrance);

    entrance->name = memory_copy_text(name);
    entrance->id = id;
    entrance->ledger = ledger_create(workers);
    entrance->visitors = visitors_create();
    return entrance;
}

bool entrance_listens(const struct entrance *entrance)
{
    return !entrance->is_closed && !entrance->is_paused && !entrance->is_shut;
}

void entrance_set_limit(struct entrance *entrance, uint32_t maxconn)
{
    counter_set(&entrance->ceiling, (uint64_t)maxconn + 1);
}

void entrance_lift_limit(struct entrance *entrance)
{
    counter_set(&entrance->ceiling, 0);
}

bool entrance_has_limit(const struct entrance *entrance, uint32_t *maxconn)
{
    uint64_t ceiling = counter_read(&entrance->ceiling);

    if (ceiling)
        *maxconn = (uint32_t)(ceiling - 1);
    return ceiling;
}

void entrance_destroy(struct entrance *entrance)
{
    if (!entrance)
        return;
    visitors_destroy(entrance->visitors);
    ledger_destroy(entrance->ledger);
    free(entrance->name);
    free(entrance);
}
