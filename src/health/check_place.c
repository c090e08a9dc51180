/* What the settings of a check say of addresses, made one address. */
#include "health/check_place.h"

#include "backend/backend_settings.h"

const struct address *check_place_find(const struct check_settings *settings,
                                       const struct address *own, struct address *place)
{
    bool is_elsewhere = settings->address.text || settings->port;

    if (!own || !is_elsewhere || own->as.any.sa_family == AF_UNIX)
        return own;
    *place = settings->address.text ? settings->address.address : *own;
    address_set_port(place,
                     settings->port ? (uint16_t)settings->port : address_port(own));
    return place;
}

const struct address *check_place_source(const struct check_settings *settings,
                                         const struct address *where, size_t *turn)
{
    for (size_t i = 0; where && i < settings->source_count; i++) {
        size_t next = (*turn)++ % settings->source_count;
        const struct address *source = &settings->sources[next].address;

        if (source->as.any.sa_family == where->as.any.sa_family)
            return source;
    }
    return NULL;
}
