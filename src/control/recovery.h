/* What becomes of present sessions when servers go down and come back. Main only; private
 * to the control folder. */
#pragma once

struct backend;
struct control;

/* Looks at all servers of a backend; after each change, and now and then. */
void recovery_review(struct control *control, struct backend *backend);
/* Once a second. */
void recovery_tick(struct control *control);

void recovery_begin(struct control *control);
void recovery_end(struct control *control);
