/* What a new reading of the configuration changes, by the table of all keys.
 *
 * Main only. */
#pragma once

#include <stdbool.h>

struct buffer;
struct problems;
struct settings;

/* One line for each frontend, backend and server that came or went, and for each key
 * that changed: "backend app: balance roundrobin -> leastconn". Else nothing. */
void difference_write(const struct settings *old, const struct settings *new,
                      struct buffer *out);

/* True, with a problem for each, when keys differ that only a restart can change. */
bool difference_in_fixed(const struct settings *old, const struct settings *new,
                         struct problems *problems);
