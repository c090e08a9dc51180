/* The settings of the generation are what the file says; the rest is looked at as it
 * is. */
#include "control/drift.h"

#include "backend/backend.h"
#include "base/network.h"
#include "config/settings.h"
#include "control/access.h"
#include "control/certificate_store.h"
#include "control/control_parts.h"
#include "control/state_file.h"
#include "control/steer.h"
#include "health/agent.h"
#include "proxy/entrance.h"
#include "proxy/frontend.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

/* A server as it is and as the file has it. */
struct pair {
    const struct server *server;
    const struct server_settings *settings;
    struct buffer *out;
};

static void write_number(const struct pair *pair, const char *key, unsigned in_file,
                         unsigned now)
{
    if (in_file != now)
        buffer_format(pair->out, "server %s/%s: %s %u -> %u\n",
                      pair->server->backend->name, pair->server->name, key, in_file, now);
}

static void write_text(const struct pair *pair, const char *key, const char *in_file,
                       const char *now)
{
    if (strcmp(in_file, now) != 0)
        buffer_format(pair->out, "server %s/%s: %s %s -> %s\n",
                      pair->server->backend->name, pair->server->name, key, in_file, now);
}

/* One that the file knows by a name is wherever DNS says. */
static void write_address(const struct pair *pair)
{
    const struct address_parts *destination = &pair->settings->destination;
    const struct address *now = server_address(pair->server);

    if (destination->kind != ADDRESS_NUMERIC || !now)
        return;
    write_text(pair, "address", address_text(&destination->address).chars,
               address_text(now).chars);
}

static void write_server(const struct pair *pair)
{
    const struct server *server = pair->server;
    bool has_agent = !server->monitor || agent_facts(server->monitor).is_enabled;

    write_text(pair, "state", steer_will_name(0), steer_will_name(server->will));
    write_number(pair, "weight", pair->settings->weight, server->wanted_weight);
    write_address(pair);
    write_number(pair, "maxconn", pair->settings->maxconn, server->wanted_maxconn);
    write_text(pair, "health", "enabled",
               server->override.is_unasked ? "disabled" : "enabled");
    write_text(pair, "agent", "enabled", has_agent ? "enabled" : "disabled");
}

static void write_known(struct backend *backend, const struct backend_settings *settings,
                        struct buffer *out)
{
    for (size_t i = 0; i < settings->server_count; i++) {
        const struct server_settings *in_file = &settings->servers[i];
        const struct pair pair = { backend_find(backend, in_file->name), in_file, out };

        if (pair.server)
            write_server(&pair);
        else
            buffer_format(out, "server %s/%s: removed\n", backend->name, in_file->name);
    }
}

static bool is_in_file(const struct backend_settings *settings, const char *name)
{
    for (size_t i = 0; i < settings->server_count; i++)
        if (!strcmp(settings->servers[i].name, name))
            return true;
    return false;
}

/* Those that the file does not have are few, and not in the file's order. */
static void write_added(const struct backend *backend,
                        const struct backend_settings *settings, struct buffer *out)
{
    for (size_t i = 0; i < backend->server_count; i++) {
        const struct server *server = backend->servers[i];
        bool is_in_place = i < settings->server_count &&
                           !strcmp(settings->servers[i].name, server->name);

        if (!server->is_leaving && !is_in_place && !is_in_file(settings, server->name))
            buffer_format(out, "server %s/%s: added\n", backend->name, server->name);
    }
}

struct lists {
    const char *frontend;
    enum access_list list;
    const struct networks *one, *other;
};

static bool holds(const struct networks *networks, const struct network *network)
{
    for (size_t i = 0; networks && i < networks_count(networks); i++)
        if (!memcmp(networks_at(networks, i), network, sizeof *network))
            return true;
    return false;
}

/* What only the first of the two has. */
static void write_surplus(const struct lists *lists, const char *event,
                          struct buffer *out)
{
    for (size_t i = 0; lists->one && i < networks_count(lists->one); i++) {
        const struct network *network = networks_at(lists->one, i);

        if (!holds(lists->other, network))
            buffer_format(out, "frontend %s: %s %s %s\n", lists->frontend,
                          access_name(lists->list), network_text(network).chars, event);
    }
}

static void write_list(const struct generation *generation, size_t at,
                       enum access_list list, struct buffer *out)
{
    const struct frontend *frontend = &generation->frontends[at];
    const struct access_origin *origin = &generation->origins[at * ACCESS_LISTS + list];
    const struct networks *now = frontend_networks(frontend, list);
    const char *name = frontend->settings->name;

    if (!origin->is_changed)
        return;
    write_surplus(&(struct lists){ name, list, origin->in_file, now }, "removed", out);
    write_surplus(&(struct lists){ name, list, now, origin->in_file }, "added", out);
}

static void write_certificates(const struct control *control, struct buffer *out)
{
    list_each(link, &control->certificates) {
        const struct stored_certificate *stored = certificate_store_of(link);

        if (stored->is_shown)
            buffer_format(out, "certificate %s: in use, but not in the file\n",
                          stored->path);
        if (stored->waiting)
            buffer_format(out, "certificate %s: set, but not committed\n", stored->path);
        if (stored->is_created)
            buffer_format(out, "certificate %s: created, used by no frontend\n",
                          stored->path);
    }
}

static void write_frontend(const struct frontend *frontend, struct buffer *out)
{
    const struct entrance *entrance = frontend->entrance;
    uint32_t now = (uint32_t)frontend->settings->maxconn;

    if (entrance->is_shut || entrance->is_paused)
        buffer_format(out, "frontend %s: %s\n", entrance->name,
                      entrance->is_shut ? "shut down" : "disabled");
    if (entrance_has_limit(entrance, &now) && now != frontend->settings->maxconn)
        buffer_format(out, "frontend %s: maxconn %" PRIu64 " -> %" PRIu32 "\n",
                      entrance->name, frontend->settings->maxconn, now);
}

static void write_limits(const struct control *control, struct buffer *out)
{
    static const char *const names[THROTTLE_KINDS] = { "connections", "sessions",
                                                       "ssl-sessions" };

    if (control->maxconn != control->most_maxconn)
        buffer_format(out, "global: maxconn %u -> %u\n", control->most_maxconn,
                      control->maxconn);
    for (enum throttle_kind kind = 0; kind < THROTTLE_KINDS; kind++)
        if (throttle_most(&control->throttle, kind))
            buffer_format(out, "global: rate-limit %s 0 -> %u\n", names[kind],
                          throttle_most(&control->throttle, kind));
}

void drift_write(const struct control *control, struct buffer *out)
{
    const struct generation *generation = control->generation;

    write_limits(control, out);
    for (size_t i = 0; i < generation->frontend_count; i++)
        write_frontend(&generation->frontends[i], out);
    for (size_t i = 0; i < generation->frontend_count; i++)
        for (unsigned list = 0; list < ACCESS_LISTS; list++)
            write_list(generation, i, (enum access_list)list, out);
    for (size_t i = 0; i < generation->backend_count; i++) {
        struct backend *backend = generation->backends[i];

        write_known(backend, &generation->settings->backends[i], out);
        write_added(backend, &generation->settings->backends[i], out);
    }
    write_certificates(control, out);
}

static const char *next_line(const char *line)
{
    line += strcspn(line, "\n");
    return line + (*line == '\n');
}

/* NULL: not there. */
static const char *find_line(const char *lines, const char *line, size_t length)
{
    for (; *lines; lines = next_line(lines))
        if (strcspn(lines, "\n") == length && !memcmp(lines, line, length))
            return lines;
    return NULL;
}

/* Most lines come in the same order: each is first looked for behind the one before. */
void drift_write_fate(const char *before, const char *after, struct buffer *out)
{
    const char *rest = after;

    for (; *before; before = next_line(before)) {
        size_t length = strcspn(before, "\n");
        const char *found = find_line(rest, before, length);

        if (!found && rest != after)
            found = find_line(after, before, length);
        rest = found ? next_line(found) : rest;
        buffer_format(out, "%s: %.*s\n", found ? "kept" : "dropped", (int)length, before);
    }
}

const char *drift_save(struct control *control)
{
    if (!control->generation->settings->global.state_file)
        return "No state-file is configured: set state-file in [global], then reload.";
    state_file_save(control, true);
    return control->state_wrong ? strerror(control->state_wrong) : NULL;
}
