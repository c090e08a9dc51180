/* The figures of a backend: its own, and those of its servers, each read once so that the
 * rows of one reply add up. Main only. */
#pragma once

#include "base/ledger.h"

#include <stdint.h>

struct backend;
struct server;

struct server_figures {
    struct ledger_sum sum;
    int64_t sessions; /* present ones */
};
struct server_figures backend_sum_read(const struct server *server);

struct backend_sum {
    struct ledger_sum servers;
    int64_t sessions; /* of its servers */
};

/* Of servers that are gone. */
struct backend_sum backend_sum_begin(const struct backend *backend);
void backend_sum_add(struct backend_sum *sum, const struct server_figures *figures);
/* All told. */
struct ledger_sum backend_sum_end(const struct backend_sum *sum,
                                  const struct backend *backend);
