/* Counts clients in and out, and says no at the limits. */
#include "proxy/admission.h"

#include "base/ledger.h"
#include "base/log.h"
#include "proxy/entrance.h"
#include "proxy/frontend.h"
#include "proxy/workspace.h"

static bool refuse(struct workspace *workspace, const struct frontend *frontend,
                   const char *whose, uint64_t limit)
{
    struct ledger_page *page = ledger_page(frontend->entrance->ledger,
                                           workspace->settings.id);
    unsigned times;

    counter_add(&page->refused, 1);
    if (repeat_is_due(&workspace->full, &times))
        log_warning(
            "a client was refused: %s maxconn is reached  frontend=%s maxconn=%llu "
            "times=%u",
            whose, frontend->settings->name, (unsigned long long)limit, times);
    return false;
}

bool admission_ask(struct workspace *workspace, const struct frontend *frontend)
{
    const struct workspace_settings *settings = &workspace->settings;
    struct ledger_page *page = ledger_page(frontend->entrance->ledger, settings->id);
    uint32_t most = (uint32_t)frontend->settings->maxconn, present;

    counter_add(&page->connections, 1);
    if (!gauge_take(settings->present, settings->maxconn))
        return refuse(workspace, frontend, "the global", settings->maxconn);
    present = gauge_take(&frontend->entrance->sessions, most);
    if (!present) {
        gauge_give(settings->present);
        return refuse(workspace, frontend, "the frontend's", most);
    }
    counter_add(&page->sessions, 1);
    counter_raise(&page->peak, present);
    counter_add(&frontend->guests[settings->id].count, 1);
    return true;
}

void admission_leave(struct workspace *workspace, const struct frontend *frontend)
{
    struct counter *guests = &frontend->guests[workspace->settings.id].count;

    gauge_give(workspace->settings.present);
    gauge_give(&frontend->entrance->sessions);
    counter_set(guests, counter_read(guests) - 1);
}
