/* What a command may tell of the admin sockets. Main only. */
#pragma once

struct call;

void admin_show_sockets(struct call *call);
void admin_show_startup(struct call *call);
