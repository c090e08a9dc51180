/* Tells a program of the operator's when a server changes. Main only; private to the
 * control folder. */
#pragma once

struct control;

/* Looks for servers that are not as the program was last told. */
void notify_look(struct control *control);
void notify_end(struct control *control);
