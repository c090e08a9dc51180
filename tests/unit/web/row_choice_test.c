#include "web/row_choice.h"

#include "admin/stat_row.h"
#include "web/http_request.h"

#include <criterion/criterion.h>
#include <stdio.h>

TestSuite(row_choice);

static bool passes(const char *options, const struct stat_row *row)
{
    struct http_request request = { 0 };
    struct row_filter filter;

    cr_assert_lt(snprintf(request.options, sizeof request.options, "%s", options), 100);
    filter = row_choice_read(&request);
    return row_filter_passes(&filter, row);
}

Test(row_choice, knows_haproxys_options)
{
    static const struct stat_row up = { .kind = STAT_SERVER,
                                        .proxy = "app",
                                        .status = "UP" };
    static const struct stat_row going = { .kind = STAT_SERVER,
                                           .proxy = "app",
                                           .status = "UP 1/3" };
    static const struct stat_row free = { .kind = STAT_SERVER,
                                          .proxy = "app",
                                          .status = "no check" };
    static const struct stat_row down = { .kind = STAT_SERVER,
                                          .proxy = "app",
                                          .status = "DOWN" };
    static const struct stat_row maint = { .kind = STAT_SERVER,
                                           .proxy = "app",
                                           .status = "MAINT (resolution)" };
    static const struct stat_row backend = { .kind = STAT_BACKEND,
                                             .proxy = "app",
                                             .status = "DOWN" };

    cr_expect(passes("csv", &down));
    cr_expect(passes("up", &up));
    cr_expect(passes("up", &going));
    cr_expect(passes("up", &free));
    cr_expect_not(passes("up", &down));
    cr_expect_not(passes("up", &maint));
    cr_expect(passes("up", &backend));
    cr_expect_not(passes("csv;no-maint", &maint));
    cr_expect(passes("no-maint", &down));
    cr_expect(passes("scope=pp", &down));
    cr_expect_not(passes("scope=web", &backend));
}
