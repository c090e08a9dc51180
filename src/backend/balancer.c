/* The table of ways to choose. */
#include "backend/balancer.h"

#include "backend/balance.h"

#include <string.h>

static const struct balancer *const balancers[] = {
    &balance_roundrobin, &balance_leastconn, &balance_random,
    &balance_source,     &balance_first,
};

enum { BALANCERS = sizeof balancers / sizeof balancers[0] };

const struct balancer *balancer_find(const char *name)
{
    for (size_t i = 0; i < BALANCERS; i++)
        if (!strcmp(balancers[i]->name, name))
            return balancers[i];
    return NULL;
}

const char *balancer_name(const struct balancer *balancer)
{
    return balancer->name;
}

const char *const *balancer_names(void)
{
    static const char *const names[] = { "roundrobin", "leastconn", "random",
                                         "source",     "first",     NULL };

    return names;
}
