/* `show stat`: the figures of everything, as CSV. Main only. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct buffer;
struct control;

struct stat_request {
    int64_t proxy_id, types, server_id; /* -1: all */
    bool shows_addresses;
};

/* The id of the frontend or backend of that name; 0 for none. */
int64_t stat_find_proxy(const struct control *control, const char *name);
/* One snapshot: a backend's figures are the sum of its servers'. */
void stat_write(const struct control *control, const struct stat_request *request,
                struct buffer *out);
