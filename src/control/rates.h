/* How many sessions and connections came in the last second. Private to the control
 * folder. */
#pragma once

struct control;

/* Once a second. */
void rates_sample(struct control *control);
