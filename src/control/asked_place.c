/* What was set by hand, and what the file said then. */
#include "control/asked_place.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "control/steer_place.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct asked_place {
    char *basis;            /* owned; what the file said; NULL: not looked at yet */
    struct address address; /* no length: as the file says, as without `has_port` */
    bool has_port;
    unsigned port;
    char *send; /* owned; NULL: as the file says */
};

void asked_place_set(struct asked_place **place, const struct asked_wish *wish)
{
    if (!*place)
        *place = memory_new(sizeof **place);
    if (wish->address)
        (*place)->address = *wish->address;
    if (wish->has_port) {
        (*place)->has_port = true;
        (*place)->port = wish->port;
    }
    if (wish->send) {
        free((*place)->send);
        (*place)->send = memory_copy_text(wish->send);
    }
}

void asked_place_destroy(struct asked_place *place)
{
    if (!place)
        return;
    free(place->send);
    free(place->basis);
    free(place);
}

static char *describe(const struct asked *asked)
{
    struct buffer text = { 0 };
    char *copy;

    buffer_format(&text, "%s %" PRIu64 " %s",
                  asked->address.text ? asked->address.text : "", asked->port,
                  asked->send ? asked->send : "");
    copy = memory_copy_text(buffer_text(&text));
    buffer_deinit(&text);
    return copy;
}

/* False, and it is gone, when the file says something else now. */
static bool is_of_use(struct asked_place **place, const struct asked *asked)
{
    char *now = describe(asked), *basis = (*place)->basis;

    if (!basis) {
        (*place)->basis = now;
        return true;
    }
    if (!strcmp(basis, now)) {
        free(now);
        return true;
    }
    free(now);
    asked_place_destroy(*place);
    *place = NULL;
    return false;
}

void asked_place_overlay(struct asked_place **place, struct asked *asked)
{
    if (!*place || !is_of_use(place, asked))
        return;
    if ((*place)->address.length)
        asked->address = (struct check_address){ "set by hand", (*place)->address };
    if ((*place)->has_port)
        asked->port = (*place)->port;
    if ((*place)->send)
        asked->send = (*place)->send;
}
