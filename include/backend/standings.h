/* Who stands first among the servers of a backend, at any moment, in few steps.
 *
 * A tree in which each node holds the lower rank of its two children; a leaf is a server.
 * All threads refresh leaves and ask for the first, without locks: whoever changes a node
 * looks again and repairs it, so the last writer leaves the truth. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct server;
struct standings;

#define STANDINGS_OUT UINT64_MAX /* the rank of one who may not be chosen */

/* The lower, the sooner chosen. Reads nothing but what is shared of a server. */
typedef uint64_t standings_rank(const struct server *server);

/* Room for at least `count` leaves; all start out. */
struct standings *standings_create(size_t count, standings_rank *rank);
void standings_destroy(struct standings *standings);
size_t standings_room(const struct standings *standings);
standings_rank *standings_ranking(const struct standings *standings);

/* Asks for the server's rank until what the tree says of it is true. */
void standings_refresh(struct standings *standings, size_t index,
                       const struct server *server);
/* SIZE_MAX when all are out. */
size_t standings_first(const struct standings *standings);
