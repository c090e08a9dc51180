/* The listening sockets, across generations: one set per address, one socket per worker.
 * Private to the control folder.
 *
 * A socket that stays in the file is never closed: closing one of several loses what is
 * queued on it. */
#pragma once

#include "base/address.h"

#include <stdbool.h>
#include <stddef.h>

struct doors;
struct entrance;
struct frontend;
struct generation;
struct problems;
struct team;

struct doors *doors_create(struct team *team);
/* The workers must have ended. Removes the files of its UNIX sockets. */
void doors_destroy(struct doors *doors);

/* Opens what this generation needs and nobody has opened yet. On a problem: false, and
 * nothing has changed. */
bool doors_prepare(struct doors *doors, const struct generation *generation,
                   struct problems *problems);
/* What was prepared is not wanted after all. */
void doors_refuse(struct doors *doors);
/* From now on the addresses serve the generation prepared; what it does not name is
 * closed. `done` may be NULL; it is called once all workers know. */
void doors_commit(struct doors *doors, void (*done)(void *owner), void *owner);
/* All that serve this frontend are closed for good. */
void doors_shut(struct doors *doors, const struct entrance *entrance);
/* Clients are accepted from now on. */
void doors_open(struct doors *doors);
/* Those whose frontend is paused, or wants it while it has no server, refuse to be
 * connected to. To be called after each change of servers, rules or wishes. */
void doors_review(struct doors *doors);
/* Once a second: logs where those that closed and opened all the time came to. */
void doors_tell(const struct doors *doors);
/* No more clients: all are closed, after what has arrived is accepted. */
void doors_close(struct doors *doors);

size_t doors_count(const struct doors *doors);
const struct frontend *doors_frontend(const struct doors *doors, size_t index);
struct address doors_address(const struct doors *doors, size_t index);
