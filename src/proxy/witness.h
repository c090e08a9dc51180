/* What a session tells of its server, for main to judge. Private to the proxy folder.
 *
 * Costs next to nothing while all goes well; nothing with `observe = off`. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct server;
struct session;

/* A connect that the server can be blamed for. */
void witness_unreached(struct session *session, struct server *server);
void witness_reached(struct session *session);
/* So many bytes just went each way. */
void witness_moved(struct session *session, uint64_t in, uint64_t out);
/* The first answer may be overdue. */
void witness_look(struct session *session, uint64_t now);
void witness_over(struct session *session);
