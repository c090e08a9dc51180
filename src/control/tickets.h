/* Makes new keys for session tickets from time to time, and hands them to the workers.
 * Private to the control folder. */
#pragma once

struct control;

/* The workers are there; they need not run yet. */
void tickets_begin(struct control *control);
void tickets_end(struct control *control);
