/* The gentle end. Private to the control folder. */
#pragma once

struct control;

/* The first time gently, the second time at once. */
void stop_now_or_gently(struct control *control);
void stop_end(struct control *control);
