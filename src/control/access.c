/* Workers read the sets without locks, so a set is never edited: a copy takes its place,
 * and it goes when no worker can still see it. */
#include "control/access.h"

#include "base/log.h"
#include "control/control_parts.h"

#include <stdint.h>
#include <string.h>

const char *access_name(enum access_list list)
{
    return list == ACCESS_ALLOW ? "allow" : "deny";
}

/* NULL for none of that name. */
static struct frontend *find_frontend(const struct generation *generation,
                                      const char *name)
{
    for (size_t i = 0; i < generation->frontend_count; i++)
        if (!strcmp(generation->frontends[i].settings->name, name))
            return &generation->frontends[i];
    return NULL;
}

static void destroy_set(void *networks)
{
    networks_destroy(networks);
}

/* The set that came from the file is kept, for a reload to compare with. */
static void publish(struct control *control, struct frontend *frontend,
                    enum access_list list, const struct networks *next)
{
    size_t at = (size_t)(frontend - control->generation->frontends);
    struct access_origin *origin =
        &control->generation->origins[at * ACCESS_LISTS + list];
    const struct networks *old = frontend_replace_networks(frontend, list, next);

    if (origin->is_changed)
        team_free_after_grace(control->team, (void *)(uintptr_t)old, destroy_set);
    else
        *origin = (struct access_origin){ true, old };
}

static struct networks *copy_of(const struct frontend *frontend, enum access_list list)
{
    const struct networks *networks = frontend_networks(frontend, list);

    return networks ? networks_copy(networks) : networks_create();
}

const char *access_add(struct control *control, const struct access_change *change)
{
    struct frontend *frontend = find_frontend(control->generation, change->frontend);
    struct networks *next;

    if (!frontend)
        return "No such frontend.";
    next = copy_of(frontend, change->list);
    if (!networks_add(next, &change->network)) {
        networks_destroy(next);
        return "This network is in the list already.";
    }
    publish(control, frontend, change->list, next);
    log_notice("network %s was added to a list of frontend %s  list=%s by=\"%s\"",
               network_text(&change->network).chars, change->frontend,
               access_name(change->list), change->by);
    return NULL;
}

static void log_removal(const struct access_change *change, bool is_last)
{
    bool is_closing = is_last && change->list == ACCESS_ALLOW;

    log_notice("network %s was removed from a list of frontend %s%s  list=%s by=\"%s\"",
               network_text(&change->network).chars, change->frontend,
               is_closing ? "; nobody is allowed now" : "", access_name(change->list),
               change->by);
}

/* As with an empty file: an allow list that is empty is one that allows nobody. */
const char *access_remove(struct control *control, const struct access_change *change)
{
    struct frontend *frontend = find_frontend(control->generation, change->frontend);
    struct networks *next;

    if (!frontend)
        return "No such frontend.";
    next = copy_of(frontend, change->list);
    if (!networks_remove(next, &change->network)) {
        networks_destroy(next);
        return "This network is not in the list.";
    }
    log_removal(change, !networks_count(next));
    publish(control, frontend, change->list, next);
    return NULL;
}

const struct networks *access_networks(const struct control *control,
                                       const char *frontend, enum access_list list)
{
    const struct frontend *found = find_frontend(control->generation, frontend);

    return found ? frontend_networks(found, list) : NULL;
}
