/* A frontend serves when it listens and at least one of its backends has somebody to send
 * sessions to. */
#include "web/healthz.h"

#include "backend/backend.h"
#include "base/buffer.h"
#include "config/settings.h"
#include "control/control.h"
#include "control/facts.h"
#include "control/registry.h"
#include "proxy/entrance.h"

#include <string.h>

enum { SERVES = 200, NOT_FOUND = 404, SERVES_NOT = 503 };

static bool has_servers(const struct control *control, const char *name)
{
    const struct backend *backend = registry_find_backend(control_registry(control),
                                                          name);

    return backend && backend_strength(backend).weight;
}

/* NULL: it serves; else why it does not. */
static const char *trouble_of(const struct control *control,
                              const struct frontend_settings *frontend)
{
    const struct entrance *entrance = registry_find_entrance(control_registry(control),
                                                             frontend->name);

    if (!entrance || !entrance_listens(entrance))
        return "does not listen";
    if (has_servers(control, frontend->backend))
        return NULL;
    for (size_t i = 0; i < frontend->route_count; i++)
        if (has_servers(control, frontend->routes[i].backend))
            return NULL;
    return "has no usable server";
}

static unsigned ask_one(const struct control *control, const char *name,
                        struct buffer *out)
{
    const struct settings *settings = control_settings(control);
    const char *trouble;

    for (size_t i = 0; i < settings->frontend_count; i++) {
        if (strcmp(settings->frontends[i].name, name) != 0)
            continue;
        trouble = trouble_of(control, &settings->frontends[i]);
        buffer_format(out, "%s %s\n", name, trouble ? trouble : "serves");
        return trouble ? SERVES_NOT : SERVES;
    }
    buffer_add_text(out, "there is no such frontend\n");
    return NOT_FOUND;
}

static unsigned ask_all(const struct control *control, struct buffer *out)
{
    const struct settings *settings = control_settings(control);
    unsigned status = SERVES_NOT;

    for (size_t i = 0; i < settings->frontend_count; i++)
        if (ask_one(control, settings->frontends[i].name, out) == SERVES)
            status = SERVES;
    return status;
}

unsigned healthz_ask(const struct control *control, const char *frontend,
                     struct buffer *out)
{
    unsigned status;

    if (*frontend)
        status = ask_one(control, frontend, out);
    else
        status = ask_all(control, out);
    if (status == NOT_FOUND || !facts_read(control).is_stopping)
        return status;
    buffer_clear(out);
    buffer_add_text(out, "usher is stopping\n");
    return SERVES_NOT;
}
