/* A condition is a row: what it asks of a client, and whether the TLS greeting tells. */
#include "proxy/route.h"

#include <string.h>

/* `*.example.com` covers exactly one label more. */
static bool is_covered(const char *wildcard, const char *name)
{
    size_t label = strcspn(name, ".");

    return label && !strcmp(wildcard + 1, name + label);
}

static bool fits_name(const struct route_condition *condition,
                      const struct route_facts *facts)
{
    if (*condition->text == '*')
        return is_covered(condition->text, facts->name);
    return !strcmp(condition->text, facts->name);
}

static bool fits_no_name(const struct route_condition *condition,
                         const struct route_facts *facts)
{
    (void)condition;
    return facts->is_tls && !*facts->name;
}

static bool fits_no_tls(const struct route_condition *condition,
                        const struct route_facts *facts)
{
    (void)condition;
    return !facts->is_tls;
}

static bool fits_alpn(const struct route_condition *condition,
                      const struct route_facts *facts)
{
    size_t wanted = strlen(condition->text);

    for (const char *name = facts->alpn; *name; name += *name == ',') {
        size_t length = strcspn(name, ",");

        if (length == wanted && !memcmp(name, condition->text, length))
            return true;
        name += length;
    }
    return false;
}

static bool fits_network(const struct route_condition *condition,
                         const struct route_facts *facts)
{
    return network_holds(&condition->network, facts->client);
}

static bool fits_share(const struct route_condition *condition,
                       const struct route_facts *facts)
{
    return facts->draw >= condition->share_begin &&
           facts->draw - condition->share_begin < condition->percent;
}

static const struct kind {
    bool (*fits)(const struct route_condition *condition,
                 const struct route_facts *facts);
    bool needs_greeting;
} kinds[] = {
    [ROUTE_NAME] = { fits_name, true },        [ROUTE_NO_NAME] = { fits_no_name, true },
    [ROUTE_NO_TLS] = { fits_no_tls, true },    [ROUTE_ALPN] = { fits_alpn, true },
    [ROUTE_NETWORK] = { fits_network, false }, [ROUTE_SHARE] = { fits_share, false },
};

bool route_fits(const struct route_settings *route, const struct route_facts *facts)
{
    for (size_t i = 0; i < route->condition_count; i++)
        if (kinds[route->conditions[i].kind].fits(&route->conditions[i], facts))
            return true;
    return false;
}

static bool needs_greeting(const struct route_settings *route)
{
    for (size_t i = 0; i < route->condition_count; i++)
        if (kinds[route->conditions[i].kind].needs_greeting)
            return true;
    return false;
}

bool route_needs_greeting(const struct route_settings *routes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (needs_greeting(&routes[i]))
            return true;
    return false;
}
