/* What the service manager is told, and when. Main only; private to the control folder.
 */
#pragma once

#include <stdbool.h>

struct control;

/* Meets the service manager, if there is one. Before there are threads. */
void announce_begin(struct control *control);
void announce_end(struct control *control);

/* The workers run, the doors are not open yet. */
void announce_waiting(struct control *control);
/* The doors are about to be opened: it is told once they are. */
void announce_ready(struct control *control);
void announce_reload(struct control *control);
void announce_reloaded(struct control *control, bool is_applied);
void announce_stopping(struct control *control);
