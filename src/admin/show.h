/* Commands that only look. Main only. */
#pragma once

struct call;

void show_info(struct call *call);
void show_schema(struct call *call);
void show_servers_state(struct call *call);
void show_stat(struct call *call);
void show_weight(struct call *call);
