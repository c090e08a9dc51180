/* A real ensemble behind usher: its members are known by what they say of themselves. */
#include "support/ensemble.h"
#include "support/keeper.h"
#include "support/kept.h"
#include "support/patience.h"
#include "support/usher.h"

#include <string.h>

enum { SESSION_MS = 30000, SLOW_MS = 20000 };

TestSuite(zookeeper, .timeout = 120);

#define CHECKS USHER_QUICK_CHECKS "check = zookeeper\ncheck-timeout = 1s\n"

static const char *const names[ENSEMBLE_SIZE] = { "a", "b", "c" };

static struct ensemble *ensemble;
static struct usher *usher;

/* The lines of the servers. */
static const char *members(void)
{
    const char *lines = "";

    for (unsigned i = 0; i < ENSEMBLE_SIZE; i++)
        lines = kept_format("%sserver = %s %s\n", lines, names[i],
                            ensemble_address(ensemble, i));
    return lines;
}

/* An ensemble, and usher before it. The lines are for the backend. */
static void start(const char *lines)
{
    ensemble = ensemble_start(CHECKS);
    usher = usher_start(USHER_WEB USHER_APP "%s%s", lines, members());
}

static void stop(void)
{
    usher_stop(usher);
    ensemble_stop(ensemble);
}

static bool is_so(const char *backend, unsigned member, const char *column,
                  const char *text)
{
    return !strcmp(usher_stat(usher, backend, names[member], column), text);
}

/* With a star before it while the next probe is under way. */
static bool is_checked(unsigned member, const char *code)
{
    return strstr(usher_stat(usher, "app", names[member], "check_status"), code) != NULL;
}

static bool is_up_as(unsigned member, const char *role)
{
    return is_so("app", member, "status", "UP") && is_checked(member, "L7OK") &&
           is_so("app", member, "last_chk", role);
}

static bool is_down_by(unsigned member, const char *code)
{
    return is_so("app", member, "status", "DOWN") && is_checked(member, code);
}

static bool is_served(void)
{
    struct keeper keeper = keeper_new(SESSION_MS);
    bool is_well = keeper_connect(&keeper, usher_web(usher), 2000) &&
                   keeper_ping(&keeper, 2000);

    keeper_disconnect(&keeper);
    return is_well;
}

/* A line for each check, not the nine with a stack trace that a mere connection makes. */
static void expect_quiet_checks(unsigned member)
{
    const char *log = ensemble_log(ensemble, member);

    cr_expect(strstr(log, "Processing srvr command from /127.0.0.1"));
    cr_expect_not(strstr(log, "Unable to read additional data"));
}

Test(zookeeper, members_are_up_with_the_role_that_they_name)
{
    unsigned leader, one, other;

    start(CHECKS);
    leader = ensemble_leader(ensemble);
    one = ensemble_follower(ensemble, 0);
    other = ensemble_follower(ensemble, 1);
    eventually(is_up_as(leader, "leader"), SLOW_MS);
    eventually(is_up_as(one, "follower"), SLOW_MS);
    eventually(is_up_as(other, "follower"), SLOW_MS);
    eventually(usher_logged(usher, "ensemble app is led by", names[leader], NULL), 10000);
    expect_quiet_checks(one);
    eventually(is_served(), SLOW_MS);

    ensemble_kill(ensemble, one);
    eventually(is_down_by(one, "L4CON"), SLOW_MS);
    eventually(is_up_as(other, "follower"), SLOW_MS);
    eventually(is_up_as(leader, "leader"), SLOW_MS);
    eventually(is_served(), SLOW_MS);
    ensemble_revive(ensemble, one);
    eventually(is_up_as(one, "follower"), SLOW_MS);
    stop();
}

/* So many failures are forgiven that only what a member says of itself counts. */
Test(zookeeper, members_without_a_quorum_are_down_at_once)
{
    unsigned leader, last, other;

    start("check = zookeeper\ncheck-interval = 100ms\nfall = 100\n"
          "check-interval-changing = 1s\ncheck-interval-down = 100ms\nrise = 1\n");
    leader = ensemble_leader(ensemble);
    last = ensemble_follower(ensemble, 0);
    other = ensemble_follower(ensemble, 1);
    eventually(is_up_as(last, "follower"), SLOW_MS);
    eventually(usher_logged(usher, "ensemble app is led by", names[leader], NULL), 10000);

    ensemble_kill(ensemble, other);
    ensemble_kill(ensemble, leader);
    eventually(is_down_by(last, "L7STS"), SLOW_MS);
    eventually(strstr(usher_stat(usher, "app", names[last], "last_chk"), "not serving"),
               SLOW_MS);
    eventually(usher_logged(usher, "went down: not serving", "certain", NULL), 1000);

    ensemble_revive(ensemble, leader);
    ensemble_revive(ensemble, other);
    eventually(is_so("app", last, "status", "UP"), SLOW_MS);
    eventually(is_served(), SLOW_MS);
    stop();
}

static bool is_serving(const char *backend, unsigned member)
{
    return is_so(backend, member, "status", "UP");
}

static bool is_led_by(unsigned member)
{
    for (unsigned i = 0; i < ENSEMBLE_SIZE; i++)
        if (is_serving("lead", i) != (i == member))
            return false;
    return true;
}

Test(zookeeper, elections_are_followed)
{
    unsigned before, after;

    ensemble = ensemble_start(CHECKS);
    usher = usher_start(
        USHER_WEB
        "[frontend writes]\nbind = 127.0.0.1:0\nbackend = lead\n" USHER_APP CHECKS
        "%s[backend lead]\n" CHECKS "zookeeper-role = leader\n%s",
        members(), members());
    before = ensemble_leader(ensemble);
    eventually(is_led_by(before), SLOW_MS);
    eventually(usher_logged(usher, "ensemble lead is led by", names[before], NULL),
               10000);

    ensemble_kill(ensemble, before);
    after = ensemble_leader(ensemble);
    cr_expect_neq(after, before);
    eventually(is_led_by(after), SLOW_MS);
    eventually(is_down_by(before, "L4CON"), SLOW_MS);
    for (unsigned i = 0; i < ENSEMBLE_SIZE; i++)
        if (i != before)
            eventually(is_serving("app", i), SLOW_MS);
    eventually(usher_logged(usher, "ensemble app is led by", "was=", names[after], NULL),
               10000);
    eventually(is_served(), SLOW_MS);

    ensemble_kill(ensemble, after);
    eventually(usher_logged(usher, "ensemble app has lost its quorum", NULL), SLOW_MS);
    eventually(usher_logged(usher, "ensemble lead has lost its quorum", NULL), SLOW_MS);
    ensemble_revive(ensemble, before);
    eventually(usher_logged(usher, "ensemble app serves again", NULL), SLOW_MS);
    cr_expect_leq(usher_log_count(usher, "ensemble app has lost its quorum"), 2);
    stop();
}

Test(zookeeper, frozen_members_are_down_until_they_answer)
{
    unsigned frozen;

    start(CHECKS "fall = 2\n");
    frozen = ensemble_follower(ensemble, 0);
    eventually(is_up_as(frozen, "follower"), SLOW_MS);
    ensemble_freeze(ensemble, frozen);
    eventually(is_down_by(frozen, "L7TOUT"), SLOW_MS);
    eventually(is_served(), SLOW_MS);
    ensemble_thaw(ensemble, frozen);
    eventually(is_so("app", frozen, "status", "UP"), SLOW_MS);
    stop();
}

enum { CONNECTIONS = 8 };

/* Members refuse whole addresses: whoever asks from another one is still answered. */
Test(zookeeper, members_that_are_full_are_down_for_checks_from_the_full_address)
{
    struct keeper keepers[CONNECTIONS];
    unsigned full;

    ensemble = ensemble_start(kept_format("maxClientCnxns=%d\n", CONNECTIONS));
    usher = usher_start(USHER_WEB USHER_APP CHECKS "%s[backend apart]\n" CHECKS
                                                   "check-source = 127.0.0.2\n%s",
                        members(), members());
    full = ensemble_follower(ensemble, 0);
    eventually(is_up_as(full, "follower"), SLOW_MS);
    for (unsigned i = 0; i < CONNECTIONS; i++) {
        keepers[i] = keeper_new(SESSION_MS);
        eventually(keeper_connect(&keepers[i], ensemble_address(ensemble, full), 1000),
                   SLOW_MS);
    }
    eventually(is_so("app", full, "status", "DOWN"), SLOW_MS);
    cr_expect(is_checked(full, "L7RSP") || is_checked(full, "L4CON"));
    cr_expect(usher_logged(usher, names[full], "went down:", "(3 of 3)", NULL));
    cr_expect(is_so("apart", full, "status", "UP"));
    cr_expect_eq(usher_count(usher, "apart", names[full], "chkdown"), 0);
    for (unsigned i = 0; i < CONNECTIONS; i++)
        keeper_disconnect(&keepers[i]);
    eventually(is_up_as(full, "follower"), SLOW_MS);
    stop();
}
