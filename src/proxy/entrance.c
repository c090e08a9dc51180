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

void entrance_destroy(struct entrance *entrance)
{
    if (!entrance)
        return;
    visitors_destroy(entrance->visitors);
    ledger_destroy(entrance->ledger);
    free(entrance->name);
    free(entrance);
}
