/* What a session leaves behind: figures under three names. */
#include "proxy/account.h"

#include "backend/backend.h"
#include "base/clock.h"
#include "base/histogram.h"
#include "base/ledger.h"
#include "net/tls.h"
#include "proxy/entrance.h"
#include "proxy/journal.h"
#include "proxy/session_parts.h"

#include <inttypes.h>
#include <string.h>

static struct ledger_page *page_of(const struct session *session, struct ledger *ledger)
{
    return ledger_page(ledger, session->workspace->settings.id);
}

static struct ledger_page *frontend_page(const struct session *session)
{
    return page_of(session, session->frontend->entrance->ledger);
}

static struct ledger_page *backend_page(const struct session *session)
{
    return page_of(session, session->route->backend->ledger);
}

void account_begin(struct session *session)
{
    counter_set(&frontend_page(session)->last_at, session->begun_at);
    journal_begin(session);
}

void account_handshake_begun(struct session *session)
{
    counter_add(&frontend_page(session)->tls_begun, 1);
}

void account_handshake_over(struct session *session, bool is_done)
{
    struct ledger_page *page = frontend_page(session);

    if (!is_done) {
        counter_add(&page->handshakes_failed, 1);
        return;
    }
    counter_add(&page->handshakes, 1);
    if (tls_facts(&session->to_client).is_resumed)
        counter_add(&page->handshakes_resumed, 1);
}

void account_routed(struct session *session)
{
    struct backend *backend = session->route->backend;
    struct ledger_page *page = backend_page(session);

    counter_add(&page->sessions, 1);
    counter_raise(&page->peak, gauge_take(&backend->sessions, 0));
    counter_set(&page->last_at, clock_ms());
}

void account_queued(struct session *session)
{
    counter_raise(&backend_page(session)->queue_peak,
                  queue_length(session->route->backend->queue));
}

void account_chosen(struct session *session)
{
    struct ledger_page *page = page_of(session, session->server->ledger);

    counter_add(&page->sessions, 1);
    counter_add(&page->chosen, 1);
    counter_raise(&page->peak, gauge_read(&session->server->sessions));
    counter_set(&page->last_at, clock_ms());
}

void account_failed_connect(struct session *session, bool is_last)
{
    const struct server *server = session->failed;
    struct ledger_page *page = page_of(session, server->ledger);

    if (is_last)
        counter_add(&page->connect_failures, 1);
    else
        counter_add(&page->retries, 1);
    if (session->server && session->server != server) {
        counter_add(&page->redispatches, 1);
        session->is_redispatched = true;
    }
    log_debug("connect failed: %s  session=0x%" PRIx64 " server=%s/%s",
              strerror((int)session->failure), session->id, server->backend->name,
              server->name);
}

/* Said here, since the session goes on with another server; not for each session. */
void account_failed_handshake(struct session *session)
{
    const struct server *server = session->server;
    unsigned times;

    if (repeat_is_due(&session->workspace->handshakes, &times))
        log_warning("TLS handshake with server %s/%s failed: %s  server=%s/%s times=%u",
                    server->backend->name, server->name,
                    conn_trouble(&session->to_server), server->backend->name,
                    server->name, times);
}

void account_reached(struct session *session)
{
    session->reached_at = clock_ms();
}

void account_moved(struct session *session, uint64_t in, uint64_t out)
{
    struct ledger_page *pages[] = { frontend_page(session),
                                    page_of(session, session->server->ledger) };

    for (size_t i = 0; i < 2; i++) {
        counter_add(&pages[i]->bytes_in, in);
        counter_add(&pages[i]->bytes_out, out);
    }
    if (!session->is_logged)
        journal_moved(session);
    if (out && session->out.moved == out)
        session->response_ms = (uint32_t)(session->active_at - session->reached_at);
}

/* The name that bears the figures of how it ended: the server, if there was one. */
static struct ledger_page *bearing_page(const struct session *session)
{
    return session->server ? page_of(session, session->server->ledger)
                           : backend_page(session);
}

static void count_blame(struct session *session, enum blame blame)
{
    if (!session->route || blame == BLAME_GREETING)
        counter_add(&frontend_page(session)->client_errors, 1);
    else if (blame == BLAME_CLIENT)
        counter_add(&bearing_page(session)->client_aborts, 1);
    else if (blame == BLAME_SERVER)
        counter_add(&bearing_page(session)->server_aborts, 1);
    else if (blame == BLAME_BACKEND && !session->tries)
        counter_add(&backend_page(session)->connect_failures, 1);
    else if (blame == BLAME_OURSELVES)
        counter_add(&backend_page(session)->internal_errors, 1);
}

static void count_spans(const struct session *session, const struct ledger_times *times)
{
    const struct backend *backend = session->route->backend;
    unsigned worker = session->workspace->settings.id;

    if (session->reached_at)
        histogram_add(backend->connect_times, worker, times->connect_ms);
    histogram_add(backend->session_times, worker, times->total_ms);
}

static void count_times(struct session *session, uint64_t now)
{
    struct ledger_times times = {
        .queue_ms = session->queue_ms,
        .connect_ms = session->reached_at ? journal_connect_ms(session) : 0,
        .response_ms = session->response_ms,
        .total_ms = now - session->begun_at,
    };

    if (session->route) {
        ledger_page_time(backend_page(session), &times);
        count_spans(session, &times);
    }
    if (session->server)
        ledger_page_time(page_of(session, session->server->ledger), &times);
}

void account_end(struct session *session)
{
    const struct ending_facts *facts = ending_facts(session->ending);
    uint64_t now = clock_ms();

    if (!conn_is_plain(&session->to_client))
        counter_add(&frontend_page(session)->tls_over, 1);
    count_blame(session, facts->blame);
    if (session->queued_at)
        session->queue_ms += (uint32_t)(now - session->queued_at);
    session->queued_at = 0;
    count_times(session, now);
    if (journal_is_empty(session))
        counter_add(&frontend_page(session)->empty, 1);
    journal_end(session, now);
}
