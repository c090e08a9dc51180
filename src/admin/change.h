/* Commands that change something. Main only. */
#pragma once

struct call;

void change_agent_off(struct call *call);
void change_agent_on(struct call *call);
void change_check_off(struct call *call);
void change_check_on(struct call *call);
void change_configuration(struct call *call);
void change_server(struct call *call);
void change_to_maint(struct call *call);
void change_to_ready(struct call *call);
void change_weight(struct call *call);
