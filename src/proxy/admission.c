/* Counts clients in and out, and says no at the limits. */
#include "proxy/admission.h"

#include "base/clock.h"
#include "base/ledger.h"
#include "base/log.h"
#include "base/pace.h"
#include "proxy/entrance.h"
#include "proxy/frontend.h"
#include "proxy/throttle.h"
#include "proxy/visitors.h"
#include "proxy/workspace.h"

/* Refusals are said by the reason, at most every few seconds, and counted each. */
static bool refuse(struct workspace *workspace, const struct frontend *frontend,
                   const char *why)
{
    struct ledger_page *page = ledger_page(frontend->entrance->ledger,
                                           workspace->settings.id);
    unsigned times;

    counter_add(&page->refused, 1);
    if (repeat_is_due(&workspace->full, &times))
        log_warning("a client was refused: %s  frontend=%s times=%u", why,
                    frontend->settings->name, times);
    return false;
}

static bool is_announcing(const struct frontend *frontend, const struct endpoint *peer)
{
    return frontend->proxy_from && networks_hold(frontend->proxy_from, peer);
}

/* Who is not allowed costs nothing but this. NULL: may come in. */
static const char *objection(const struct frontend *frontend,
                             const struct endpoint *client, uint32_t *visit)
{
    struct visitors_limits limits = { frontend->settings->client_maxconn,
                                      frontend->settings->client_rate };

    if (counter_read(&frontend->entrance->is_barred))
        return "the frontend is disabled";
    if (!frontend_admits(frontend, client))
        return "its address is not allowed";
    if (!limits.sessions && !limits.rate)
        return NULL;
    if (visitors_enter(frontend->entrance->visitors, client, &limits, visit))
        return NULL;
    return "its address is at client-maxconn or client-rate";
}

/* The new number of its sessions; 0: it is at its limit. */
static uint32_t take_place(const struct frontend *frontend)
{
    uint32_t most = (uint32_t)frontend->settings->maxconn;

    if (entrance_has_limit(frontend->entrance, &most) && !most)
        return 0;
    return gauge_take(&frontend->entrance->sessions, most);
}

/* Takes a place among all sessions, and one among the frontend's. NULL: taken. */
static const char *take_places(struct workspace *workspace,
                               const struct frontend *frontend)
{
    const struct workspace_settings *settings = &workspace->settings;
    uint32_t present, second = (uint32_t)(clock_ms() / 1000);

    if (!gauge_take(settings->present, settings->maxconn))
        return "the global maxconn is reached";
    present = take_place(frontend);
    if (present &&
        pace_take(&frontend->entrance->pace, second, frontend->settings->session_rate)) {
        counter_raise(&ledger_page(frontend->entrance->ledger, settings->id)->peak,
                      present);
        return NULL;
    }
    gauge_give(settings->present);
    if (!present)
        return "the frontend's maxconn is reached";
    gauge_give(&frontend->entrance->sessions);
    return "the frontend's session-rate is reached";
}

bool admission_ask(struct workspace *workspace, const struct frontend *frontend,
                   const struct endpoint *peer, uint32_t *visit)
{
    unsigned worker = workspace->settings.id;
    struct ledger_page *page = ledger_page(frontend->entrance->ledger, worker);
    const char *why = NULL;

    *visit = VISITORS_UNCOUNTED;
    counter_add(&page->connections, 1);
    throttle_count(workspace->settings.throttle, THROTTLE_CONNECTIONS);
    if (!is_announcing(frontend, peer))
        why = objection(frontend, peer, visit);
    if (why)
        return refuse(workspace, frontend, why);
    why = take_places(workspace, frontend);
    if (why) {
        visitors_leave(frontend->entrance->visitors, *visit);
        return refuse(workspace, frontend, why);
    }
    counter_add(&page->sessions, 1);
    throttle_count(workspace->settings.throttle, THROTTLE_SESSIONS);
    if (atomic_load(&frontend->acceptor))
        throttle_count(workspace->settings.throttle, THROTTLE_HANDSHAKES);
    counter_add(&frontend->guests[worker].count, 1);
    return true;
}

bool admission_ask_announced(struct workspace *workspace, const struct frontend *frontend,
                             const struct endpoint *client, uint32_t *visit)
{
    const char *why = objection(frontend, client, visit);

    return why ? refuse(workspace, frontend, why) : true;
}

void admission_leave(struct workspace *workspace, const struct frontend *frontend,
                     uint32_t visit)
{
    struct counter *guests = &frontend->guests[workspace->settings.id].count;

    visitors_leave(frontend->entrance->visitors, visit);
    gauge_give(workspace->settings.present);
    gauge_give(&frontend->entrance->sessions);
    counter_set(guests, counter_read(guests) - 1);
}
