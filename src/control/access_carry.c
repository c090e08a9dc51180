#include "control/access_carry.h"

#include "base/log.h"
#include "base/network.h"
#include "control/access.h"
#include "control/generation.h"
#include "proxy/frontend.h"

#include <string.h>

/* The list of one frontend, in both generations. */
struct pair {
    const struct frontend *old;
    struct frontend *next;
    const struct access_origin *old_origin;
    struct access_origin *next_origin;
    enum access_list list;
};

static bool is_same(const struct networks *one, const struct networks *other)
{
    if (!one || !other)
        return one == other;
    if (networks_count(one) != networks_count(other))
        return false;
    for (size_t i = 0; i < networks_count(one); i++)
        if (memcmp(networks_at(one, i), networks_at(other, i), sizeof(struct network)) !=
            0)
            return false;
    return true;
}

static void carry_list(const struct pair *pair)
{
    const struct networks *in_file = frontend_networks(pair->next, pair->list);
    const struct networks *changed = frontend_networks(pair->old, pair->list);

    if (!pair->old_origin->is_changed)
        return;
    if (!is_same(pair->old_origin->in_file, in_file)) {
        log_notice("the list in the file replaces the one changed by hand  "
                   "frontend=%s list=%s",
                   pair->next->settings->name, access_name(pair->list));
        return;
    }
    *pair->next_origin = (struct access_origin){ true, in_file };
    (void)frontend_replace_networks(pair->next, pair->list,
                                    changed ? networks_copy(changed) : NULL);
}

static void carry_frontend(const struct generation *old, struct generation *next,
                           size_t at, size_t next_at)
{
    for (size_t list = 0; list < ACCESS_LISTS; list++)
        carry_list(&(struct pair){
            .old = &old->frontends[at],
            .next = &next->frontends[next_at],
            .old_origin = &old->origins[at * ACCESS_LISTS + list],
            .next_origin = &next->origins[next_at * ACCESS_LISTS + list],
            .list = (enum access_list)list,
        });
}

void access_carry(const struct generation *old, struct generation *next)
{
    for (size_t i = 0; i < old->frontend_count; i++)
        for (size_t k = 0; k < next->frontend_count; k++)
            if (!strcmp(old->frontends[i].settings->name,
                        next->frontends[k].settings->name))
                carry_frontend(old, next, i, k);
}
