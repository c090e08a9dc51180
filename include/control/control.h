/* Main's loop, and all that main decides: start, reload, drain, end; what the admin socket
 * may see and ask for. Main thread only. */
#pragma once

#include "base/address.h"
#include "proxy/session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;
struct control;
struct ev_loop;
struct frontend;
struct problems;
struct registry;
struct server;
struct settings;

/* Where the configuration is read from, now and at each reload. */
struct control_origin {
    const char *path; /* of a file; or NULL and */
    const char *name, *text;
};

/* NULL, with problems, when this configuration cannot be started. */
struct control *control_create(const struct control_origin *origin, struct problems *problems);
/* Becomes the user of the file, starts the workers. False, with problems: cannot. */
bool control_begin(struct control *control, struct problems *problems);
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

/* What may be seen; the rest is in control/facts.h. */
struct ev_loop *control_loop(const struct control *control);
const struct settings *control_settings(const struct control *control);
struct registry *control_registry(const struct control *control);
struct control_facts {
    unsigned generation, workers;
    uint64_t started_at; /* Unix seconds */
    uint64_t uptime_ms;
    unsigned maxconn, descriptors; /* the limits in force */
    unsigned sessions;
    uint64_t sessions_total, connections_total, bytes_out_total, refused_total;
    unsigned session_rate, session_rate_most, connection_rate, connection_rate_most;
    unsigned listeners, checks;
    bool is_stopping;
};
struct control_facts control_facts(const struct control *control);

/* One listening address: as many as the present generation has, by index. */
struct control_listening {
    const struct frontend *frontend;
    struct address address; /* with the port that the system gave */
};
bool control_listening(const struct control *control, size_t index,
                       struct control_listening *listening);

/* What may be asked for. `by` names who asks, for the log. */
void control_set_will(struct control *control, struct server *server, unsigned will,
                      const char *by);
void control_set_weight(struct control *control, struct server *server, unsigned weight,
                        const char *by);

/* Answers come later, on main. `views` is valid during the call. Never called back after
 * control_forget(owner). */
typedef void control_listed(void *owner, const struct session_view *views, size_t count);
void control_list_sessions(struct control *control, control_listed *on_listed, void *owner);
typedef void control_ended(void *owner, size_t count);
void control_end_session(struct control *control, uint64_t id, control_ended *on_ended,
                         void *owner);
void control_end_sessions_of(struct control *control, struct server *server,
                             control_ended *on_ended, void *owner);
void control_forget(struct control *control, void *owner);
