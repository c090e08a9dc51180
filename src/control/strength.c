/* Each change is logged once, when it happens. */
#include "control/strength.h"

#include "backend/backend.h"
#include "base/clock.h"
#include "base/log.h"

#include <stdio.h>

/* Until the first verdicts are in, nothing can be said. */
static bool is_undecided(const struct backend *backend)
{
    if (backend->health != HEALTH_UNKNOWN)
        return false;
    for (size_t i = 0; i < backend->server_count; i++)
        if (server_is_down(backend->servers[i]) &&
            backend->servers[i]->health == HEALTH_UNKNOWN)
            return true;
    return false;
}

/* "1 of 3 servers of tier 1 are fit, 2 are needed" */
struct count_text {
    char chars[96];
};

static struct count_text describe(const struct backend *backend,
                                  const struct tiers *tiers, unsigned number)
{
    const struct tier *tier = &tiers->at[number];
    struct count_text text;

    (void)snprintf(text.chars, sizeof text.chars,
                   "%u of %u servers of tier %s are fit, %u are needed", tier->fit,
                   tier->servers, tiers_text(number).chars,
                   tiers_need(tier, &backend->recovery.min_healthy));
    return text;
}

static bool has_fit(const struct tiers *tiers)
{
    for (unsigned number = 1; number <= TIER_LAST; number++)
        if (tiers->at[number].fit)
            return true;
    return false;
}

static void log_end(const struct backend *backend, const struct tiers *tiers,
                    unsigned first)
{
    const char *name = backend->name;

    if (has_fit(tiers))
        log_error("backend %s refuses sessions: %s  backend=%s", name,
                  describe(backend, tiers, first).chars, name);
    else
        log_error("backend %s has no server left that is fit  backend=%s", name, name);
}

static void note_health(struct backend *backend, const struct tiers *tiers,
                        const struct tier_choice *choice)
{
    bool is_up = choice->tier;
    enum health next = is_up ? HEALTH_UP : HEALTH_DOWN;
    uint64_t now = clock_ms();

    if (backend->health == next || (!is_up && is_undecided(backend)))
        return;
    if (backend->health == HEALTH_DOWN)
        backend->down_ms += now - backend->changed_at;
    if (is_up) {
        log_notice("backend %s can serve  backend=%s", backend->name, backend->name);
    } else {
        backend->times_down++;
        log_end(backend, tiers, choice->first);
    }
    backend->health = next;
    backend->changed_at = now;
}

static void log_higher(const struct backend *backend, const char *tier, const char *why)
{
    log_warning("backend %s is served by tier %s: %s  backend=%s tier=\"%s\"",
                backend->name, tier, why, backend->name, tier);
}

static void log_too_few(const struct backend *backend, const char *tier, const char *why)
{
    log_warning("backend %s is below min-healthy, tier %s serves all the same: %s"
                "  backend=%s tier=\"%s\"",
                backend->name, tier, why, backend->name, tier);
}

static void log_fail_open(const struct backend *backend, const char *tier,
                          const char *why)
{
    log_error("backend %s fails open, tier %s serves fit or not: %s"
              "  backend=%s tier=\"%s\"",
              backend->name, tier, why, backend->name, tier);
}

static void log_first(const struct backend *backend, const char *tier, const char *why)
{
    (void)why;
    log_notice("backend %s is served by its first tier again  backend=%s tier=\"%s\"",
               backend->name, backend->name, tier);
}

static void (*const loggers[])(const struct backend *, const char *, const char *) = {
    [TIERS_FIRST] = log_first,     [TIERS_HIGHER] = log_higher,
    [TIERS_TOO_FEW] = log_too_few, [TIERS_FAIL_OPEN] = log_fail_open,
    [TIERS_NOBODY] = NULL, /* that is told as the backend's health */
};

static bool is_same(const struct tier_choice *one, const struct tier_choice *other)
{
    return one->reason == other->reason &&
           (one->tier == other->tier || one->reason == TIERS_FIRST);
}

static void note_choice(struct backend *backend, const struct tiers *tiers,
                        const struct tier_choice *next)
{
    struct tier_choice was = backend->serving;

    if (next->is_provisional)
        return;
    backend->serving = *next;
    if (is_same(&was, next) || next->reason == TIERS_NOBODY ||
        (next->reason == TIERS_FIRST && was.reason == TIERS_NOBODY))
        return;
    backend->times_degraded += next->reason != TIERS_FIRST;
    loggers[next->reason](backend, tiers_text(next->tier).chars,
                          describe(backend, tiers, next->first).chars);
}

void strength_note(struct backend *backend)
{
    struct tiers tiers = tiers_count(backend);
    struct tier_choice next = tiers_choose(&tiers, &backend->recovery);

    note_health(backend, &tiers, &next);
    note_choice(backend, &tiers, &next);
}
