/* conf/zookeeper.ini before a real ensemble: a member freezes, and its clients are served
 * by another one long before they would have noticed. */
#include "support/ensemble.h"
#include "support/keeper.h"
#include "support/kept.h"
#include "support/patience.h"
#include "support/usher.h"

#include <stdlib.h>
#include <string.h>

enum { SESSION_MS = 30000, SLOW_MS = 20000, TRIES = 12 };
/* Without usher, and without its checks, a client waits for two thirds of its session. */
enum { MOVED_MS = 2500, ALONE_MS = SESSION_MS * 2 / 3 };

TestSuite(zookeeper_failover, .timeout = 120);

static const char *const names[ENSEMBLE_SIZE] = { "a", "b", "c" };

static struct ensemble *ensemble;
static struct usher *usher;

/* The text with the first `old` replaced by `new`. */
static const char *with(const char *text, const char *old, const char *new)
{
    const char *found = strstr(text, old);

    cr_assert(found, "%s is not in conf/zookeeper.ini", old);
    return kept_format("%.*s%s%s", (int)(found - text), text, new, found + strlen(old));
}

static const char *configuration(void)
{
    const char *text = kept_file("conf/zookeeper.ini");

    for (unsigned i = 0; i < ENSEMBLE_SIZE; i++) {
        text = with(text, kept_format(" 127.0.0.1:2181%u", i + 1),
                    kept_format(" %s", ensemble_address(ensemble, i)));
        text = with(text, kept_format("bind = 127.0.0.%u:2181\n", i + 1),
                    kept_format("bind = 127.0.0.%u:0\n", i + 1));
    }
    return text;
}

static bool is_up(unsigned member)
{
    return !strcmp(usher_stat(usher, "ensemble", names[member], "status"), "UP");
}

static void start(void)
{
    ensemble = ensemble_start("");
    usher = usher_start("%s", configuration());
    for (unsigned i = 0; i < ENSEMBLE_SIZE; i++)
        eventually(is_up(i), SLOW_MS);
}

/* Each time at another address of usher, as a client does. */
static bool connect_somewhere(struct keeper *keeper)
{
    static unsigned turn;

    return keeper_connect(keeper, usher_address(usher, "zookeeper", turn++ % 3), 1000);
}

/* The only session's; ENSEMBLE_SIZE when there is none. */
static unsigned member_of_session(void)
{
    unsigned member = 0;

    while (member < ENSEMBLE_SIZE &&
           usher_count(usher, "ensemble", names[member], "scur") == 0)
        member++;
    return member;
}

/* Connected to a follower: a leader that freezes is another story, told by elections. */
static unsigned begin_session(struct keeper *keeper)
{
    for (unsigned i = 0; i < TRIES; i++) {
        eventually(connect_somewhere(keeper), SLOW_MS);
        eventually(member_of_session() < ENSEMBLE_SIZE, 5000);
        if (member_of_session() != ensemble_leader(ensemble))
            break;
        keeper_disconnect(keeper);
        eventually(member_of_session() == ENSEMBLE_SIZE, 5000);
    }
    cr_assert_lt(member_of_session(), ENSEMBLE_SIZE, "always at the leader");
    return member_of_session();
}

/* Asks, waits, and goes elsewhere when its connection is over. Returns how long that
 * took. */
static uint64_t serve_again(struct keeper *keeper)
{
    uint64_t began = patience_now_ms();

    while (!keeper_ping(keeper, ALONE_MS))
        eventually(connect_somewhere(keeper), SLOW_MS);
    return patience_now_ms() - began;
}

Test(zookeeper_failover, moves_the_clients_of_a_member_that_freezes)
{
    struct keeper keeper = keeper_new(SESSION_MS);
    unsigned frozen;
    int64_t session;
    uint64_t took_ms;

    start();
    frozen = begin_session(&keeper);
    session = keeper.session;
    cr_assert_eq(keeper.timeout_ms, SESSION_MS);
    eventually(keeper_create(&keeper, "/alive", 5000), SLOW_MS);

    ensemble_freeze(ensemble, frozen);
    took_ms = serve_again(&keeper);
    cr_expect_lt(took_ms, patience_ms(MOVED_MS), "it took %d ms", (int)took_ms);
    cr_expect_eq(keeper.session, session);
    cr_expect(keeper_finds(&keeper, "/alive", 5000));
    cr_expect_neq(member_of_session(), frozen);

    ensemble_thaw(ensemble, frozen);
    eventually(is_up(frozen), SLOW_MS);
    cr_expect(keeper_ping(&keeper, 5000));
    cr_expect_eq(keeper.session, session);
    keeper_disconnect(&keeper);
    usher_stop(usher);
    ensemble_stop(ensemble);
}
