/* Gives memory that storms left behind back to the system. Main only; private to the
 * control folder. */
#pragma once

struct control;

/* Once a second. */
void holes_return(struct control *control);
