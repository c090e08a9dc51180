/* What an administrator has set of a server by hand, beside its will and its weight.
 *
 * It lasts as long as the file says of that what it said then: what is changed in the
 * file wins. Main only. */
#pragma once

#include <stdbool.h>

struct asked_place;
struct enlist_request;

struct override {
    bool is_moved;    /* its address or its name is not the file's */
    bool is_unasked;  /* its check is disabled */
    bool is_stopping; /* no new sessions until it passes a check, or is said to be up */
    struct asked_place *check_place; /* control's; NULL: as the file says */
    struct asked_place *agent_place; /* likewise */
    struct enlist_request *added;    /* control's; NULL: the file names the server */
};
