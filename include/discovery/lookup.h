/* Keeps the address of one server that is known by a name current. Main only.
 *
 * Asks again when the answer's time is over; after a failure soon, then ever more slowly.
 * The last known address is kept whatever DNS says. */
#pragma once

struct address;
struct ev_loop;
struct lookup;
struct resolver;
struct server;

/* The address is the callee's to take (heap). Called only when it differs from the
 * server's present one. */
typedef void lookup_found(void *owner, struct server *server, struct address *address);

struct lookup *lookup_create(struct ev_loop *loop, struct resolver *resolver,
                             struct server *server);
/* Starts asking; on_found is never called before this has returned. */
void lookup_begin(struct lookup *lookup, lookup_found *on_found, void *owner);
void lookup_destroy(struct lookup *lookup);
