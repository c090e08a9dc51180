/* Each server remembers what was told of it. A few programs run at once; when one ends,
 * the next server that is otherwise has its turn: there is no queue, and one that flaps
 * is told of as often as there is room. */
#include "control/notify.h"

#include "backend/backend.h"
#include "backend/history.h"
#include "base/buffer.h"
#include "base/log.h"
#include "base/memory.h"
#include "config/settings.h"
#include "control/control_parts.h"
#include "health/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNNING_MOST = 4, TIMEOUT_MS = 10000, VARIABLES = 6 };

/* One program that runs. */
struct notice {
    struct link link; /* in control's list */
    struct control *control;
    struct program *program;
};

/* The worst of all that bears on a server; nobody is told of the first. */
enum state { UNKNOWN, UP, DRAIN, EJECTED, DOWN, MAINT };

static const char *const names[] = {
    "unknown", "up", "drain", "ejected", "down", "maint"
};

static enum state state_of(const struct server *server)
{
    unsigned will = server->will | server->agent.will;

    if (will & WILL_MAINT)
        return MAINT;
    if (server->health == HEALTH_DOWN || server->agent.is_down)
        return DOWN;
    if (server->is_ejected)
        return EJECTED;
    if (will & WILL_DRAIN)
        return DRAIN;
    return server_is_down(server) ? UNKNOWN : UP;
}

static const char *why_of(const struct server *server)
{
    size_t count = history_count(server->history);
    const char *why = count ? history_at(server->history, count - 1)->why : NULL;

    return why ? why : "";
}

static size_t count_running(const struct control *control)
{
    size_t count = 0;

    list_each(link, &control->notices)
        count++;
    return count;
}

static void on_ended(void *owner, const struct program_result *result)
{
    struct notice *notice = owner;
    struct control *control = notice->control;

    if (result->fate != PROGRAM_EXITED || result->number)
        log_warning("notify did not end well  fate=%s number=%d",
                    program_fate_name(result->fate), result->number);
    list_remove(&notice->link);
    free(notice);
    notify_look(control);
}

/* As the file has it, unless it was moved by hand. */
static struct address_text place_of(const struct server *server)
{
    const struct address *address = server_address(server);
    struct address_text text;

    if (server->override.is_moved && address)
        return address_text(address);
    (void)snprintf(text.chars, sizeof text.chars, "%s", server->text);
    return text;
}

static void write_variables(const struct server *server, enum state to,
                            struct buffer out[VARIABLES])
{
    buffer_format(&out[0], "USHER_BACKEND=%s", server->backend->name);
    buffer_format(&out[1], "USHER_SERVER=%s", server->name);
    buffer_format(&out[2], "USHER_ADDRESS=%s", place_of(server).chars);
    buffer_format(&out[3], "USHER_FROM=%s", names[server->told]);
    buffer_format(&out[4], "USHER_TO=%s", names[to]);
    buffer_format(&out[5], "USHER_WHY=%s", why_of(server));
}

static void tell(struct control *control, const struct server *server, enum state to)
{
    struct buffer texts[VARIABLES] = { { 0 } };
    const char *environment[VARIABLES + 1] = { NULL };
    struct notice *notice = memory_new(sizeof *notice);
    struct program_request run = {
        .loop = control->loop,
        .command = control->generation->settings->global.notify,
        .environment = environment,
        .timeout_ms = TIMEOUT_MS,
        .on_end = on_ended,
        .owner = notice,
    };

    write_variables(server, to, texts);
    for (size_t i = 0; i < VARIABLES; i++)
        environment[i] = buffer_text(&texts[i]);
    notice->control = control;
    list_append(&control->notices, &notice->link);
    notice->program = program_start(&run);
    for (size_t i = 0; i < VARIABLES; i++)
        buffer_deinit(&texts[i]);
}

/* That a server is well at the start is no news. */
static bool is_news(const struct control *control, const struct server *server,
                    enum state now)
{
    return control->generation->settings->global.notify &&
           (server->told != UNKNOWN || now != UP);
}

/* False when there is no room for more. */
static bool look_at(struct control *control, struct server *server)
{
    enum state now = state_of(server);

    if (now == server->told || now == UNKNOWN || server->is_leaving)
        return true;
    if (is_news(control, server, now)) {
        if (count_running(control) >= RUNNING_MOST)
            return false;
        tell(control, server, now);
    }
    server->told = now;
    return true;
}

void notify_look(struct control *control)
{
    for (size_t i = 0; i < registry_backend_count(control->registry); i++) {
        struct backend *backend = registry_backend(control->registry, i);

        for (size_t k = 0; k < backend->server_count; k++)
            if (!look_at(control, backend->servers[k]))
                return;
    }
}

void notify_end(struct control *control)
{
    list_each(link, &control->notices) {
        struct notice *notice = list_object(link, struct notice, link);

        program_forget(notice->program);
        list_remove(link);
        free(notice);
    }
}
