/* Commands about the connection they come by. Main only. */
#pragma once

struct call;

void talk_echo(struct call *call);
void talk_prompt(struct call *call);
void talk_quit(struct call *call);
void talk_set_severity(struct call *call);
void talk_set_timeout(struct call *call);
void talk_show_level(struct call *call);
void talk_show_version(struct call *call);
void talk_be_operator(struct call *call);
void talk_be_user(struct call *call);
/* Of the dialect, and without effect. */
void talk_take_mode(struct call *call);
