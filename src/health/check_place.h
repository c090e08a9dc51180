/* Where a check asks, and from where. Private to the health folder. */
#pragma once

#include "health/check_settings.h"

/* At the server's own address, or where the settings say instead; `place` holds that.
 * NULL: nowhere yet. */
const struct address *check_place_find(const struct check_settings *settings,
                                       const struct address *own, struct address *place);
/* Each time the next source that is of the kind of `where`. NULL: the system chooses. */
const struct address *check_place_source(const struct check_settings *settings,
                                         const struct address *where, size_t *turn);
