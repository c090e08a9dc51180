#include "servers.h"

static struct backend *backend;

static void tear_down(void)
{
    backend_destroy(backend);
}

TestSuite(tiers, .timeout = 20, .fini = tear_down);

static const struct share one = { .amount = 1 }, two = { .amount = 2 },
                          half = { .amount = 50, .is_percent = true };

/* Of tier 1, tier 3 and the backups: servers, fit, willing, undecided. Tier 3 is not
 * there in all rows. */
static const struct {
    struct tier low, high, backups;
    const struct share *min_healthy;
    enum below below;
    unsigned tier;
    enum tier_reason reason;
} table[] = {
#define REFUSE BELOW_REFUSE
#define OPEN BELOW_FAIL_OPEN
#define BACKUP BELOW_BACKUP
#define BACKUPS (TIER_PRIORITIES + 1)
#define NO_TIER                                                                          \
    {                                                                                    \
        0, 0, 0, 0                                                                       \
    }
    /* As ever: backups serve when nobody else can. */
    { { 3, 3, 3, 0 }, NO_TIER, { 2, 2, 2, 0 }, &one, BACKUP, 1, TIERS_FIRST },
    { { 3, 1, 3, 0 }, NO_TIER, { 2, 2, 2, 0 }, &one, BACKUP, 1, TIERS_FIRST },
    { { 3, 0, 3, 0 }, NO_TIER, { 2, 1, 2, 0 }, &one, BACKUP, BACKUPS, TIERS_HIGHER },
    { { 3, 0, 3, 0 }, NO_TIER, { 2, 0, 2, 0 }, &one, BACKUP, 0, TIERS_NOBODY },
    { NO_TIER, NO_TIER, { 2, 1, 2, 0 }, &one, BACKUP, BACKUPS, TIERS_FIRST },
    { NO_TIER, NO_TIER, NO_TIER, &one, BACKUP, 0, TIERS_NOBODY },
    /* The lowest tier that has enough. */
    { { 3, 2, 3, 0 }, { 2, 2, 2, 0 }, { 1, 1, 1, 0 }, &two, REFUSE, 1, TIERS_FIRST },
    { { 3, 1, 3, 0 }, { 2, 2, 2, 0 }, { 1, 1, 1, 0 }, &two, REFUSE, 3, TIERS_HIGHER },
    { { 3, 1, 3, 0 },
      { 2, 1, 2, 0 },
      { 1, 1, 1, 0 },
      &two,
      REFUSE,
      BACKUPS,
      TIERS_HIGHER },
    { { 4, 2, 4, 0 }, { 4, 4, 4, 0 }, NO_TIER, &half, REFUSE, 1, TIERS_FIRST },
    { { 5, 2, 5, 0 }, { 4, 2, 4, 0 }, NO_TIER, &half, REFUSE, 3, TIERS_HIGHER },
    /* None has. */
    { { 3, 1, 3, 0 }, { 2, 1, 2, 0 }, { 2, 1, 2, 0 }, &two, REFUSE, 0, TIERS_NOBODY },
    { { 3, 1, 3, 0 }, { 2, 1, 2, 0 }, { 2, 1, 2, 0 }, &two, BACKUP, 1, TIERS_TOO_FEW },
    { { 3, 0, 3, 0 }, { 2, 1, 2, 0 }, { 2, 1, 2, 0 }, &two, BACKUP, 3, TIERS_TOO_FEW },
    { { 3, 0, 3, 0 },
      { 2, 0, 2, 0 },
      { 2, 1, 2, 0 },
      &two,
      BACKUP,
      BACKUPS,
      TIERS_TOO_FEW },
    { { 3, 0, 3, 0 }, { 2, 0, 2, 0 }, { 2, 0, 2, 0 }, &two, BACKUP, 0, TIERS_NOBODY },
    { { 3, 1, 3, 0 }, { 2, 1, 2, 0 }, { 2, 1, 2, 0 }, &two, OPEN, 1, TIERS_FAIL_OPEN },
    { { 3, 0, 2, 0 }, { 2, 1, 2, 0 }, { 2, 1, 2, 0 }, &two, OPEN, 1, TIERS_FAIL_OPEN },
    { { 3, 0, 0, 0 }, { 2, 0, 1, 0 }, { 2, 1, 2, 0 }, &two, OPEN, 3, TIERS_FAIL_OPEN },
    { { 3, 0, 0, 0 }, NO_TIER, { 2, 0, 0, 0 }, &two, OPEN, 0, TIERS_NOBODY },
    /* Who is not judged yet is no reason for anything but to serve with what is there. */
    { { 3, 0, 3, 3 }, NO_TIER, NO_TIER, &one, OPEN, 0, TIERS_NOBODY },
    { { 3, 1, 3, 1 }, NO_TIER, NO_TIER, &two, OPEN, 1, TIERS_TOO_FEW },
    { { 3, 1, 3, 1 }, NO_TIER, NO_TIER, &two, REFUSE, 1, TIERS_TOO_FEW },
    { { 4, 1, 4, 1 },
      NO_TIER,
      NO_TIER,
      &(const struct share){ .amount = 3 },
      OPEN,
      1,
      TIERS_FAIL_OPEN },
};

Test(tiers, serve_by_a_table)
{
    for (size_t i = 0; i < COUNT(table); i++) {
        struct recovery_settings rules = { .min_healthy = *table[i].min_healthy,
                                           .below = table[i].below };
        struct tiers tiers = { .at = { [1] = table[i].low,
                                       [3] = table[i].high,
                                       [BACKUPS] = table[i].backups } };
        struct tier_choice choice = tiers_choose(&tiers, &rules);

        cr_expect_eq(choice.tier, table[i].tier, "row %zu: tier %u", i, choice.tier);
        cr_expect_eq(choice.reason, table[i].reason, "row %zu: reason %u", i,
                     choice.reason);
    }
}

Test(tiers, are_chosen_for_now_only_while_verdicts_that_matter_are_out)
{
    static const struct {
        struct tier first, second;
        bool is_provisional;
    } cases[] = {
        { { 3, 0, 3, 3 }, NO_TIER, true },
        { { 3, 1, 3, 1 }, { 2, 2, 2, 0 }, true },
        { { 3, 2, 3, 1 }, NO_TIER, false },
        { { 3, 0, 3, 1 }, { 2, 2, 2, 0 }, false },
        { { 3, 0, 3, 0 }, { 2, 2, 2, 0 }, false },
        { { 3, 0, 3, 0 }, { 2, 1, 2, 1 }, true },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct recovery_settings rules = { .min_healthy = two, .below = BACKUP };
        struct tiers tiers = { .at = { [1] = cases[i].first, [2] = cases[i].second } };

        cr_expect_eq(tiers_choose(&tiers, &rules).is_provisional, cases[i].is_provisional,
                     "case %zu", i);
    }
}

Test(tiers, depend_on_one_when_no_other_has_enough)
{
    static const struct {
        struct tier first, second, backups;
        unsigned number;
        bool is_alone;
    } cases[] = {
        { { 3, 2, 3, 0 }, NO_TIER, NO_TIER, 1, true },
        { { 3, 2, 3, 0 }, { 2, 1, 2, 0 }, { 2, 0, 2, 0 }, 1, true },
        { { 3, 2, 3, 0 }, { 2, 2, 2, 0 }, NO_TIER, 1, false },
        { { 3, 2, 3, 0 }, { 2, 2, 2, 0 }, NO_TIER, 2, false },
        { { 3, 1, 3, 0 }, { 2, 2, 2, 0 }, NO_TIER, 2, true },
        { { 3, 2, 3, 0 }, NO_TIER, { 1, 1, 1, 0 }, 1, false },
        { { 3, 2, 3, 0 }, NO_TIER, { 1, 0, 1, 0 }, 1, true },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct tiers tiers = { .at = { [1] = cases[i].first,
                                       [2] = cases[i].second,
                                       [BACKUPS] = cases[i].backups } };

        cr_expect_eq(tiers_depend_on(&tiers, &two, cases[i].number), cases[i].is_alone,
                     "case %zu", i);
    }
}

Test(tiers, need_one_server_at_least_and_all_at_most)
{
    static const struct {
        struct share min_healthy;
        unsigned servers, need;
    } cases[] = {
        { { .amount = 0 }, 3, 1 },
        { { .amount = 2 }, 3, 2 },
        { { .amount = 5 }, 3, 3 },
        { { .amount = 5 }, 0, 1 },
        { { .amount = 0, .is_percent = true }, 3, 1 },
        { { .amount = 1, .is_percent = true }, 300, 3 },
        { { .amount = 50, .is_percent = true }, 3, 2 },
        { { .amount = 50, .is_percent = true }, 4, 2 },
        { { .amount = 67, .is_percent = true }, 3, 3 },
        { { .amount = 100, .is_percent = true }, 5000, 5000 },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct tier tier = { .servers = cases[i].servers };

        cr_expect_eq(tiers_need(&tier, &cases[i].min_healthy), cases[i].need, "case %zu",
                     i);
    }
}

Test(tiers, have_backups_behind_all_priorities)
{
    static const struct {
        unsigned priority;
        bool backup;
        const char *text;
    } cases[] = {
        { 1, false, "1" },     { 2, false, "2" },       { 256, false, "256" },
        { 1, true, "backup" }, { 2, true, "backup 2" }, { 256, true, "backup 256" },
    };
    unsigned before = 0;

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct server server = { .priority = cases[i].priority,
                                 .backup = cases[i].backup };

        cr_expect_str_eq(tiers_text(tiers_number(&server)).chars, cases[i].text);
        cr_expect_gt(tiers_number(&server), before);
        cr_expect_leq(tiers_number(&server), TIER_LAST);
        before = tiers_number(&server);
    }
}

static void check(struct server *server, enum health health)
{
    server->is_checked = true;
    server->health = health;
}

Test(tiers, count_who_is_fit_willing_and_undecided)
{
    static const struct agent_report drained = { .percent = 100, .will = WILL_DRAIN };
    struct tier tier;

    backend = make_backend(&balance_roundrobin, NULL, 9);
    check(backend->servers[0], HEALTH_UP);
    check(backend->servers[1], HEALTH_DOWN);
    check(backend->servers[2], HEALTH_UNKNOWN);
    backend->servers[3]->will = WILL_MAINT;
    server_set_agent(backend->servers[4], &drained);
    server_set_weight(backend->servers[5], 0);
    backend->servers[6]->is_ejected = true;
    backend->servers[7]->is_leaving = true;
    backend->servers[8]->priority = 7;

    tier = tiers_count(backend).at[1];
    cr_expect_eq(tier.servers, 7);
    cr_expect_eq(tier.fit, 1);
    cr_expect_eq(tier.willing, 4);
    cr_expect_eq(tier.undecided, 1);
    cr_expect_eq(tiers_count(backend).at[7].fit, 1);
}

Test(tiers, open_for_all_but_who_is_not_wanted)
{
    struct tier_choice choice = { .tier = 1, .reason = TIERS_TOO_FEW };

    backend = make_backend(&balance_roundrobin, NULL, 1);
    check(backend->servers[0], HEALTH_DOWN);
    cr_expect_not(tiers_serve(&choice, backend->servers[0]));
    choice.reason = TIERS_FAIL_OPEN;
    cr_expect(tiers_serve(&choice, backend->servers[0]));

    choice.tier = 2;
    cr_expect_not(tiers_serve(&choice, backend->servers[0]));
    choice.tier = 1;
    backend->servers[0]->will = WILL_DRAIN;
    cr_expect_not(tiers_serve(&choice, backend->servers[0]));
    backend->servers[0]->will = 0;
    backend->servers[0]->is_unplaced = true;
    cr_expect_not(tiers_serve(&choice, backend->servers[0]));
}
