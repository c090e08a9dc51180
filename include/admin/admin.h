/* The admin sockets, which speak HAProxy's runtime dialect, and HTTP. Main only.
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

/* Opens the sockets of the configuration; problems are reported, and NULL returned. */
struct admin *admin_create(struct control *control, struct events *events,
                           struct problems *problems);
/* After a reload: opens what is new, closes what is gone, changes what changed. */
bool admin_apply(struct admin *admin, const struct admin_settings *settings,
                 struct problems *problems);
/* Closes and unlinks. NULL is fine. */
void admin_destroy(struct admin *admin);
