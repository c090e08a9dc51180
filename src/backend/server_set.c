#include "backend/server_set.h"

#include "backend/server_weight.h"
#include "base/clock.h"
#include "base/memory.h"

const struct address *server_set_address(struct server *server, struct address *address)
{
    return atomic_exchange(&server->address, address);
}

const char *server_set_host(struct server *server,
                            const struct address_parts *destination)
{
    const char *host = destination->host;
    struct address_text text;

    if (destination->kind != ADDRESS_NAME) {
        text = address_host(&destination->address);
        host = text.chars;
    }
    return atomic_exchange(&server->host, memory_copy_text(host));
}

/* Not to be reached, whoever is the cause. */
static bool is_out(const struct server *server)
{
    return server->health == HEALTH_DOWN || server->agent.is_down ||
           (server->will | server->agent.will) & WILL_MAINT;
}

static void begin_new_state(struct server *server, bool was_out)
{
    uint64_t now = clock_ms();

    if (was_out)
        server->down_ms += now - server->changed_at;
    server->changed_at = now;
}

bool server_set_health(struct server *server, enum health health)
{
    if (server->health == health)
        return false;
    begin_new_state(server, is_out(server));
    if (server->health == HEALTH_UP && health == HEALTH_DOWN)
        server->times_down++;
    /* What clients saw before belongs to the former state. */
    evidence_take_back(&server->evidence);
    server->health = health;
    return true;
}

bool server_set_stopping(struct server *server, bool is_stopping)
{
    if (server->override.is_stopping == is_stopping)
        return false;
    begin_new_state(server, is_out(server));
    server->override.is_stopping = is_stopping;
    return true;
}

void server_set_will(struct server *server, unsigned will)
{
    if (server->will == will)
        return;
    begin_new_state(server, is_out(server));
    server->will = will;
}

void server_set_weight(struct server *server, unsigned weight)
{
    server->wanted_weight = weight;
    server_weight_settle(server);
}

void server_set_maxconn(struct server *server, unsigned maxconn)
{
    server->wanted_maxconn = maxconn;
    server_weight_settle(server);
}

void server_set_agent(struct server *server, const struct agent_report *report)
{
    if (server->agent.will != report->will || server->agent.is_down != report->is_down)
        begin_new_state(server, is_out(server));
    server->agent = *report;
    server_weight_settle(server);
}

void server_set_ramp(struct server *server, unsigned percent)
{
    server->ramp_percent = percent;
    server_weight_settle(server);
}

void server_set_ejected(struct server *server, bool is_ejected)
{
    server->is_ejected = is_ejected;
}
