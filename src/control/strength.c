/* Each change is logged when it happens; of one that comes and goes all the time, where
 * it came to is. */
#include "control/strength.h"

#include "backend/backend.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/tidings.h"

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

/* "changes=12 ", or nothing for one that is told at once. */
struct change_text {
    char chars[24];
};

static struct change_text count_changes(unsigned changes)
{
    struct change_text text = { "" };

    if (changes)
        (void)snprintf(text.chars, sizeof text.chars, "changes=%u ", changes);
    return text;
}

static void log_end(const struct backend *backend, const struct tiers *tiers,
                    const char *figures)
{
    const char *name = backend->name;
    unsigned first = tiers_choose(tiers, &backend->recovery).first;

    if (has_fit(tiers))
        log_error("backend %s refuses sessions: %s  %sbackend=%s", name,
                  describe(backend, tiers, first).chars, figures, name);
    else
        log_error("backend %s has no server left that is fit  %sbackend=%s", name,
                  figures, name);
}

static void say_health(const struct backend *backend, const struct tiers *tiers,
                       unsigned changes)
{
    struct change_text figures = count_changes(changes);

    if (backend->health == HEALTH_DOWN)
        log_end(backend, tiers, figures.chars);
    else
        log_notice("backend %s can serve  %sbackend=%s", backend->name, figures.chars,
                   backend->name);
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
    backend->times_down += !is_up;
    backend->health = next;
    backend->changed_at = now;
    if (tidings_change(&backend->told_health, next))
        say_health(backend, tiers, 0);
}

/* What is said of a tier that serves. */
struct service_text {
    const char *tier, *why, *figures;
};

static void log_higher(const struct backend *backend, const struct service_text *text)
{
    log_warning("backend %s is served by tier %s: %s  %sbackend=%s tier=\"%s\"",
                backend->name, text->tier, text->why, text->figures, backend->name,
                text->tier);
}

static void log_too_few(const struct backend *backend, const struct service_text *text)
{
    log_warning("backend %s is below min-healthy, tier %s serves all the same: %s"
                "  %sbackend=%s tier=\"%s\"",
                backend->name, text->tier, text->why, text->figures, backend->name,
                text->tier);
}

static void log_fail_open(const struct backend *backend, const struct service_text *text)
{
    log_error("backend %s fails open, tier %s serves fit or not: %s"
              "  %sbackend=%s tier=\"%s\"",
              backend->name, text->tier, text->why, text->figures, backend->name,
              text->tier);
}

static void log_first(const struct backend *backend, const struct service_text *text)
{
    log_notice("backend %s is served by its first tier again  %sbackend=%s tier=\"%s\"",
               backend->name, text->figures, backend->name, text->tier);
}

static void say_nothing(const struct backend *backend, const struct service_text *text)
{
    (void)backend, (void)text;
}

static void (*const loggers[])(const struct backend *, const struct service_text *) = {
    [TIERS_FIRST] = log_first,     [TIERS_HIGHER] = log_higher,
    [TIERS_TOO_FEW] = log_too_few, [TIERS_FAIL_OPEN] = log_fail_open,
    [TIERS_NOBODY] = say_nothing, /* that is told as the backend's health */
};

static void say_serving(const struct backend *backend, const struct tiers *tiers,
                        unsigned changes)
{
    const struct tier_choice *serving = &backend->serving;
    struct tier_text tier = tiers_text(serving->tier);
    struct count_text why = describe(backend, tiers, serving->first);
    struct change_text figures = count_changes(changes);
    struct service_text text = { tier.chars, why.chars, figures.chars };

    loggers[serving->reason](backend, &text);
}

/* Its line among those that say who serves: two tiers are two lines. */
static unsigned line_of(const struct tier_choice *choice)
{
    unsigned tier = choice->reason == TIERS_FIRST ? 0 : choice->tier;

    return choice->reason * (TIER_LAST + 1) + tier;
}

static bool is_same(const struct tier_choice *one, const struct tier_choice *other)
{
    return line_of(one) == line_of(other);
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
    if (tidings_change(&backend->told_serving, line_of(next)))
        say_serving(backend, tiers, 0);
}

void strength_note(struct backend *backend)
{
    struct tiers tiers = tiers_count(backend);
    struct tier_choice next = tiers_choose(&tiers, &backend->recovery);

    note_health(backend, &tiers, &next);
    note_choice(backend, &tiers, &next);
}

void strength_tell(struct backend *backend)
{
    struct tiers tiers;
    unsigned changes;

    if (backend->is_stale ||
        (!backend->told_health.untold && !backend->told_serving.untold))
        return;
    tiers = tiers_count(backend);
    changes = tidings_due(&backend->told_health, backend->health);
    if (changes)
        say_health(backend, &tiers, changes);
    changes = tidings_due(&backend->told_serving, line_of(&backend->serving));
    if (changes)
        say_serving(backend, &tiers, changes);
}
