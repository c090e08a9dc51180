/* `show events`: what was decided lately, and what is decided from now on. Main only. */
#pragma once

struct call;

void follow_show_events(struct call *call);
