/* The admin sockets, which speak HAProxy's runtime dialect. Main only.
 *
 * Each client is bounded in what it may send, hold and wait; none of them can delay a
 * worker. */
#pragma once

#include <stdbool.h>

struct admin;
struct admin_settings;
struct control;
struct events;
struct problems;

/* Without sockets yet. `control` and `events` are borrowed. */
struct admin *admin_create(struct control *control, struct events *events);
/* At the start and after a reload: opens what is new, closes what is gone, changes what
 * changed. False, with problems: all is as before. */
bool admin_apply(struct admin *admin, const struct admin_settings *settings,
                 struct problems *problems);
/* Closes and unlinks. NULL is fine. */
void admin_destroy(struct admin *admin);
