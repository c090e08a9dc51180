#include "admin/permit.h"

#include "admin/command.h"
#include "control/access.h"
#include "control/control.h"

#include <string.h>

/* ACCESS_LISTS for no list. */
static enum access_list read_list(const char *word)
{
    enum access_list list = ACCESS_ALLOW;

    while (list < ACCESS_LISTS && strcmp(access_name(list), word) != 0)
        list++;
    return list;
}

/* Is there an allow list with nobody on it? */
static bool is_closed(const struct call *call, const char *frontend)
{
    const struct networks *allow = access_networks(call->control, frontend, ACCESS_ALLOW);

    return allow && !networks_count(allow);
}

/* False, and refused, when it is not understood. */
static bool read_change(struct call *call, struct access_change *change)
{
    const char *wrong;

    change->frontend = command_argument(call, 0);
    change->list = read_list(command_argument(call, 1));
    change->by = call->caller->by;
    if (!*change->frontend) {
        reply_refuse(call->reply, "A frontend name is expected.");
        return false;
    }
    if (change->list == ACCESS_LISTS) {
        reply_refuse(call->reply, "The list is 'allow' or 'deny'.");
        return false;
    }
    wrong = network_parse(command_argument(call, 2), &change->network);
    if (wrong)
        reply_refuse(call->reply, "'%s': %s", command_argument(call, 2), wrong);
    return !wrong;
}

static void carry_out(struct call *call,
                      const char *(*change_list)(struct control *,
                                                 const struct access_change *))
{
    struct access_change change;
    const char *wrong;

    if (!read_change(call, &change))
        return;
    wrong = change_list(call->control, &change);
    if (wrong)
        reply_refuse(call->reply, "%s", wrong);
}

void permit_add(struct call *call)
{
    carry_out(call, access_add);
}

void permit_remove(struct call *call)
{
    const char *frontend = command_argument(call, 0);
    bool was_closed = is_closed(call, frontend);

    carry_out(call, access_remove);
    if (!was_closed && is_closed(call, frontend))
        buffer_format(&call->reply->text,
                      "Nobody is allowed now; 'add access %s allow 0.0.0.0/0' and "
                      "'add access %s allow ::/0' allow everybody.\n",
                      frontend, frontend);
}

static void show_list(const struct call *call, const char *frontend,
                      enum access_list list)
{
    const struct networks *networks = access_networks(call->control, frontend, list);
    size_t count = networks ? networks_count(networks) : 0;

    if (list == ACCESS_ALLOW && is_closed(call, frontend))
        buffer_format(&call->reply->text, "%s allow -\n", frontend);
    for (size_t i = 0; i < count; i++)
        buffer_format(&call->reply->text, "%s %s %s\n", frontend, access_name(list),
                      network_text(networks_at(networks, i)).chars);
}

void permit_show(struct call *call)
{
    const struct settings *settings = control_settings(call->control);
    const char *only = command_argument(call, 0);
    bool is_found = !*only;

    buffer_add_text(&call->reply->text, "# frontend list network\n");
    for (size_t i = 0; i < settings->frontend_count; i++) {
        const char *name = settings->frontends[i].name;

        if (*only && strcmp(only, name) != 0)
            continue;
        is_found = true;
        show_list(call, name, ACCESS_ALLOW);
        show_list(call, name, ACCESS_DENY);
    }
    if (!is_found)
        reply_refuse(call->reply, "No such frontend.");
}
