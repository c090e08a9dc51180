/* Who may come in, changed while usher runs. Main only.
 *
 * When a function returns, clients to come already heed the change; sessions that are
 * there stay. A reload keeps the changes of a list that the file has not changed. */
#pragma once

#include "base/network.h"
#include "proxy/frontend.h"

struct control;

struct access_change {
    const char *frontend;
    enum access_list list;
    struct network network;
    const char *by; /* who, for the log */
};

/* "allow" or "deny". */
const char *access_name(enum access_list list);

/* NULL when done, else a static sentence. The first network that is allowed shuts out all
 * others; when the last one is removed, nobody may come in. */
const char *access_add(struct control *control, const struct access_change *change);
const char *access_remove(struct control *control, const struct access_change *change);

/* The networks of a frontend's list, until the next change; NULL: no list, or no such
 * frontend. An empty list is one: of allowed networks, it shuts out everybody. */
const struct networks *access_networks(const struct control *control,
                                       const char *frontend, enum access_list list);
