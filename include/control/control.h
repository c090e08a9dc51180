/* Main's loop, and all that main decides: start, reload, drain, end; what the admin
 * socket may see and ask for. Main thread only. */
#pragma once

#include <stdbool.h>

struct buffer;
struct control;
struct ev_loop;
struct problems;
struct registry;
struct settings;

/* Where the configuration is read from, now and at each reload. */
struct control_origin {
    const char *path; /* of a file; or NULL and */
    const char *name, *text;
};

/* NULL, with problems, when this configuration cannot be started. */
struct control *control_create(const struct control_origin *origin,
                               struct problems *problems);
/* Becomes the user of the file, starts the workers. False, with problems: cannot. */
bool control_begin(struct control *control, struct problems *problems);
/* Reads and tries everything that does not change the system. False, with problems. */
bool control_test(const struct control_origin *origin, struct problems *problems);

/* Returns when told to end. */
void control_run(struct control *control);
/* NULL is fine. */
void control_destroy(struct control *control);

/* SIGTERM: the first drains, the second ends. */
void control_stop(struct control *control);
/* Writes "applied: ..." or "refused: ..." and the problems, as many lines as it takes. */
bool control_reload(struct control *control, struct buffer *report);

/* Called by a reload once nothing else can fail; false, with problems, refuses it. */
typedef bool control_apply(void *owner, const struct settings *settings,
                           struct problems *problems);
void control_on_reload(struct control *control, control_apply *apply, void *owner);

/* What may be seen and asked for beside this: facts.h, inquiry.h, registry.h, steer.h. */
struct ev_loop *control_loop(const struct control *control);
const struct settings *control_settings(const struct control *control);
struct registry *control_registry(const struct control *control);
