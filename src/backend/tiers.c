/* Counts the fit servers of each tier, and chooses the one that serves. */
#include "backend/tiers.h"

#include "backend/backend.h"

#include <stdio.h>

unsigned tiers_number(const struct server *server)
{
    return server->priority + (server->backup ? TIER_PRIORITIES : 0);
}

static bool is_undecided(const struct server *server)
{
    return server->is_checked && server->health == HEALTH_UNKNOWN &&
           !server_is_away(server);
}

struct tier_text tiers_text(unsigned number)
{
    struct tier_text text = { "backup" };

    if (number <= TIER_PRIORITIES)
        (void)snprintf(text.chars, sizeof text.chars, "%u", number);
    else if (number > TIER_PRIORITIES + 1)
        (void)snprintf(text.chars, sizeof text.chars, "backup %u",
                       number - TIER_PRIORITIES);
    return text;
}

struct tiers tiers_count(const struct backend *backend)
{
    struct tiers tiers = { 0 };

    for (size_t i = 0; i < backend->server_count; i++) {
        const struct server *server = backend->servers[i];
        struct tier *tier = &tiers.at[tiers_number(server)];

        if (server->is_leaving)
            continue;
        tier->servers++;
        if (!server_is_willing(server))
            continue;
        tier->willing++;
        tier->fit += server_is_fit(server);
        tier->undecided += is_undecided(server);
    }
    return tiers;
}

unsigned tiers_need(const struct tier *tier, const struct share *min_healthy)
{
    unsigned need = min_healthy->amount;

    if (min_healthy->is_percent)
        need = (tier->servers * need + 99) / 100;
    if (need > tier->servers)
        need = tier->servers;
    return need ? need : 1;
}

typedef bool tier_question(const struct tier *tier, const struct share *min_healthy);

static bool has_any(const struct tier *tier, const struct share *min_healthy)
{
    (void)min_healthy;
    return tier->servers;
}

static bool has_enough(const struct tier *tier, const struct share *min_healthy)
{
    return tier->fit >= tiers_need(tier, min_healthy);
}

static bool may_have_enough(const struct tier *tier, const struct share *min_healthy)
{
    return tier->fit + tier->undecided >= tiers_need(tier, min_healthy);
}

static bool has_fit(const struct tier *tier, const struct share *min_healthy)
{
    (void)min_healthy;
    return tier->fit;
}

static bool has_willing(const struct tier *tier, const struct share *min_healthy)
{
    (void)min_healthy;
    return tier->willing;
}

/* The number of the lowest tier of which it is true; 0 for none. */
static unsigned lowest(const struct tiers *tiers, const struct share *min_healthy,
                       tier_question *question)
{
    for (unsigned number = 1; number <= TIER_LAST; number++)
        if (question(&tiers->at[number], min_healthy))
            return number;
    return 0;
}

bool tiers_depend_on(const struct tiers *tiers, const struct share *min_healthy,
                     unsigned number)
{
    for (unsigned other = 1; other <= TIER_LAST; other++)
        if (other != number && has_enough(&tiers->at[other], min_healthy))
            return false;
    return true;
}

static struct tier_choice fail_open(const struct tiers *tiers,
                                    const struct share *min_healthy)
{
    return (struct tier_choice){ .reason = TIERS_FAIL_OPEN,
                                 .tier = lowest(tiers, min_healthy, has_willing) };
}

static struct tier_choice use_too_few(const struct tiers *tiers,
                                      const struct share *min_healthy)
{
    return (struct tier_choice){ .reason = TIERS_TOO_FEW,
                                 .tier = lowest(tiers, min_healthy, has_fit) };
}

static struct tier_choice refuse(const struct tiers *tiers,
                                 const struct share *min_healthy)
{
    (void)tiers, (void)min_healthy;
    return (struct tier_choice){ .reason = TIERS_NOBODY };
}

/* What happens when no tier has enough. */
static struct tier_choice (*const fallbacks[])(const struct tiers *,
                                               const struct share *) = {
    [BELOW_REFUSE] = refuse,
    [BELOW_FAIL_OPEN] = fail_open,
    [BELOW_BACKUP] = use_too_few,
};

/* Those who may still turn out to be fit are no reason to refuse, or to fail open. */
static struct tier_choice choose_below(const struct tiers *tiers,
                                       const struct recovery_settings *rules,
                                       bool is_provisional)
{
    unsigned below = is_provisional ? BELOW_BACKUP : rules->below;

    return fallbacks[below](tiers, &rules->min_healthy);
}

struct tier_choice tiers_choose(const struct tiers *tiers,
                                const struct recovery_settings *rules)
{
    const struct share *min_healthy = &rules->min_healthy;
    unsigned first = lowest(tiers, min_healthy, has_any);
    unsigned enough = lowest(tiers, min_healthy, has_enough);
    unsigned possible = lowest(tiers, min_healthy, may_have_enough);
    struct tier_choice choice = { .tier = enough };

    if (enough)
        choice.reason = enough == first ? TIERS_FIRST : TIERS_HIGHER;
    else
        choice = choose_below(tiers, rules, possible);
    if (!choice.tier)
        choice.reason = TIERS_NOBODY;
    choice.first = first;
    choice.is_provisional = possible != enough;
    return choice;
}

bool tiers_serve(const struct tier_choice *choice, const struct server *server)
{
    if (!choice->tier || tiers_number(server) != choice->tier)
        return false;
    return choice->reason == TIERS_FAIL_OPEN ? server_is_willing(server)
                                             : server_is_fit(server);
}
