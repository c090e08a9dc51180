/* "up", "no-maint", "scope=app" */
#include "web/row_choice.h"

#include "web/http_request.h"

#include <stdio.h>
#include <string.h>

struct row_filter row_choice_read(const struct http_request *request)
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
