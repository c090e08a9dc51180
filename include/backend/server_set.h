/* What main may change of a server; workers never do.
 *
 * All but the address and the host bear on who is chosen: backend_touch it then. */
#pragma once

#include "backend/server.h"

/* Takes the new address, or the name or IP that TLS asks for; the caller frees the one
 * replaced, after a grace. */
const struct address *server_set_address(struct server *server, struct address *address);
const char *server_set_host(struct server *server,
                            const struct address_parts *destination);

/* Keep lastchg and downtime right. False when it was so already. */
bool server_set_health(struct server *server, enum health health);
/* No new sessions, but nothing is held against it. False when it was so already. */
bool server_set_stopping(struct server *server, bool is_stopping);
void server_set_will(struct server *server, unsigned will);

/* What bears on the weight and the limit. */
void server_set_weight(struct server *server, unsigned weight);
void server_set_maxconn(struct server *server, unsigned maxconn);
void server_set_agent(struct server *server, const struct agent_report *report);
void server_set_ramp(struct server *server, unsigned percent);
/* Clients' sessions speak against it, or do so no more. */
void server_set_ejected(struct server *server, bool is_ejected);
