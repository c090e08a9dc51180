/* Questions to the workers about their sessions and themselves. Main only.
 *
 * Answers come later, on main; never after inquiry_forget(owner). */
#pragma once

#include "proxy/session.h"
#include "worker/worker_view.h"

#include <stddef.h>
#include <stdint.h>

struct control;
struct server;

/* `views` is valid during the call. */
typedef void inquiry_listed(void *owner, const struct session_view *views, size_t count);
void inquiry_list(struct control *control, inquiry_listed *on_listed, void *owner);
typedef void inquiry_looked(void *owner, const struct worker_view *views, size_t count);
void inquiry_look(struct control *control, inquiry_looked *on_looked, void *owner);
typedef void inquiry_ended(void *owner, size_t count);
void inquiry_end_session(struct control *control, uint64_t id, inquiry_ended *on_ended,
                         void *owner);
void inquiry_end_sessions_of(struct control *control, struct server *server,
                             inquiry_ended *on_ended, void *owner);
void inquiry_forget(struct control *control, void *owner);
