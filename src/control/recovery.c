/* Rules only: whose sessions are to end, and how fast; evictions carry it out. */
#include "control/recovery.h"

#include "backend/backend.h"
#include "base/clock.h"
#include "base/log.h"
#include "config/settings.h"
#include "control/control_parts.h"
#include "control/eviction.h"
#include "control/rebalance.h"
#include "health/check.h"

enum { MASS_LEAST = 2 }; /* one server is no mass */

/* How a backend's servers stand, as far as failures go. */
struct losses {
    unsigned servers; /* that are checked and wanted */
    unsigned gone;    /* down or just now failing */
    unsigned fresh;   /* the same, all within one interval */
};

static bool is_failing(const struct server *server)
{
    return server->health == HEALTH_UP && server->check &&
           check_report(server->check).last.outcome == OUTCOME_FAILED;
}

static bool went_down_lately(const struct server *server)
{
    const struct check_settings *settings;
    uint64_t window_ms = 0;

    if (server->check) {
        settings = check_report(server->check).settings;
        window_ms = settings->interval_ms + settings->timeout_ms;
    }
    return server->times_down && clock_ms() - server->changed_at <= window_ms;
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

/* When most servers fail at once, the check or the network is the more likely cause: then
 * sessions that still work are not ended for it. */
static void note_mass_failure(struct backend *backend)
{
    struct losses losses = count_losses(backend);
    unsigned which = backend->has_mass_failure ? losses.gone : losses.fresh;
    bool matters = backend->recovery.on_down.what != ON_DOWN_KEEP;
    bool has_now = matters && is_majority(which, losses.servers);

    if (has_now == backend->has_mass_failure)
        return;
    backend->has_mass_failure = has_now;
    backend->mass_failures += has_now;
    if (has_now)
        log_error("backend %s lost most servers at once: no session is ended for that  "
                  "backend=%s lost=%u servers=%u",
                  backend->name, backend->name, losses.fresh, losses.servers);
    else
        log_notice("backend %s has most servers again  backend=%s lost=%u servers=%u",
                   backend->name, backend->name, losses.gone, losses.servers);
}

static bool is_down(const struct server *server)
{
    return server->health == HEALTH_DOWN && !(server->will & WILL_MAINT);
}

static void end_for_down(struct control *control, struct server *server)
{
    const struct on_down_settings *rule = &server->backend->recovery.on_down;
    uint64_t down_ms = clock_ms() - server->changed_at;
    struct eviction_plan plan = { .server = server, .ending = ENDING_SERVER_DOWN };

    if (rule->after_ms > down_ms)
        plan.wait_ms = rule->after_ms - down_ms;
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
        .ending = ENDING_MOVED,
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

static enum eviction_leave may_go_on(void *owner, const struct eviction_plan *plan)
{
    const struct server *server = plan->server;

    (void)owner;
    if (plan->ending != ENDING_SERVER_DOWN)
        return EVICTION_GO_ON;
    if (!is_down(server) || server->backend->recovery.on_down.what == ON_DOWN_KEEP)
        return EVICTION_STOP;
    return server->backend->has_mass_failure ? EVICTION_WAIT : EVICTION_GO_ON;
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
