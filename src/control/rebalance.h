/* Moves sessions from crowded servers to those that came back. Main only; private to the
 * control folder. */
#pragma once

struct backend;
struct evictions;

/* Once a second. */
void rebalance_backend(struct evictions *evictions, struct backend *backend);
