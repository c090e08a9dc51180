/* Where a server is, and where its check and its agent ask, set by an administrator. Main
 * only. `by` says who, for the log.
 *
 * It is in force for sessions and probes to come; sessions stay where they are. A reload
 * keeps it, as long as the file says of the server what it said before. */
#pragma once

#include "base/address.h"

#include <stdbool.h>

struct control;
struct server;

/* A server that was up stays up until one probe at the new address fails; one that was
 * down is open to the first verdict. A name is resolved first. */
void steer_place_move(struct control *control, struct server *server,
                      const struct address_parts *destination, const char *by);

/* What is not named stays as it is. */
struct asked_wish {
    const struct address *address; /* without a port; NULL: not named */
    bool has_port;
    unsigned port;    /* 0: the server's own */
    const char *send; /* to an agent; NULL: not named */
};

/* Of a server that has a check, or an agent. */
void steer_place_check(struct control *control, struct server *server,
                       const struct asked_wish *wish, const char *by);
void steer_place_agent(struct control *control, struct server *server,
                       const struct asked_wish *wish, const char *by);
