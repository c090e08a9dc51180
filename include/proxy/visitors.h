/* How many sessions each client address has, and how fast it begins new ones: a table
 * of fixed size that all workers share without locks.
 *
 * A client is an IPv4 address or an IPv6 /64. When the table has no place left for
 * another client, that one is let in uncounted. */
#pragma once

#include "base/endpoint.h"

#include <stdbool.h>
#include <stdint.h>

struct visitors;

struct visitors_limits {
    uint64_t sessions; /* at once; 0: no limit */
    uint64_t rate;     /* new ones a second; 0: no limit */
};

struct visitors *visitors_create(void);
void visitors_destroy(struct visitors *visitors);

enum { VISITORS_UNCOUNTED = 0 };

/* Any worker. False: a limit is reached. Else `place` is to be given back. */
bool visitors_enter(struct visitors *visitors, const struct endpoint *client,
                    const struct visitors_limits *limits, uint32_t *place);
void visitors_leave(struct visitors *visitors, uint32_t place);
