/* Upkeep does the work; here is what is kept of the request, and what is said. */
#include "control/enlist.h"

#include "backend/backend.h"
#include "backend/history.h"
#include "backend/server_set.h"
#include "base/log.h"
#include "base/memory.h"
#include "control/asked_place.h"
#include "control/control_parts.h"
#include "control/track.h"

static bool has_wish(const struct asked_wish *wish)
{
    return wish->address || wish->has_port || wish->send;
}

static void note(struct server *server, const char *from, const char *to, const char *by)
{
    const struct history_change change = {
        .from = from, .to = to, .why = by, .who = HISTORY_ADMINISTRATOR
    };

    history_note(&server->history, &change);
}

/* What the texts of the request are, the server has. */
static struct enlist_request *keep(const struct enlist_request *request,
                                   const struct server *server)
{
    struct enlist_request *kept = memory_new(sizeof *kept);

    *kept = *request;
    kept->settings.name = server->name;
    kept->settings.text = server->text;
    kept->settings.track = NULL;
    kept->check_wish = kept->agent_wish = (struct asked_wish){ .address = NULL };
    return kept;
}

static struct server *make(struct backend *backend, const struct enlist_request *request)
{
    struct server *server = server_create(backend, &request->settings, backend->workers);

    server->override.added = keep(request, server);
    if (has_wish(&request->check_wish))
        asked_place_set(&server->override.check_place, &request->check_wish);
    if (has_wish(&request->agent_wish))
        asked_place_set(&server->override.agent_place, &request->agent_wish);
    if (!request->is_ready)
        server_set_will(server, WILL_MAINT);
    return server;
}

void enlist_add(struct control *control, struct backend *backend,
                const struct enlist_request *request, const char *by)
{
    struct server *server = make(backend, request);

    log_notice("server %s/%s is added at %s  server=%s/%s by=\"%s\"", backend->name,
               server->name, server->text, backend->name, server->name, by);
    note(server, "none", request->is_ready ? "ready" : "maint", by);
    upkeep_add(control->upkeep, control->generation, server);
    upkeep_publish(control->upkeep);
}

enum enlist_hindrance enlist_hindrance(const struct server *server)
{
    if (track_is_followed(server))
        return ENLIST_FOLLOWED;
    if (!(server->will & WILL_MAINT))
        return ENLIST_SERVING;
    return gauge_read(&server->sessions) ? ENLIST_BUSY : ENLIST_FREE;
}

static const char is_followed[] = "This server cannot be removed at runtime due to other "
                                  "configuration elements pointing to it.";

const char *enlist_hindrance_text(enum enlist_hindrance hindrance)
{
    static const char *const texts[] = {
        [ENLIST_FREE] = "",
        [ENLIST_FOLLOWED] = is_followed,
        [ENLIST_SERVING] = "Only servers in maintenance mode can be deleted.",
        [ENLIST_BUSY] = "Server still has connections attached to it, cannot remove it.",
    };

    return texts[hindrance];
}

void enlist_delete(struct control *control, struct server *server, const char *by)
{
    log_notice("server %s/%s is deleted%s  server=%s/%s by=\"%s\"", server->backend->name,
               server->name,
               server->override.added ? ""
                                      : "; the file still has it for the next reload",
               server->backend->name, server->name, by);
    upkeep_dismiss(control->upkeep, server);
    upkeep_publish(control->upkeep);
}
