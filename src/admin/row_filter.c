#include "admin/row_filter.h"

#include "admin/stat_row.h"

#include <string.h>

bool row_filter_passes(const struct row_filter *filter, const struct stat_row *row)
{
    const char *status = row->status ? row->status : "";

    if (*filter->scope && !strstr(row->proxy, filter->scope))
        return false;
    if (row->kind != STAT_SERVER)
        return true;
    if (filter->no_maint && !strncmp(status, "MAINT", 5))
        return false;
    return !filter->only_up || !strncmp(status, "UP", 2) || !strcmp(status, "no check");
}
