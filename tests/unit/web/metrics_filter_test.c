#include "web/metrics_filter.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct metrics_filter filter;

static bool reads(const char *options)
{
    static struct http_request request;
    char head[HTTP_HEAD_MOST];

    (void)snprintf(head, sizeof head, "GET /metrics?%s HTTP/1.1\r\nHost: u\r\n\r\n",
                   options);
    cr_assert(http_request_read(head, strlen(head), &request));
    cr_assert_eq(request.status, 0);
    return metrics_filter_read(&request, &filter);
}

static bool passes(const char *prefix, const char *name)
{
    return metrics_filter_passes(&filter, prefix, name);
}

Test(metrics_filter, reads_scopes)
{
    static const struct {
        const char *options;
        unsigned scopes;
    } cases[] = {
        { "", METRICS_ALL },
        { "scope=*", METRICS_ALL },
        { "scope=server", METRICS_SERVER },
        { "scope=global&scope=backend", METRICS_GLOBAL | METRICS_BACKEND },
        { "scope=global&scope=&scope=frontend", METRICS_FRONTEND },
        { "scope=", 0 },
        { "scope=listener", 0 },
        { "no-maint&extra-counters", METRICS_ALL },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cr_expect(reads(cases[i].options), "%s", cases[i].options);
        cr_expect_eq(filter.scopes, cases[i].scopes, "%s", cases[i].options);
    }
    cr_expect_not(reads("scope=servers"));
    cr_expect_not(reads("scope=server&scope=x&scope=backend"));
}

Test(metrics_filter, lets_everything_pass_when_nothing_is_named)
{
    cr_expect(reads("scope=server"));
    cr_expect(passes("haproxy_process_", "jobs"));
    cr_expect(reads("metrics="));
    cr_expect(passes("haproxy_process_", "jobs"));
}

Test(metrics_filter, lets_only_pass_what_is_named)
{
    cr_expect(reads("metrics=haproxy_process_jobs,usher_build_info"));
    cr_expect(passes("haproxy_process_", "jobs"));
    cr_expect(passes("usher_", "build_info"));
    cr_expect_not(passes("haproxy_process_", "job"));
    cr_expect_not(passes("haproxy_process_", "jobs_total"));
    cr_expect_not(passes("haproxy_", "jobs"));
}

Test(metrics_filter, keeps_back_what_is_named_with_a_minus)
{
    cr_expect(reads("metrics=-haproxy_process_jobs"));
    cr_expect_not(passes("haproxy_process_", "jobs"));
    cr_expect(passes("haproxy_process_", "listeners"));

    cr_expect(reads("metrics=usher_a,usher_b&metrics=-usher_a"));
    cr_expect_not(passes("usher_", "a"));
    cr_expect(passes("usher_", "b"));
    cr_expect_not(passes("usher_", "c"));
}

Test(metrics_filter, takes_a_whole_line_of_names)
{
    char options[HTTP_LINE_MOST - 40] = "metrics=";

    memset(options + strlen(options), ',', sizeof options - strlen(options) - 3);
    (void)strcpy(options + sizeof options - 3, "ab");
    cr_expect(reads(options));
    cr_expect(passes("a", "b"));
    cr_expect_not(passes("a", "c"));
}
