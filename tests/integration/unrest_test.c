/* Reloads in the midst of everything: under load, and while servers come and go. */
#include "support/client.h"
#include "support/kept.h"
#include "support/load.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/proc.h"
#include "support/scratch.h"
#include "support/usher.h"
#include "support/wire.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

TestSuite(unrest, .timeout = 120);

enum {
    MOVES = 60,
    CROWD = 100,
    FLAPPING = 8,
    REMOVALS = 3,
    RELOADS = 1000,
    SPARE_KB = 4096
};

#define FAST_CHECKS                                                                      \
    "rise = 1\nfall = 1\ncheck-interval = 1ms\n"                                         \
    "check-interval-changing = 1ms\ncheck-interval-down = 1ms\n"

static const char *backends(const char *format)
{
    const char *text = "";

    for (int i = 0; i < CROWD; i++)
        text = kept_format("%s[backend z%d]\ncheck = off\n%s", text, i, format);
    return text;
}

static void expect_applied(const char *answer)
{
    cr_assert_eq(strncmp(answer, "applied", 7), 0, "%s", answer);
}

/* Many backends more make a reload last long, so that sessions begin in its midst. */
Test(unrest, survives_a_server_that_turns_from_an_address_into_a_name_and_back)
{
    static const char config[] = USHER_WEB "log-session = off\n" USHER_APP
                                           "check = off\nserver = a %s:%u\n%s";
    struct origin *a = origin_start("a");
    const char *crowd = backends("server = a 127.0.0.1:1\nserver = b 127.0.0.1:2\n");
    struct usher *usher = usher_start(config, "127.0.0.1", origin_port(a), crowd);
    const char *web = usher_web(usher);
    struct load *load = load_start((struct load_plan){ .address = web, .clients = 6 });

    eventually(load_answered(load) > 0, 5000);
    for (int i = 0; i < MOVES; i++) {
        const char *host = i % 2 ? "127.0.0.1" : "localhost";

        usher_rewrite(usher, config, host, origin_port(a), crowd);
        expect_applied(usher_admin(usher, "reload"));
    }
    (void)load_stop(load);
    usher_set_web(usher, web);
    cr_expect_str_eq(client_ask_once(web), "a");
    usher_stop(usher);
}

static void reload_often(struct usher *usher, uint64_t times)
{
    while (times--)
        expect_applied(usher_admin(usher, "reload"));
}

/* A generation without sessions goes at once, and not with the next second only. */
Test(unrest, of_reloads_leaves_no_memory_behind)
{
    struct usher *usher = usher_start(USHER_WEB USHER_APP "server = a %s\n",
                                      origin_address(origin_start("a")));
    uint64_t before, after;

    reload_often(usher, patience_volume(RELOADS / 5));
    before = proc_memory_kb(usher_pid(usher));
    reload_often(usher, patience_volume(RELOADS));
    after = proc_memory_kb(usher_pid(usher));
    if (!patience_is_sanitized())
        cr_expect_leq(after, before + SPARE_KB, "from %d to %d kB", (int)before,
                      (int)after);
    usher_stop(usher);
}

/* Servers at UNIX sockets that are there and not there, time and again. */
static struct flapping {
    const char *folder;
    int listeners[FLAPPING];
    pthread_t thread;
    atomic_bool is_over;
} flapping;

static const char *door(int number)
{
    return scratch_path(flapping.folder, kept_format("door%d", number));
}

/* Those who come all the time do not keep the doors where they are. */
static void let_all_in(void)
{
    struct pollfd waiting[FLAPPING];

    for (int i = 0; i < FLAPPING; i++)
        waiting[i] = (struct pollfd){ .fd = flapping.listeners[i], .events = POLLIN };
    for (int round = 0; round < 4 && poll(waiting, FLAPPING, 2) > 0; round++)
        for (int i = 0; i < FLAPPING; i++)
            if (waiting[i].revents)
                (void)close(accept(waiting[i].fd, NULL, NULL));
}

static void *flap(void *nothing)
{
    while (!atomic_load(&flapping.is_over)) {
        bool is_there = access("door0", F_OK) == 0;

        for (int i = 0; i < FLAPPING; i++) {
            char here[16], away[16];

            (void)snprintf(here, sizeof here, "door%d", i);
            (void)snprintf(away, sizeof away, "away%d", i);
            (void)rename(is_there ? here : away, is_there ? away : here);
        }
        let_all_in();
    }
    return nothing;
}

static void begin_to_flap(void)
{
    flapping.folder = scratch_create();
    for (int i = 0; i < FLAPPING; i++)
        flapping.listeners[i] = wire_listen(kept_format("unix:%s", door(i)), 1024);
    cr_assert_eq(chdir(flapping.folder), 0);
    cr_assert_eq(pthread_create(&flapping.thread, NULL, flap, NULL), 0);
}

static void end_flapping(void)
{
    atomic_store(&flapping.is_over, true);
    cr_assert_eq(pthread_join(flapping.thread, NULL), 0);
    scratch_remove(flapping.folder);
}

static const char *flapping_backends(void)
{
    const char *text = "";

    for (int i = 0; i < FLAPPING; i++)
        text = kept_format("%s[backend flap%d]\n" FAST_CHECKS "server = a unix:%s\n",
                           text, i, door(i));
    return text;
}

Test(unrest, survives_the_removal_of_backends_whose_servers_come_and_go)
{
    static const char config[] =
        "[global]\nworkers = 2\nlog-level = error\n" USHER_WEB USHER_APP
        "check = off\nserver = a %s\n%s";
    const char *a = origin_address(origin_start("a")), *more;
    struct usher *usher = usher_start(config, a, "");

    begin_to_flap();
    more = flapping_backends();
    for (int i = 0; i < REMOVALS; i++) {
        expect_applied(usher_reload(usher, config, a, more));
        eventually(usher_count(usher, "flap0", "a", "chkdown") > 1, 10000);
        expect_applied(usher_reload(usher, config, a, ""));
        eventually(!strstr(usher_admin(usher, "show stat"), "flap"), 10000);
        cr_assert_str_eq(client_ask_once(usher_web(usher)), "a");
    }
    end_flapping();
    usher_stop(usher);
}
