/* What commands may tell of the admin sockets and what stands behind them. Main only. */
#pragma once

struct admin;
struct call;
struct events;

struct events *admin_events(const struct admin *admin);

void admin_show_sockets(struct call *call);
void admin_show_startup(struct call *call);
