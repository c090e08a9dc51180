/* Questions to the workers about their sessions, and the answers. Private to the control
 * folder. */
#pragma once

#include "control/control.h"

/* As the functions of control.h. */
void inquiry_list(struct control *control, control_listed *on_listed, void *owner);
void inquiry_end_session(struct control *control, uint64_t id, control_ended *on_ended,
                         void *owner);
void inquiry_end_sessions_of(struct control *control, struct server *server,
                             control_ended *on_ended, void *owner);
/* The owner is gone: its answers are thrown away. NULL: those of all owners. */
void inquiry_forget(struct control *control, void *owner);
