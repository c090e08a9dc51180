/* Lets servers that are new or came back take their share step by step. Private to the
 * control folder. */
#pragma once

#include <stdint.h>

struct backend;
struct ev_loop;
struct registry;
struct slow_start;

/* The loop and the registry are borrowed, and outlive it. */
struct slow_start *slow_start_create(struct ev_loop *loop,
                                     const struct registry *registry);
void slow_start_destroy(struct slow_start *slow_start);

/* Before the backend's rotation is built: sees who went away and who is back. */
void slow_start_note(struct slow_start *slow_start, struct backend *backend);

/* The part of its weight that a server has so long after it came back. Pure. */
unsigned slow_start_percent(uint64_t elapsed_ms, uint64_t duration_ms);
