/* Between settings and checks: what a reload changes for each server. */
#include "control/checkup.h"

#include "backend/backend.h"
#include "backend/history.h"
#include "backend/server_set.h"
#include "base/memory.h"
#include "config/settings.h"
#include "control/asked_place.h"
#include "control/enlist.h"
#include "control/ensemble_watch.h"
#include "control/generation.h"
#include "control/track.h"
#include "health/bulletin.h"
#include "health/check.h"

#include <stdlib.h>
#include <string.h>

enum { SERVERS_PER_MS = 10 }; /* first probes sent; more would be a burst */

struct checkup {
    struct check_care care;
    size_t count;
};

static void on_check_changed(struct check *check, void *owner)
{
    (void)owner;
    backend_touch(check_server(check)->backend);
}

struct checkup *checkup_create(struct ev_loop *loop)
{
    struct checkup *checkup = memory_new(sizeof *checkup);

    checkup->care.loop = loop;
    checkup->care.on_change = on_check_changed;
    checkup->care.on_verdict = ensemble_watch_verdict;
    probe_gate_init(&checkup->care.gate, 1);
    return checkup;
}

void checkup_destroy(struct checkup *checkup)
{
    free(checkup);
}

void checkup_limit(struct checkup *checkup, uint64_t most_probes)
{
    probe_gate_set_limit(&checkup->care.gate, (size_t)most_probes);
}

struct check_settings checkup_settings(const struct generation *generation, size_t index)
{
    const struct backend_settings *backend = &generation->settings->backends[index];
    struct check_settings settings = generation->settings->checks[index];
    bool has_own = backend->check_source_count > 0;

    if (check_settings_speak_tls(&settings, backend->server_tls))
        settings.connector = generation->connectors[index];
    settings.send_proxy = settings.proxy == CHECK_PROXY_SAME
                              ? backend->send_proxy
                              : settings.proxy - CHECK_PROXY_NO;
    settings.source_count = has_own ? backend->check_source_count : backend->source_count;
    settings.sources = has_own ? backend->check_sources : backend->sources;
    return settings;
}

static void prefer(uint64_t *value, uint64_t own)
{
    if (own)
        *value = own;
}

/* It is checked when it was asked for, whatever its backend does. */
static void add_wishes(const struct enlist_request *added, struct check_settings *own)
{
    if (!added->is_checked)
        own->choice.kind = NULL;
    else if (!own->choice.kind)
        own->choice.kind = probe_kind_find("connect");
    prefer(&own->interval_ms, added->interval_ms);
    prefer(&own->changing_interval_ms, added->changing_interval_ms);
    prefer(&own->down_interval_ms, added->down_interval_ms);
    prefer(&own->rise, added->rise);
    prefer(&own->fall, added->fall);
}

/* What is said of the server's check alone, in the file (NULL: nothing) or by hand. */
static struct check_settings with_own(const struct check_settings *checks,
                                      const struct server_settings *settings,
                                      struct server *server)
{
    struct check_settings own = *checks;
    struct asked asked;

    if (server->override.added)
        add_wishes(server->override.added, &own);
    if (settings && settings->check_port)
        own.port = settings->check_port;
    asked = (struct asked){ .address = own.address, .port = own.port };
    asked_place_overlay(&server->override.check_place, &asked);
    own.address = asked.address;
    own.port = asked.port;
    return own;
}

static void end_check(struct checkup *checkup, struct server *server)
{
    if (!server->check)
        return;
    check_destroy(server->check);
    server->check = NULL;
    checkup->count--;
}

void checkup_forget(struct server *server, const char *why)
{
    const struct history_change change = {
        .from = bulletin_health_name(server->health),
        .to = bulletin_health_name(HEALTH_UNKNOWN),
        .why = why,
        .who = HISTORY_RELOAD,
    };

    if (server_set_health(server, HEALTH_UNKNOWN))
        history_note(&server->history, &change);
}

static void begin_check(struct checkup *checkup, struct server *server,
                        const struct check_settings *settings)
{
    server->check = check_create(&checkup->care, server);
    check_begin(server->check, settings, checkup->count++ / SERVERS_PER_MS);
}

void checkup_tend(struct checkup *checkup, struct server *server,
                  const struct server_settings *settings,
                  const struct check_settings *checks)
{
    struct check_settings own = with_own(checks, settings, server);
    bool has_check = own.choice.kind && !settings->track,
         was_checked = server->is_checked;

    server->is_checked = own.choice.kind || settings->track;
    if (!has_check)
        end_check(checkup, server);
    else if (!server->check)
        begin_check(checkup, server, &own);
    else
        check_begin(server->check, &own, server->id / SERVERS_PER_MS);
    if (was_checked && !server->is_checked)
        checkup_forget(server, "is not checked any more");
}

static struct backend *find_backend(const struct generation *generation, const char *name,
                                    size_t length)
{
    for (size_t i = 0; i < generation->backend_count; i++) {
        struct backend *backend = generation->backends[i];

        if (strlen(backend->name) == length && !strncmp(backend->name, name, length))
            return backend;
    }
    return NULL;
}

/* "BACKEND/SERVER", which the settings have. */
static struct server *find_leader(const struct generation *generation, const char *path)
{
    size_t length = strcspn(path, "/");
    struct backend *backend = find_backend(generation, path, length);

    return backend ? backend_find(backend, path + length + 1) : NULL;
}

static void tie(struct checkup *checkup, const struct generation *generation,
                size_t index)
{
    const struct backend_settings *settings = &generation->settings->backends[index];

    for (size_t i = 0; i < settings->server_count; i++) {
        const char *path = settings->servers[i].track;
        struct server *server = backend_find(generation->backends[index],
                                             settings->servers[i].name);

        track_begin(checkup->care.loop, server,
                    path ? find_leader(generation, path) : NULL);
    }
}

/* As one that has just begun. What it found before the maintenance is too old to count
 * for those that follow from now on. */
static void wake_check(struct checkup *checkup, struct server *server)
{
    struct check_settings settings = *check_report(server->check).settings;

    end_check(checkup, server);
    checkup_forget(server, "was not asked during maintenance");
    begin_check(checkup, server, &settings);
}

bool checkup_may_rest(const struct server *server)
{
    return server->will & WILL_MAINT && !track_is_followed(server);
}

static void rest_or_wake(struct checkup *checkup, const struct backend *backend)
{
    for (size_t i = 0; i < backend->server_count; i++) {
        struct server *server = backend->servers[i];

        if (!server->check)
            continue;
        if (checkup_may_rest(server))
            check_pause(server->check);
        else if (check_report(server->check).is_paused)
            wake_check(checkup, server);
    }
}

void checkup_tie(struct checkup *checkup, const struct generation *generation)
{
    for (size_t i = 0; i < generation->backend_count; i++)
        tie(checkup, generation, i);
    for (size_t i = 0; i < generation->backend_count; i++)
        rest_or_wake(checkup, generation->backends[i]);
}

void checkup_end(struct checkup *checkup, struct server *server)
{
    end_check(checkup, server);
    track_end(server);
}

const struct server_settings *checkup_find_settings(
    const struct backend_settings *backend, const struct server *server)
{
    for (size_t i = 0; i < backend->server_count; i++)
        if (!strcmp(backend->servers[i].name, server->name))
            return &backend->servers[i];
    return server->override.added ? &server->override.added->settings : NULL;
}

void checkup_inherit(const struct generation *heir, const struct backend *backend)
{
    size_t index = generation_index(heir, backend);
    struct check_settings checks = checkup_settings(heir, index);

    for (size_t i = 0; i < backend->server_count; i++) {
        struct server *server = backend->servers[i];
        struct check_settings own = with_own(
            &checks, checkup_find_settings(&heir->settings->backends[index], server),
            server);

        if (server->check)
            check_begin(server->check, &own, server->id / SERVERS_PER_MS);
    }
}

size_t checkup_count(const struct checkup *checkup)
{
    return checkup->count;
}
