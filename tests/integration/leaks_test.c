/* What many sessions leave behind: nothing. */
#include "support/kept.h"
#include "support/load.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/proc.h"
#include "support/usher.h"

TestSuite(leaks, .timeout = 200);

enum { CLIENTS = 8, CONNECTIONS = 20000, REQUESTS = 200000, SPARE_KB = 512 };

struct measure {
    int descriptors;
    uint64_t memory_kb;
};

static struct usher *start(void)
{
    return usher_start(USHER_WEB "log-session = off\n" USHER_APP
                                 "server = a %s\nserver = b %s\n",
                       origin_address(origin_start("a")),
                       origin_address(origin_start("b")));
}

static struct measure measure(struct usher *usher)
{
    eventually(usher_sessions(usher) == 0, 5000);
    return (struct measure){ proc_descriptors(usher_pid(usher)),
                             proc_memory_kb(usher_pid(usher)) };
}

static void run(struct usher *usher, uint64_t requests, unsigned per_visit)
{
    struct load_report report = load_run(
        (struct load_plan){ .address = usher_web(usher),
                            .clients = CLIENTS,
                            .requests = patience_volume(requests) / CLIENTS,
                            .per_visit = per_visit });

    cr_assert_eq(report.failed, 0, "%s", report.first_failure);
    cr_assert_eq(report.answered, patience_volume(requests) / CLIENTS * CLIENTS);
}

static void expect_nothing_left(struct usher *usher, struct measure before)
{
    struct measure after = measure(usher);

    eventually(proc_descriptors(usher_pid(usher)) <= before.descriptors, 5000);
    cr_expect_eq(usher_count(usher, "web", "FRONTEND", "scur"), 0);
    cr_expect_eq(usher_count(usher, "app", "BACKEND", "scur"), 0);
    cr_expect_eq(usher_count(usher, "app", "a", "scur"), 0);
    cr_expect_eq(proc_close_waits(usher_pid(usher)), 0);
    if (!patience_is_sanitized())
        cr_expect_leq(after.memory_kb, before.memory_kb + SPARE_KB, "from %d to %d kB",
                      (int)before.memory_kb, (int)after.memory_kb);
    usher_stop(usher);
}

Test(leaks, of_20000_connections_there_are_none)
{
    struct usher *usher = start();
    struct measure before;

    run(usher, CONNECTIONS / 10, 1);
    before = measure(usher);
    run(usher, CONNECTIONS, 1);
    expect_nothing_left(usher, before);
}

Test(leaks, of_200000_requests_there_are_none)
{
    struct usher *usher = start();
    struct measure before;

    run(usher, REQUESTS / 10, REQUESTS);
    before = measure(usher);
    run(usher, REQUESTS, REQUESTS);
    expect_nothing_left(usher, before);
}
