/* The table of ways. */
#include "support/way.h"

#include "support/origin.h"
#include "support/usher.h"

static const struct way ways[] = {
    { .name = "plain", .frontend = "", .backend = "", .server = "" },
};

enum { WAYS = sizeof ways / sizeof ways[0] };

const struct way *way_of(size_t index)
{
    return &ways[index];
}

struct criterion_test_params way_parameters(void)
{
    static size_t indices[WAYS];

    for (size_t i = 0; i < WAYS; i++)
        indices[i] = i;
    return cr_make_param_array(size_t, indices, WAYS);
}

struct usher *way_start(size_t index, const struct origin *origin, const char *frontend,
                        const char *backend)
{
    const struct way *way = &ways[index];

    return usher_start(USHER_WEB "%s%s" USHER_APP "check = off\n%s%sserver = a %s %s\n",
                       way->frontend, frontend, way->backend, backend,
                       origin_address(origin), way->server);
}
