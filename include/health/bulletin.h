/* What the log says of one server's health: a line for each change, but the same line not
 * twice within a second. Main only. */
#pragma once

#include "backend/server.h"

#include <ev.h>

struct bulletin {
    uint64_t told_at[HEALTH_DOWN + 1]; /* that it became this; 0: never */
    enum health told;                  /* the last of them */
    unsigned untold;                   /* changes that were not told */
    char *why;                         /* owned; of the last change that was not told */
    ev_timer later;
    struct ev_loop *loop;        /* borrowed */
    const struct server *server; /* borrowed */
};

void bulletin_init(struct bulletin *bulletin, struct ev_loop *loop,
                   const struct server *server);
void bulletin_deinit(struct bulletin *bulletin);

/* The server's health has just changed from `was`; "" is no reason. `figures` are further
 * keys of the line, "" or "health=0/4 ". */
void bulletin_tell(struct bulletin *bulletin, enum health was, const char *why,
                   const char *figures);
const char *bulletin_health_name(enum health health);
