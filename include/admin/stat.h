/* `show stat`: the figures of everything, row by row. Main only. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct buffer;
struct control;
struct stat_row;

struct stat_request {
    int64_t proxy_id, types, server_id; /* -1: all */
    const char *proxy;                  /* its name instead; NULL: any */
    bool shows_addresses;
};

/* Is there a frontend or a backend of that name? */
bool stat_has_proxy(const struct control *control, const char *name);
/* The rows as they come; texts are valid during the call. All of one moment: a backend's
 * figures are the sum of its servers'. */
typedef void stat_visit(void *owner, const struct stat_row *row);
void stat_each(const struct control *control, const struct stat_request *request,
               stat_visit *visit, void *owner);
