/* Servers without a check of their own, whose health is that of another. Main only. */
#pragma once

#include <stdbool.h>

struct ev_loop;
struct server;

/* From now on; nobody for NULL. What is to be followed is known to end somewhere. */
void track_begin(struct ev_loop *loop, struct server *server, struct server *leader);
/* It follows nobody and nobody follows it; healths are left as they are. */
void track_end(struct server *server);
/* Gives the server's health, once it is known, to those who follow it, and to those who
 * follow them; their backends are touched. */
void track_spread(struct server *leader);

/* NULL: it follows nobody. */
const struct server *track_leader(const struct server *server);
bool track_is_followed(const struct server *server);
