#include "agent/kernel_text.h"

#include <criterion/criterion.h>

static const char stat_text[] =
    "cpu  947008 425439 417938 873042 3853 5 57631 76695 11 12\n"
    "cpu0 464497 214717 203703 447705 1697 0 30701 38147 0 0\n"
    "cpu1 482510 210721 214234 425337 2156 0 26929 38547 0 0\n"
    "intr 61350206 0 9 0 0 0\nctxt 92538012\nbtime 1763800000\n";

static const char meminfo[] =
    "MemTotal:       24684092 kB\nMemFree:        21926848 kB\n"
    "MemAvailable:   18513069 kB\nBuffers:           40540 kB\n";

static const char cgroups[] = "9:name=systemd:/\n4:memory:/docker/2358c346\n"
                              "2:cpu,cpuacct:/both\n0::/system.slice/app.service\n";

Test(kernel_text, tells_of_cpus)
{
    struct cpu_ticks ticks;

    cr_assert(kernel_text_read_cpu(stat_text, &ticks));
    cr_expect_eq(ticks.cpus, 2);
    cr_expect_eq(ticks.busy, 947008 + 425439 + 417938 + 5 + 57631 + 76695);
    cr_expect_eq(ticks.total, ticks.busy + 873042 + 3853, "guests are users already");
    cr_expect(kernel_text_read_cpu("cpu 1 2 3 4\ncpu0 1 2 3 4\n", &ticks), "Linux 2.4");
    cr_expect_not(kernel_text_read_cpu("cpu 1 2 3 4\n", &ticks), "no CPU at all");
    cr_expect_not(kernel_text_read_cpu("cpu 1 2 3\ncpu0 1 2 3\n", &ticks));
    cr_expect_not(kernel_text_read_cpu("", &ticks));
}

Test(kernel_text, tells_of_memory)
{
    struct memory_size memory;

    cr_assert(kernel_text_read_memory(meminfo, &memory));
    cr_expect_eq(memory.total_bytes, UINT64_C(24684092) * 1024);
    cr_expect_eq(memory.used_bytes, (UINT64_C(24684092) - 18513069) * 1024);
    cr_expect_not(kernel_text_read_memory("MemTotal: 5 kB\n", &memory));
    cr_expect_not(
        kernel_text_read_memory("MemTotal: 5 kB\nMemAvailable: 6 kB\n", &memory));
    cr_expect_not(
        kernel_text_read_memory("MemTotal: 0 kB\nMemAvailable: 0 kB\n", &memory));
}

Test(kernel_text, tells_of_load)
{
    unsigned hundredths;

    cr_assert(kernel_text_read_load("5.07 5.11 5.29 7/123 7231\n", &hundredths));
    cr_expect_eq(hundredths, 507);
    cr_expect_not(kernel_text_read_load("high\n", &hundredths));
}

Test(kernel_text, tells_which_cgroup_is_ours)
{
    char path[64];

    cr_assert(kernel_text_read_cgroup(cgroups, "", path, sizeof path));
    cr_expect_str_eq(path, "/system.slice/app.service");
    cr_assert(kernel_text_read_cgroup(cgroups, "memory", path, sizeof path));
    cr_expect_str_eq(path, "/docker/2358c346");
    cr_assert(kernel_text_read_cgroup(cgroups, "cpuacct", path, sizeof path));
    cr_expect_str_eq(path, "/both");
    cr_expect_not(kernel_text_read_cgroup(cgroups, "mem", path, sizeof path));
    cr_expect_not(kernel_text_read_cgroup(cgroups, "memory", path, 8), "does not fit");
    cr_expect_not(kernel_text_read_cgroup("no colons\n0:\n", "", path, sizeof path));
}

Test(kernel_text, tells_of_limits)
{
    uint64_t number;

    cr_expect(kernel_text_read_quota("150000 100000\n", &number) && number == 1500);
    cr_expect_not(kernel_text_read_quota("max 100000\n", &number));
    cr_expect_not(kernel_text_read_quota("5 0\n", &number));
    cr_expect(kernel_text_read_bytes("1073741824\n", &number) && number == 1073741824);
    cr_expect_not(kernel_text_read_bytes("max\n", &number));
    cr_expect_not(kernel_text_read_bytes("9223372036854771712\n", &number), "version 1");
    cr_expect_not(kernel_text_read_bytes("0\n", &number));
}

Test(kernel_text, has_fields)
{
    static const char text[] = "nr_inactive_file 1\ninactive_file 42\nusage_usec 7\n";
    uint64_t number;

    cr_expect(kernel_text_read_field(text, "inactive_file", &number) && number == 42);
    cr_expect(kernel_text_read_field(text, "usage_usec", &number) && number == 7);
    cr_expect_not(kernel_text_read_field(text, "usage", &number));
    cr_expect_not(kernel_text_read_field("", "usage", &number));
}
