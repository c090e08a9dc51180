#include "control/ensemble.h"

#include <criterion/criterion.h>

enum { GRACE_MS = 1000 };

static struct ensemble ensemble;
static struct voice voices[3];
static uint64_t now_ms;

static void all_say(enum member_role role)
{
    for (unsigned i = 0; i < 3; i++)
        voices[i].said.role = role;
}

static void leads(unsigned member, uint64_t epoch)
{
    voices[member].said.role = MEMBER_LEADER;
    voices[member].said.zxid = epoch << 32 | 17;
}

static void falls(unsigned member)
{
    voices[member].is_up = false;
    voices[member].said = (struct member){ .role = MEMBER_UNKNOWN };
}

static struct ensemble_news note(void)
{
    struct voices all = { voices, 3 };

    return ensemble_note(&ensemble, all, now_ms, GRACE_MS);
}

/* B leads, and that is known. */
static void set_up(void)
{
    static const char *const names[] = { "a", "b", "c" };

    for (unsigned i = 0; i < 3; i++)
        voices[i] = (struct voice){ .name = names[i], .is_up = true };
    now_ms = 1000000;
    all_say(MEMBER_FOLLOWER);
    leads(1, 4);
    (void)note();
}

TestSuite(ensemble, .init = set_up);

static void expect_nothing_new(void)
{
    struct ensemble_news news = note();

    cr_expect_not(news.is_led_anew);
    cr_expect_not(news.has_changed);
}

static void expect_state(enum ensemble_state state)
{
    struct ensemble_news news = note();

    cr_expect(news.has_changed);
    cr_expect_eq(ensemble.state, state);
    cr_expect_not(news.is_led_anew);
    expect_nothing_new();
}

static void expect_leader(const char *name, const char *before)
{
    struct ensemble_news news = note();

    cr_expect(news.is_led_anew);
    cr_expect_str_eq(ensemble.leader, name);
    cr_expect_str_eq(news.old_leader, before);
    expect_nothing_new();
}

Test(ensemble, is_not_heard_of_before_a_member_names_its_role)
{
    ensemble = (struct ensemble){ .state = ENSEMBLE_UNHEARD };
    for (unsigned i = 0; i < 3; i++)
        falls(i);
    expect_nothing_new();
    cr_expect_eq(ensemble.state, ENSEMBLE_UNHEARD);
    voices[0].is_up = true;
    expect_nothing_new();
    voices[0].said.role = MEMBER_FOLLOWER;
    expect_state(ENSEMBLE_WELL);
}

Test(ensemble, is_led_by_whoever_says_so)
{
    ensemble = (struct ensemble){ .state = ENSEMBLE_UNHEARD };
    cr_expect(note().is_led_anew);
    cr_expect_str_eq(ensemble.leader, "b");
    cr_expect_eq(ensemble.epoch, 4);
    expect_nothing_new();
}

Test(ensemble, tells_of_a_new_leader_once)
{
    falls(1);
    expect_nothing_new();
    leads(2, 5);
    expect_leader("c", "b");
    cr_expect_eq(ensemble.epoch, 5);
}

Test(ensemble, tells_when_the_same_one_was_elected_again)
{
    leads(1, 6);
    expect_leader("b", "b");
    cr_expect_eq(ensemble.epoch, 6);
}

Test(ensemble, follows_the_leader_of_the_highest_epoch)
{
    leads(0, 3);
    expect_nothing_new();
    leads(2, 5);
    expect_leader("c", "b");
    cr_expect_eq(ensemble_successor((struct voices){ voices, 3 }, &voices[0].said), 5);
    cr_expect_eq(ensemble_successor((struct voices){ voices, 3 }, &voices[1].said), 5);
    cr_expect_eq(ensemble_successor((struct voices){ voices, 3 }, &voices[2].said), 0);
}

Test(ensemble, knows_that_the_epoch_of_a_follower_means_nothing)
{
    voices[0].said.zxid = (uint64_t)9 << 32;
    expect_nothing_new();
    cr_expect_eq(ensemble_successor((struct voices){ voices, 3 }, &voices[1].said), 0);
    voices[0].said.zxid = (uint64_t)3 << 32;
    cr_expect_eq(ensemble_successor((struct voices){ voices, 3 }, &voices[0].said), 0);
}

Test(ensemble, has_lost_its_quorum_when_nobody_serves)
{
    falls(0);
    falls(1);
    expect_nothing_new();
    falls(2);
    expect_state(ENSEMBLE_LOST);
    leads(0, 5);
    cr_expect(note().has_changed);
    cr_expect_eq(ensemble.state, ENSEMBLE_WELL);
    cr_expect_str_eq(ensemble.leader, "a");
}

Test(ensemble, is_not_lost_by_one_answer_that_was_missed)
{
    all_say(MEMBER_UNKNOWN);
    expect_nothing_new();
    cr_expect_eq(ensemble.state, ENSEMBLE_WELL);
}

Test(ensemble, serves_by_members_whose_role_is_not_wanted_here)
{
    falls(1);
    voices[0].is_up = voices[2].is_up = false;
    expect_nothing_new();
    cr_expect_eq(ensemble.state, ENSEMBLE_WELL);
}

Test(ensemble, is_leaderless_when_its_leader_is_silent_for_too_long)
{
    falls(1);
    now_ms += GRACE_MS;
    expect_nothing_new();
    now_ms++;
    expect_state(ENSEMBLE_LEADERLESS);
    leads(0, 5);
    cr_expect(note().has_changed);
    cr_expect_eq(ensemble.state, ENSEMBLE_WELL);
}

Test(ensemble, has_time_to_find_a_leader_after_it_was_lost)
{
    for (unsigned i = 0; i < 3; i++)
        falls(i);
    now_ms += GRACE_MS * 10;
    expect_state(ENSEMBLE_LOST);
    now_ms += GRACE_MS * 10;
    voices[0].is_up = true;
    voices[0].said.role = MEMBER_FOLLOWER;
    expect_state(ENSEMBLE_WELL);
    now_ms += GRACE_MS + 1;
    expect_state(ENSEMBLE_LEADERLESS);
}

Test(ensemble, without_a_leader_among_its_servers_misses_none)
{
    ensemble = (struct ensemble){ .state = ENSEMBLE_UNHEARD };
    all_say(MEMBER_OBSERVER);
    expect_state(ENSEMBLE_WELL);
    now_ms += GRACE_MS * 10;
    expect_nothing_new();
}
