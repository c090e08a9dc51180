/* What administrators wanted of servers outlives the program. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/usher.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static struct origin *origins[3];
static const char *folder, *path;

static void set_up(void)
{
    folder = scratch_create();
    path = kept_format("%s/state", folder);
    origins[0] = origin_start("a");
    origins[1] = origin_start("b");
    origins[2] = origin_start("c");
}

static void tear_down(void)
{
    scratch_remove(folder);
}

TestSuite(state, .timeout = 60, .init = set_up, .fini = tear_down);

static struct usher *start_with_weight(unsigned weight_of_c)
{
    return usher_start(
        "[global]\nworkers = 2\nstate-file = %s\nstate-max-age = 1h\n"
        "start-wait = 10s\n" USHER_WEB USHER_APP
        "server = a %s\nserver = b %s weight=10\nserver = c %s weight=%u\n",
        path, origin_address(origins[0]), origin_address(origins[1]),
        origin_address(origins[2]), weight_of_c);
}

static struct usher *start(void)
{
    return start_with_weight(10);
}

static void expect_first_state(struct usher *usher)
{
    eventually(usher_stat_is(usher, "app/a", "status", "MAINT"), 3000);
    cr_expect(usher_stat_is(usher, "app/b", "status", "DRAIN"));
    cr_expect(strstr(usher_admin(usher, "get weight app/c"), "5 (initial 10)"), "%s",
              usher_admin(usher, "get weight app/c"));
}

static void steer(struct usher *usher)
{
    (void)usher_admin(usher, "set server app/a state maint");
    (void)usher_admin(usher, "set server app/b state drain");
    (void)usher_admin(usher, "set weight app/c 5");
    expect_first_state(usher);
}

Test(state, is_kept_over_a_restart)
{
    struct usher *usher = start();
    struct stat facts;

    steer(usher);
    usher_stop(usher);
    cr_expect_eq(stat(path, &facts), 0);
    cr_expect_eq(facts.st_mode & 0777, 0600);
    usher = start();
    expect_first_state(usher);
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "c");
    usher_stop(usher);
}

Test(state, is_kept_when_usher_is_killed)
{
    struct usher *usher = start();

    steer(usher);
    eventually(access(path, R_OK) == 0 && strstr(scratch_read(path), "app/c"), 5000);
    usher_signal(usher, SIGKILL);
    usher_forget(usher);
    usher = start();
    expect_first_state(usher);
    usher_stop(usher);
}

Test(state, of_a_weight_yields_to_a_change_in_the_configuration)
{
    struct usher *usher = start();

    steer(usher);
    usher_stop(usher);
    usher = start_with_weight(20);
    cr_expect(strstr(usher_admin(usher, "get weight app/c"), "20 (initial 20)"));
    cr_expect(usher_stat_is(usher, "app/a", "status", "MAINT"));
    usher_stop(usher);
}

Test(state, is_forgotten_when_all_is_as_configured_again)
{
    struct usher *usher = start();

    steer(usher);
    (void)usher_admin(usher, "set server app/a state ready");
    (void)usher_admin(usher, "set server app/b state ready");
    (void)usher_admin(usher, "set weight app/c 10");
    usher_stop(usher);
    cr_expect_null(strstr(scratch_read(path), "app/"));
}

static void expect_ignored(const char *text, const char *why)
{
    struct usher *usher;

    (void)scratch_write(folder, "state", text);
    usher = start();
    cr_expect(usher_logged(usher, "warning", why, NULL), "%s\n%s", text,
              usher_log(usher));
    cr_expect_not(usher_stat_is(usher, "app/a", "status", "MAINT"), "%s", text);
    usher_stop(usher);
}

Test(state, that_cannot_be_understood_is_ignored_with_a_warning)
{
    const char *now = kept_format("usher state of %lld\n", (long long)time(NULL));

    expect_ignored("", "it is empty");
    expect_ignored("garbage\n", "it is no state file");
    expect_ignored("usher state of 99999999999\napp/a will=maint weight=1 of=1\n",
                   "it is of the future");
    expect_ignored("usher state of 1000000\napp/a will=maint weight=1 of=1\n",
                   "older than state-max-age");
    expect_ignored(kept_format("%sapp/a will=gone weight=1 of=1\n", now),
                   "state:2: this line is ignored");
    expect_ignored(kept_format("%sapp/a will=maint\n", now),
                   "state:2: this line is ignored");
    expect_ignored(kept_format("%s\napp/a will=maint weight=-1 of=1\n", now),
                   "state:3: this line is ignored");
}

Test(state, of_servers_that_are_gone_is_no_mistake)
{
    struct usher *usher;

    (void)
        scratch_write(folder, "state",
                      kept_format("usher state of %lld\nold/a will=maint weight=1 of=1\n"
                                  "app/x will=maint weight=1 of=1\n"
                                  "app/b will=maint weight=10 of=10\n",
                                  (long long)time(NULL)));
    usher = start();
    cr_expect(usher_stat_is(usher, "app/b", "status", "MAINT"));
    cr_expect_null(usher_logged(usher, "warning", NULL));
    usher_stop(usher);
}

Test(state, in_a_folder_that_is_not_there_is_told_once)
{
    struct usher *usher;

    path = kept_format("%s/none/state", folder);
    usher = start();
    steer(usher);
    (void)usher_admin(usher, "set server app/b state ready");
    eventually(usher_log_count(usher, "cannot be written") == 1, 5000);
    meanwhile(usher_log_count(usher, "cannot be written") == 1, 1500);
    usher_stop(usher);
}

static long long written_at(void)
{
    long long when = 0;

    cr_expect_eq(sscanf(scratch_read(path), "usher state of %lld", &when), 1);
    return when;
}

/* However long ago the administrator said it. */
Test(state, is_as_young_as_the_program_that_kept_it)
{
    long long long_ago = (long long)time(NULL) - 3000;
    struct usher *usher;

    (void)scratch_write(
        folder, "state",
        kept_format("usher state of %lld\napp/b will=maint weight=10 of=10\n", long_ago));
    usher = start();
    cr_expect(usher_stat_is(usher, "app/b", "status", "MAINT"));
    usher_stop(usher);
    cr_expect_gt(written_at(), long_ago + 2000);
    cr_expect(strstr(scratch_read(path), "app/b will=maint"));
}

Test(state, full_of_rubbish_is_told_in_few_lines)
{
    const char *text = kept_format("usher state of %lld\n", (long long)time(NULL));
    struct usher *usher;

    for (int i = 0; i < 100; i++)
        text = kept_format("%srubbish\n", text);
    (void)scratch_write(folder, "state", text);
    usher = start();
    cr_expect(usher_logged(usher, "100 lines are ignored", NULL));
    cr_expect_eq(usher_log_count(usher, "this line is ignored"), 10);
    usher_stop(usher);
}
