/* "up", "no-maint", "scope=app" */
#include "admin/row_filter.h"

#include "admin/http_request.h"
#include "admin/stat_row.h"

#include <stdio.h>
#include <string.h>

struct row_filter row_filter_read(const struct http_request *request)
{
    struct row_filter filter = { 0 };
    struct http_option option;
    size_t at = 0;

    while (http_request_option(request, &at, &option)) {
        filter.only_up |= !strcmp(option.name, "up");
        filter.no_maint |= !strcmp(option.name, "no-maint");
        if (!strcmp(option.name, "scope"))
            (void)snprintf(filter.scope, sizeof filter.scope, "%.255s", option.value);
    }
    return filter;
}

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
