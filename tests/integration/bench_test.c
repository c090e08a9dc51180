/* What `make bench` says of what it measured. No measuring here: the figures are made
 * up. */
#include "support/kept.h"
#include "support/scratch.h"
#include "support/spawn.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const char *folder;

static void set_up(void)
{
    folder = scratch_create();
}

static void tear_down(void)
{
    scratch_remove(folder);
}

TestSuite(bench, .timeout = 60, .init = set_up, .fini = tear_down);

/* The second round fell into a bad moment of the machine, which met everybody. */
static const char measured[] = "short\t\tunit\tconnection\n"
                               "short\t\tjudged\tcpu\n"
                               "short\tusher\tcpu\t80\t0\n"
                               "short\thaproxy\tcpu\t100\t0\n"
                               "short\trelay\tcpu\t80\t0\n"
                               "short\tusher\tcpu\t240\t1\n"
                               "short\thaproxy\tcpu\t300\t1\n"
                               "short\trelay\tcpu\t240\t1\n"
                               "short\tusher\tcpu\t90\t2\n"
                               "short\thaproxy\tcpu\t90\t2\n"
                               "short\trelay\tcpu\t60\t2\n"
                               "short\tnginx\tcpu\t10\t0\n"
                               "short\tnginx\terrors\t1\t0\n"
                               "short\tnginx\tfailed\t1\t1\n"
                               "short-two\t\tunit\tconnection\n"
                               "short-two\t\tjudged\tcpu\n"
                               "short-two\t\tless\t1\n"
                               "short-two\t\tmore\t2\n"
                               "short-two\tusher\tless_cpu\t50\t0\n"
                               "short-two\tusher\tcpu\t75\t0\n"
                               "mixed\t\tunit\trequest\n"
                               "mixed\t\tjudged\tp99\n"
                               "mixed\tusher\tp99\t10\t0\n"
                               "mixed\tusher\tbeside\t50\t0\n"
                               "mixed\thaproxy\tp99\t20\t0\n"
                               "mixed\thaproxy\tbeside\t40\t0\n";

static const char *report(const char *ending)
{
    const char *results = scratch_path(folder, "results");
    struct spawned spawned =
        spawn_line("awk -v where=here -v results=%s -f bench/report.awk %s", results,
                   scratch_write(folder, "measured", measured));

    cr_assert_eq(spawned.status, 0, "%s", spawned.err);
    return scratch_read(kept_format("%s.%s", results, ending));
}

/* The beginning of a table's row, with each run of blanks as one. */
static bool has_row(const char *table, const char *wanted)
{
    char *dense = strdup(table), *to = dense;
    bool is_there;

    for (const char *from = dense; *from; from++)
        if (*from != ' ' || from[1] != ' ')
            *to++ = *from;
    *to = '\0';
    is_there = strstr(dense, wanted) != NULL;
    free(dense);
    return is_there;
}

/* 0.8, 0.8 and 1; 1, 1 and 1.5. The medians alone would say 0.9. */
Test(bench, compares_what_was_measured_in_the_same_round)
{
    const char *table = report("md");

    cr_expect(has_row(table, "| short | CPU us per connection | usher | 90 |"
                             " haproxy | 100 | 0.80 | 1.00 |"),
              "%s", table);
}

Test(bench, takes_none_for_the_best_that_had_errors)
{
    cr_expect(strstr(report("json"), "\"best peer\": \"haproxy\""));
    cr_expect(strstr(report("md"), "short: nginx failed in 1 rounds."));
    cr_expect(strstr(report("md"), "short: nginx had 1 errors."));
}

Test(bench, tells_the_price_of_more)
{
    cr_expect(has_row(report("md"), "| short-two | 1 | 2 | 1.50 |"));
    cr_expect(strstr(report("json"), "\"to less\": 1.50"));
}

Test(bench, tells_what_the_bulk_beside_came_to)
{
    const char *table = report("md");

    cr_expect(has_row(table, "| mixed | p99 us | usher | 10 | haproxy | 20 | 0.50 |"),
              "%s", table);
    cr_expect(has_row(table, "| mixed | bulk MB/s, much is good | usher | 50 |"
                             " haproxy | 40 | 1.25 | - |"),
              "%s", table);
}

Test(bench, writes_json_that_can_be_read)
{
    struct spawned spawned;

    (void)report("json");
    spawned = spawn_line("jq -e .workloads.mixed.usher.p99 %s",
                         scratch_path(folder, "results.json"));
    cr_expect_eq(spawned.status, 0, "%s", spawned.err);
    cr_expect_str_eq(spawned.out, "10\n");
}
