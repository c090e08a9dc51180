#include "agent/figures.h"

#include <criterion/criterion.h>

enum { SECOND_US = 1000000 };

static struct sample before, now;

static void set_up(void)
{
    before = (struct sample){ .at_us = SECOND_US,
                              .has_cpu = true,
                              .cpu = { .busy = 100, .total = 1000, .cpus = 4 } };
    now = (struct sample){ .at_us = 3 * SECOND_US,
                           .has_cpu = true,
                           .has_memory = true,
                           .has_load = true,
                           .cpu = { .busy = 150, .total = 1200, .cpus = 4 },
                           .memory = { .total_bytes = 1000, .used_bytes = 404 },
                           .load_hundredths = 600,
                           .disk_percents = { 70, -1 } };
}

TestSuite(figures, .init = set_up);

Test(figures, are_those_of_the_host)
{
    struct figures figures = figures_of(&before, &now);

    cr_expect_eq(figures.cpu_percent, 25);
    cr_expect_eq(figures.memory_percent, 40);
    cr_expect_eq(figures.load_percent, 150);
    cr_expect_eq(figures.disk_percents[0], 70);
    cr_expect_eq(figures.disk_percents[1], -1);
}

Test(figures, respect_the_limits_of_each_cgroup_above)
{
    before.level_count = now.level_count = 3;
    before.levels[1] = (struct sample_level){ .cpu_thousandths = 500, .cpu_us = 1000 };
    now.levels[1] = (struct sample_level){ .cpu_thousandths = 500,
                                           .cpu_us = 1000 + SECOND_US * 4 / 5 };
    now.levels[2].memory = (struct memory_size){ .total_bytes = 200, .used_bytes = 190 };

    struct figures figures = figures_of(&before, &now);

    cr_expect_eq(figures.cpu_percent, 80, "0.8 of the 1 second that half a CPU has in 2");
    cr_expect_eq(figures.memory_percent, 95);
}

Test(figures, are_those_of_the_host_when_a_limit_is_farther)
{
    before.level_count = now.level_count = 1;
    before.levels[0] = (struct sample_level){ .cpu_thousandths = 4000, .cpu_us = 0 };
    now.levels[0] = (struct sample_level){
        .cpu_thousandths = 4000,
        .cpu_us = SECOND_US,
        .memory = { .total_bytes = 200, .used_bytes = 2 },
    };

    struct figures figures = figures_of(&before, &now);

    cr_expect_eq(figures.cpu_percent, 25);
    cr_expect_eq(figures.memory_percent, 40);
}

Test(figures, are_not_made_up)
{
    struct sample nothing = { .at_us = 2 * SECOND_US };
    struct figures figures = figures_of(&nothing, &nothing);

    cr_expect_eq(figures.cpu_percent, -1);
    cr_expect_eq(figures.memory_percent, -1);
    cr_expect_eq(figures.load_percent, -1);
    cr_expect_eq(figures_of(&now, &now).cpu_percent, -1, "no time has passed");
    cr_expect_eq(figures_of(&now, &before).cpu_percent, -1, "counters were set back");
}

Test(figures, end_at_a_hundred)
{
    now.cpu = (struct cpu_ticks){ .busy = 400, .total = 1200, .cpus = 4 };
    now.memory.used_bytes = 5000;
    cr_expect_eq(figures_of(&before, &now).cpu_percent, 100);
    cr_expect_eq(figures_of(&before, &now).memory_percent, 100);
}
