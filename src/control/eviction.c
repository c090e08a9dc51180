/* A tick looks at each eviction, and tells the workers how many sessions are due. */
#include "control/eviction.h"

#include "backend/backend.h"
#include "base/clock.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "control/team.h"
#include "proxy/ending.h"
#include "worker/selection.h"
#include "worker/worker.h"

#include <ev.h>
#include <inttypes.h>
#include <stdlib.h>

static const double TICK_SECONDS = 0.05;

enum { THOUSAND = 1000 };

struct evictions {
    struct evictions_settings settings;
    struct link all;
    ev_timer tick;
};

struct eviction {
    struct link link;
    struct evictions *evictions; /* borrowed */
    struct eviction_plan plan;
    uint64_t begins_at, counted_at; /* monotonic ms */
    uint64_t pace;                  /* sessions in a thousand seconds; 0: no limit */
    uint64_t owed;                  /* thousandths of a session */
    uint64_t at_first;              /* sessions when it began */
    uint64_t ended;
    bool has_begun;
    struct order_to_end *order; /* under way; NULL: none */
};

/* What the workers are told; it may outlive its eviction. */
struct order_to_end {
    struct eviction *eviction; /* NULL: forgotten */
    struct selection selection;
    struct gauge taken;
};

static void on_tick(struct ev_loop *loop, ev_timer *timer, int events);

struct evictions *evictions_create(const struct evictions_settings *settings)
{
    struct evictions *evictions = memory_new(sizeof *evictions);

    evictions->settings = *settings;
    list_init(&evictions->all);
    ev_timer_init(&evictions->tick, on_tick, TICK_SECONDS, TICK_SECONDS);
    evictions->tick.data = evictions;
    return evictions;
}

static void end(struct eviction *eviction)
{
    if (eviction->order)
        eviction->order->eviction = NULL;
    list_remove(&eviction->link);
    free(eviction);
}

void evictions_destroy(struct evictions *evictions)
{
    if (!evictions)
        return;
    list_each(link, &evictions->all)
        end(list_object(link, struct eviction, link));
    ev_timer_stop(evictions->settings.loop, &evictions->tick);
    free(evictions);
}

static enum ending ending_of(const struct eviction *eviction)
{
    static const enum ending endings[] = {
        [EVICTION_FOR_DOWN] = ENDING_SERVER_DOWN, [EVICTION_FOR_BETTER] = ENDING_MOVED,
        [EVICTION_FOR_SHARE] = ENDING_MOVED,      [EVICTION_FOR_SHEDDING] = ENDING_MOVED,
        [EVICTION_FOR_DRAIN] = ENDING_ADMIN,
    };

    return endings[eviction->plan.cause];
}

static struct eviction *find(const struct evictions *evictions,
                             const struct server *server, enum eviction_cause cause)
{
    list_each(link, &evictions->all) {
        struct eviction *eviction = list_object(link, struct eviction, link);

        if (eviction->plan.server == server && eviction->plan.cause == cause)
            return eviction;
    }
    return NULL;
}

bool evictions_begin(struct evictions *evictions, const struct eviction_plan *plan)
{
    struct eviction *eviction;

    if (find(evictions, plan->server, plan->cause))
        return false;
    eviction = memory_new(sizeof *eviction);
    eviction->evictions = evictions;
    eviction->plan = *plan;
    eviction->begins_at = clock_ms() + plan->wait_ms;
    list_append(&evictions->all, &eviction->link);
    ev_timer_start(evictions->settings.loop, &evictions->tick);
    return true;
}

void evictions_forget(struct evictions *evictions, const struct server *server)
{
    list_each(link, &evictions->all) {
        struct eviction *eviction = list_object(link, struct eviction, link);

        if (eviction->plan.server == server)
            end(eviction);
    }
}

/* Evening out goes on by a few sessions each second. */
static enum log_level level_of(const struct eviction *eviction)
{
    return eviction->plan.cause == EVICTION_FOR_SHARE ? LEVEL_DEBUG : LEVEL_NOTICE;
}

static void write_end(const struct eviction *eviction, const char *how)
{
    const struct server *server = eviction->plan.server;

    log_write(level_of(eviction),
              "sessions of server %s/%s were ended: %s  ended=%" PRIu64
              " left=%u ending=%s",
              server->backend->name, server->name, how, eviction->ended,
              gauge_read(&server->sessions), ending_facts(ending_of(eviction))->name);
}

void evictions_cancel(struct evictions *evictions, const struct server *server,
                      enum eviction_cause cause)
{
    struct eviction *eviction = find(evictions, server, cause);

    if (!eviction)
        return;
    write_end(eviction, "no longer wanted");
    end(eviction);
}

/* The pace is found when the first are due: only then is it known how many there are. */
static void begin(struct eviction *eviction, uint64_t now)
{
    const struct eviction_plan *plan = &eviction->plan;
    const struct server *server = plan->server;
    uint64_t present = gauge_read(&server->sessions);
    uint64_t wanted = plan->most ? plan->most : present;

    eviction->has_begun = true;
    eviction->counted_at = now;
    eviction->at_first = present;
    eviction->pace = (uint64_t)plan->rate * THOUSAND;
    if (plan->span_ms)
        eviction->pace = (wanted * THOUSAND * THOUSAND + plan->span_ms - 1) /
                         plan->span_ms;
    log_write(level_of(eviction),
              "ending sessions of server %s/%s  present=%" PRIu64 " wanted=%" PRIu64
              " ending=%s",
              server->backend->name, server->name, present, wanted,
              ending_facts(ending_of(eviction))->name);
}

static uint64_t still_wanted(const struct eviction *eviction)
{
    const struct eviction_plan *plan = &eviction->plan;
    uint64_t present = gauge_read(&plan->server->sessions);
    uint64_t wanted = plan->most ? plan->most - eviction->ended : present;

    return wanted < present ? wanted : present;
}

/* How many may still be there, on a straight line from all to none. */
static uint64_t may_stay(const struct eviction *eviction, uint64_t now)
{
    uint64_t span_ms = eviction->plan.span_ms, ends_at = eviction->begins_at + span_ms;

    if (now >= ends_at)
        return 0;
    return (eviction->at_first * (ends_at - now) + span_ms - 1) / span_ms;
}

/* As many as the pace allows since the last time, or as are too many by now. */
static uint64_t due(struct eviction *eviction, uint64_t now)
{
    uint64_t wanted = still_wanted(eviction), due;

    if (!eviction->pace)
        return wanted;
    if (eviction->plan.is_patient) {
        due = may_stay(eviction, now);
        return wanted > due ? wanted - due : 0;
    }
    eviction->owed += (now - eviction->counted_at) * eviction->pace / THOUSAND;
    eviction->counted_at = now;
    due = eviction->owed / THOUSAND;
    due = due < wanted ? due : wanted;
    eviction->owed -= due * THOUSAND;
    return due;
}

static void end_on_worker(struct worker *worker, void *job)
{
    struct order_to_end *order = job;

    (void)worker_end_selected(worker, &order->selection);
}

static void on_ended(void *job)
{
    struct order_to_end *order = job;

    if (order->eviction) {
        order->eviction->ended += gauge_read(&order->taken);
        order->eviction->order = NULL;
    }
    free(order);
}

static void tell_workers(struct eviction *eviction, uint64_t most)
{
    struct order_to_end *order = memory_new(sizeof *order);

    order->eviction = eviction;
    order->selection = (struct selection){ eviction->plan.server, ending_of(eviction),
                                           (uint32_t)most, &order->taken };
    eviction->order = order;
    team_tell(eviction->evictions->settings.team, end_on_worker, on_ended, order);
}

static void go_on(struct eviction *eviction, uint64_t now)
{
    uint64_t most;

    if (!eviction->has_begun)
        begin(eviction, now);
    if (!still_wanted(eviction)) {
        write_end(eviction, "all that were meant");
        end(eviction);
        return;
    }
    most = due(eviction, now);
    if (most)
        tell_workers(eviction, most);
}

static void look_at(struct eviction *eviction, uint64_t now)
{
    const struct evictions_settings *settings = &eviction->evictions->settings;
    enum eviction_leave leave = settings->may_go_on(settings->owner, &eviction->plan);

    if (leave == EVICTION_STOP) {
        if (eviction->has_begun)
            write_end(eviction, "there is no reason any more");
        end(eviction);
        return;
    }
    if (leave == EVICTION_WAIT)
        eviction->counted_at = now;
    else if (now >= eviction->begins_at && !eviction->order)
        go_on(eviction, now);
}

static void on_tick(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct evictions *evictions = timer->data;
    uint64_t now = clock_ms();

    (void)events;
    list_each(link, &evictions->all)
        look_at(list_object(link, struct eviction, link), now);
    if (list_is_empty(&evictions->all))
        ev_timer_stop(loop, timer);
}
