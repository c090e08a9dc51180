/* Where one server's check or agent asks, as an administrator set it. Private to the
 * control folder.
 *
 * It is forgotten once the file says another thing of that than when it was set. */
#pragma once

#include "base/address.h"
#include "health/check_settings.h"

#include <stdbool.h>

struct asked_place;
struct asked_wish;

/* What the file says, which both kinds of settings have. */
struct asked {
    struct check_address address;
    uint64_t port;
    const char *send; /* of an agent */
};

/* Adds the wish to what was set before; makes the place when it is NULL. */
void asked_place_set(struct asked_place **place, const struct asked_wish *wish);
/* Puts what was set over what the file says, or forgets it. `asked` borrows its text. */
void asked_place_overlay(struct asked_place **place, struct asked *asked);
/* NULL is fine. */
void asked_place_destroy(struct asked_place *place);
