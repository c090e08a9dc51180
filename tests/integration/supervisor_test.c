/* A service manager, and what it is told of a life. */
#include "support/catcher.h"
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/usher.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

TestSuite(supervisor, .timeout = 60);

#define PLAIN USHER_WEB USHER_APP "check = off\nserver = a %s\n"

static const char *folder;

static struct catcher *listen_at(const char *name)
{
    struct catcher *manager = catcher_open_unix(name);

    cr_assert_eq(setenv("NOTIFY_SOCKET", name, 1), 0);
    return manager;
}

static struct catcher *manager_create(void)
{
    folder = scratch_create();
    return listen_at(scratch_path(folder, "notify"));
}

static const char *heard(struct catcher *manager, unsigned number)
{
    eventually(catcher_message(manager, number), 10000);
    return catcher_message(manager, number);
}

/* Lines of NAME=VALUE, each at the beginning of a line. */
static bool has(const char *message, const char *line)
{
    const char *at = strstr(message, line);

    return at && (at == message || at[-1] == '\n');
}

static uint64_t number_of(const char *message, const char *name)
{
    const char *at = strstr(message, name);

    cr_assert(at, "%s has no %s", message, name);
    return strtoull(at + strlen(name), NULL, 10);
}

static uint64_t now_us(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void expect_life(struct catcher *manager)
{
    const char *address = origin_address(origin_start("a"));
    struct usher *usher = usher_start(PLAIN, address);
    uint64_t before_us = now_us();

    cr_expect(has(heard(manager, 0), "STATUS=waiting"), "%s", heard(manager, 0));
    cr_expect(has(heard(manager, 1), "READY=1\n"), "%s", heard(manager, 1));
    cr_expect(has(heard(manager, 1), "STATUS=serving: generation 1, frontends: 1, "));
    (void)usher_reload(usher, PLAIN, address);
    cr_expect(has(heard(manager, 2), "RELOADING=1\n"), "%s", heard(manager, 2));
    cr_expect_geq(number_of(heard(manager, 2), "MONOTONIC_USEC="), before_us);
    cr_expect_leq(number_of(heard(manager, 2), "MONOTONIC_USEC="), now_us());
    cr_expect(has(heard(manager, 3), "READY=1\n"), "%s", heard(manager, 3));
    cr_expect(has(heard(manager, 3), "STATUS=serving: generation 2, "));
    usher_stop(usher);
    cr_expect(has(heard(manager, 4), "STOPPING=1\n"), "%s", heard(manager, 4));
    cr_expect_null(catcher_message(manager, 5));
}

Test(supervisor, is_told_of_start_reload_and_end)
{
    expect_life(manager_create());
    scratch_remove(folder);
}

Test(supervisor, may_listen_at_an_abstract_socket)
{
    expect_life(listen_at(kept_format("@usher-supervisor-test-%d", (int)getpid())));
}

/* Who was told is sent a client at once. */
Test(supervisor, hears_that_it_is_ready_when_clients_are_served)
{
    struct catcher *manager = manager_create();
    const char *web = kept_format("unix:%s", scratch_path(folder, "web"));
    struct usher_options options = { .at_once = true };
    struct usher *usher =
        usher_start_with(options,
                         "[frontend web]\nbind = %s\nbackend = app\n" USHER_APP
                         "check = off\nserver = a %s\n",
                         web, origin_address(origin_start("a")));

    (void)heard(manager, 1);
    cr_expect_str_eq(client_ask_once(web), "a");
    usher_stop(usher);
    scratch_remove(folder);
}

/* It is not ready while the first verdicts are awaited, not even by a reload. */
Test(supervisor, waits_for_the_first_verdicts)
{
    struct catcher *manager = manager_create();
    const char *config =
        kept_format("[global]\nworkers = 1\nstart-wait = 10m\n" USHER_WEB USHER_APP
                    "check-timeout = 1d\nserver = a %s\n",
                    origin_black_hole());
    struct usher_options options = { .at_once = true };
    struct usher *usher = usher_start_with(options, "%s", config);

    cr_expect_geq(number_of(heard(manager, 0), "EXTEND_TIMEOUT_USEC="), 600000000);
    eventually(usher_try_admin(usher, "show info"), 10000);
    cr_expect(strstr(usher_reload(usher, "%s", config), "applied"));
    cr_expect_null(catcher_message(manager, 1), "%s", catcher_message(manager, 1));
    usher_stop(usher);
    cr_expect(has(heard(manager, 1), "STOPPING=1\n"), "%s", heard(manager, 1));
    scratch_remove(folder);
}

Test(supervisor, is_told_of_a_reload_that_was_refused)
{
    struct catcher *manager = manager_create();
    struct usher *usher = usher_start(PLAIN, origin_address(origin_start("a")));

    (void)heard(manager, 1);
    cr_expect(strstr(usher_reload(usher, "[frontend web]\nbind = nowhere\n"), "refused"));
    cr_expect(has(heard(manager, 2), "RELOADING=1\n"));
    cr_expect(has(heard(manager, 3), "READY=1\n"));
    cr_expect(strstr(heard(manager, 3), "refused"), "%s", heard(manager, 3));
    cr_expect(strstr(heard(manager, 3), "generation 1,"), "%s", heard(manager, 3));
    usher_stop(usher);
    scratch_remove(folder);
}

Test(supervisor, gives_sessions_the_time_they_have)
{
    struct catcher *manager = manager_create();
    struct usher *usher = usher_start("[global]\nworkers = 2\ndrain-timeout = 1h\n" PLAIN,
                                      origin_address(origin_start("a")));

    (void)heard(manager, 1);
    usher_stop(usher);
    cr_expect_geq(number_of(heard(manager, 2), "EXTEND_TIMEOUT_USEC="), 3600000000);
    scratch_remove(folder);
}

Test(supervisor, has_a_watchdog_that_hears_of_usher_while_it_lives)
{
    struct catcher *manager = manager_create();
    struct usher *usher;

    (void)setenv("WATCHDOG_USEC", "100000", 1);
    usher = usher_start(PLAIN, origin_address(origin_start("a")));
    for (unsigned i = 0, barks = 0; barks < 3; i++)
        barks += !strcmp(heard(manager, i), "WATCHDOG=1");
    usher_stop(usher);
    scratch_remove(folder);
}

Test(supervisor, is_not_inherited_by_programs_that_usher_runs)
{
    struct catcher *manager = manager_create();
    const char *script = scratch_write(folder, "check",
                                       "#!/bin/sh\nenv > ${0%/*}/environment\n");
    const char *environment = scratch_path(folder, "environment");
    struct usher *usher;

    (void)manager;
    cr_assert_eq(chmod(script, 0700), 0);
    usher = usher_start("[global]\nworkers = 1\nexec-checks = yes\n" USHER_WEB USHER_APP
                        "check = exec\ncheck-command = %s\nserver = a %s\n",
                        script, origin_address(origin_start("a")));
    eventually(strstr(scratch_read(environment), "USHER_SERVER=a"), 10000);
    cr_expect_null(strstr(scratch_read(environment), "NOTIFY_SOCKET"));
    usher_stop(usher);
    scratch_remove(folder);
}
