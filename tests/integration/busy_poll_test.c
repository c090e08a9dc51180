/* Workers that stay awake for a while, as long as somebody has something to say. */
#include "support/client.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/proc.h"
#include "support/usher.h"

TestSuite(busy_poll, .timeout = 60);

#define CONFIG(busy_poll)                                                                \
    "[global]\nworkers = 1\nbusy-poll = " busy_poll "\n" USHER_WEB USHER_APP             \
    "check = off\nserver = a %s\n"

enum { RESTED_MS = 300 };

static uint64_t cpu_ms_of_rest(struct usher *usher)
{
    uint64_t before = proc_cpu_ms(usher_pid(usher));

    meanwhile(true, RESTED_MS);
    return proc_cpu_ms(usher_pid(usher)) - before;
}

/* Asked again and again, so that it has no reason to sleep. */
static uint64_t cpu_ms_of_asking(struct usher *usher, struct client *client)
{
    uint64_t before = proc_cpu_ms(usher_pid(usher)),
             until = patience_now_ms() + RESTED_MS;

    while (patience_now_ms() < until) {
        cr_assert_str_eq(client_ask(client, "who"), "a");
        patience_pause();
    }
    return proc_cpu_ms(usher_pid(usher)) - before;
}

Test(busy_poll, keeps_awake_who_has_work_and_lets_others_sleep)
{
    struct origin *origin = origin_start("a");
    struct usher *usher = usher_start(CONFIG("on"), origin_address(origin));
    struct client *client = client_connect(usher);
    uint64_t awake, asleep;

    cr_expect_str_eq(usher_info(usher, "BusyPolling"), "1");
    cr_expect_str_eq(client_ask(client, "who"), "a");
    cr_expect_lt(cpu_ms_of_rest(usher), RESTED_MS / 2, "nobody said anything");
    awake = cpu_ms_of_asking(usher, client);

    (void)usher_reload(usher, CONFIG("off"), origin_address(origin));

    cr_expect_str_eq(usher_info(usher, "BusyPolling"), "0");
    asleep = cpu_ms_of_asking(usher, client);
    cr_expect_gt(awake, asleep, "%d ms awake, %d ms else", (int)awake, (int)asleep);
    client_close(client);
    usher_stop(usher);
}
