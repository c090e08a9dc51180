/* Rules only: whose sessions are to end, and how fast; evictions carry it out. */
#include "control/recovery.h"

#include "backend/backend.h"
#include "base/clock.h"
#include "base/log.h"
#include "config/settings.h"
#include "control/control_parts.h"
#include "control/eviction.h"
#include "control/rebalance.h"
#include "control/track.h"
#include "health/check.h"

enum { MASS_LEAST = 2 }; /* one server is no mass */

/* How a backend's servers stand, as far as failures go. */
struct losses {
    unsigned servers; /* that are checked and wanted */
    unsigned gone;    /* down or just now failing */
    unsigned fresh;   /* the same, all within one interval */
};

/* The check that its health comes from, which may be that of a server it follows. NULL:
 * none. */
static const struct check *check_of(const struct server *server)
{
    while (server && !server->check)
        server = track_leader(server);
    return server ? server->check : NULL;
}

static bool is_failing(const struct server *server)
{
    const struct check *check = check_of(server);

    return server->health == HEALTH_UP && check &&
           check_report(check).last.outcome == OUTCOME_FAILED;
}

static bool went_down_lately(const struct server *server)
{
    const struct check *check = check_of(server);
    const struct check_settings *settings;

    if (!check || !server->times_down)
        return false;
    settings = check_report(check).settings;
    return clock_ms() - server->changed_at <=
           settings->interval_ms + settings->timeout_ms;
}

static struct losses count_losses(const struct backend *backend)
{
    struct losses losses = { 0 };

    for (size_t i = 0; i < backend->server_count; i++) {
        const struct server *server = backend->servers[i];
        bool is_down = server->health == HEALTH_DOWN;

        if (server->is_leaving || !server->is_checked || server->will & WILL_MAINT)
            continue;
        losses.servers++;
        losses.gone += is_down || is_failing(server);
        losses.fresh += is_failing(server) || (is_down && went_down_lately(server));
    }
    return losses;
}

static bool is_majority(unsigned part, unsigned whole)
{
    return part >= MASS_LEAST && 2 * part > whole;
}

static void say_mass_failure(const struct backend *backend, const struct losses *losses)
{
    if (backend->has_mass_failure)
        log_error("backend %s lost most servers at once: no session is ended for that  "
                  "backend=%s lost=%u servers=%u",
                  backend->name, backend->name, losses->fresh, losses->servers);
    else
        log_notice("backend %s has most servers again  backend=%s lost=%u servers=%u",
                   backend->name, backend->name, losses->gone, losses->servers);
}

/* When most servers fail at once, the check or the network is the more likely cause: then
 * sessions that still work are not ended for it. */
static void note_mass_failure(struct backend *backend)
{
    struct losses losses = count_losses(backend);
    unsigned which = backend->has_mass_failure ? losses.gone : losses.fresh;
    bool matters = backend->recovery.on_down.what != ON_DOWN_KEEP;
    bool has_now = matters && is_majority(which, losses.servers);

    if (has_now != backend->has_mass_failure) {
        backend->has_mass_failure = has_now;
        backend->mass_failures += has_now;
        if (tidings_change(&backend->told_mass_failure, has_now))
            say_mass_failure(backend, &losses);
    } else if (tidings_due(&backend->told_mass_failure, has_now)) {
        say_mass_failure(backend, &losses);
    }
}

static bool is_down(const struct server *server)
{
    return server->health == HEALTH_DOWN && !(server->will & WILL_MAINT);
}

/* One failure was enough: whether most servers fail is known once all were asked. */
static uint64_t doubtful_ms(const struct server *server)
{
    const struct check *check = check_of(server);
    struct check_report report;

    if (!check)
        return 0;
    report = check_report(check);
    if (report.settings->fall > 1 && !report.last.is_certain)
        return 0;
    return report.settings->interval_ms + report.settings->interval_ms / 10;
}

static void end_for_down(struct control *control, struct server *server)
{
    const struct on_down_settings *rule = &server->backend->recovery.on_down;
    uint64_t down_ms = clock_ms() - server->changed_at, wait_ms = doubtful_ms(server);
    struct eviction_plan plan = { .server = server, .cause = EVICTION_FOR_DOWN };

    if (wait_ms < rule->after_ms)
        wait_ms = rule->after_ms;
    if (wait_ms > down_ms)
        plan.wait_ms = wait_ms - down_ms;
    plan.rate = rule->rate;
    if (rule->what == ON_DOWN_DRAIN)
        plan.span_ms = control->generation->settings->global.drain_timeout_ms;
    (void)evictions_begin(control->evictions, &plan);
}

static unsigned serving_tier(const struct backend *backend)
{
    unsigned least = TIER_LAST;

    for (size_t i = 0; i < backend->server_count; i++) {
        const struct server *server = backend->servers[i];

        if (atomic_load(&server->is_serving) && tiers_number(server) < least)
            least = tiers_number(server);
    }
    return least;
}

/* Back to better servers, as fast as those start. */
static void end_for_better(struct control *control, struct server *server)
{
    struct eviction_plan plan = {
        .server = server,
        .cause = EVICTION_FOR_BETTER,
        .span_ms = server->backend->recovery.slow_start_ms,
    };

    (void)evictions_begin(control->evictions, &plan);
}

static bool is_outranked(const struct server *server, unsigned serving)
{
    return !atomic_load(&server->is_serving) && tiers_number(server) > serving;
}

void recovery_review(struct control *control, struct backend *backend)
{
    const struct recovery_settings *rules = &backend->recovery;
    unsigned serving = serving_tier(backend);

    note_mass_failure(backend);
    for (size_t i = 0; i < backend->server_count; i++) {
        struct server *server = backend->servers[i];

        if (!gauge_read(&server->sessions) || server->is_leaving)
            continue;
        if (is_down(server) && rules->on_down.what != ON_DOWN_KEEP)
            end_for_down(control, server);
        else if (rules->on_up == ON_UP_MOVE && is_outranked(server, serving))
            end_for_better(control, server);
    }
}

static enum eviction_leave may_end_for_down(const struct server *server)
{
    if (!is_down(server) || server->backend->recovery.on_down.what == ON_DOWN_KEEP)
        return EVICTION_STOP;
    return server->backend->has_mass_failure ? EVICTION_WAIT : EVICTION_GO_ON;
}

/* Those better servers may have gone again. */
static enum eviction_leave may_end_for_better(const struct server *server)
{
    const struct backend *backend = server->backend;
    bool is_right = backend->recovery.on_up == ON_UP_MOVE &&
                    is_outranked(server, serving_tier(backend));

    return is_right ? EVICTION_GO_ON : EVICTION_STOP;
}

static enum eviction_leave may_end_for_share(const struct server *server)
{
    return server->backend->recovery.rebalance ? EVICTION_GO_ON : EVICTION_STOP;
}

static enum eviction_leave may_shed(const struct server *server)
{
    (void)server;
    return EVICTION_GO_ON;
}

static enum eviction_leave may_drain(const struct server *server)
{
    return server->will ? EVICTION_GO_ON : EVICTION_STOP;
}

static enum eviction_leave may_go_on(void *owner, const struct eviction_plan *plan)
{
    static enum eviction_leave (*const rules[])(const struct server *server) = {
        [EVICTION_FOR_DOWN] = may_end_for_down,
        [EVICTION_FOR_BETTER] = may_end_for_better,
        [EVICTION_FOR_SHARE] = may_end_for_share,
        [EVICTION_FOR_SHEDDING] = may_shed,
        [EVICTION_FOR_DRAIN] = may_drain,
    };

    (void)owner;
    return rules[plan->cause](plan->server);
}

void recovery_tick(struct control *control)
{
    for (size_t i = 0; i < registry_backend_count(control->registry); i++) {
        struct backend *backend = registry_backend(control->registry, i);

        recovery_review(control, backend);
        if (backend->recovery.rebalance)
            rebalance_backend(control->evictions, backend);
    }
}

void recovery_begin(struct control *control)
{
    struct evictions_settings settings = { control->loop, control->team, may_go_on,
                                           control };

    control->evictions = evictions_create(&settings);
}

void recovery_end(struct control *control)
{
    evictions_destroy(control->evictions);
}
