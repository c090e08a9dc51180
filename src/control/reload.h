/* Replaces one generation by another, or none at all. Private to the control folder. */
#pragma once

#include <stdbool.h>

struct buffer;
struct control;
struct control_origin;
struct global_settings;
struct problems;
struct settings;

/* NULL, with problems. */
struct settings *reload_read(const struct control_origin *origin,
                             struct problems *problems);
/* Makes the settings the present generation, the first or the next; takes them. On a
 * problem nothing has changed. */
bool reload_commit(struct control *control, struct settings *settings,
                   struct problems *problems);
/* The log of the settings: where it goes, and how much. */
bool reload_log(struct control *control, const struct global_settings *global,
                struct problems *problems);
/* Reads again and commits; writes what came of it. */
bool reload_apply(struct control *control, struct buffer *report);
