/* One condition of a route: `example.com`, `alpn:h2`, `10.0.0.0/8`, `10%`. */
#pragma once

#include <stdbool.h>

struct arena;
struct route_condition;

/* NULL, or a sentence that says what is wrong. The text must live as long as the
 * condition. */
const char *condition_read(const char *text, struct route_condition *condition,
                           struct arena *arena);
/* Do they ask the same? Shares never do. */
bool condition_is_same(const struct route_condition *one,
                       const struct route_condition *other);
