/* Which servers are asked, how, and whose verdict others share. Private to the control
 * folder. */
#pragma once

#include "health/check_settings.h"

#include <stddef.h>
#include <stdint.h>

struct backend;
struct backend_settings;
struct checkup;
struct ev_loop;
struct generation;
struct server;
struct server_settings;

struct checkup *checkup_create(struct ev_loop *loop);
/* All checks have ended. */
void checkup_destroy(struct checkup *checkup);
void checkup_limit(struct checkup *checkup, uint64_t most_probes);

/* What is said of a generation's checks, with what they have from the rest of their
 * backend, by its index. */
struct check_settings checkup_settings(const struct generation *generation, size_t index);

/* What the file, or else an administrator who added it, says of a server; NULL: nothing,
 * any more. */
const struct server_settings *checkup_find_settings(
    const struct backend_settings *backend, const struct server *server);
/* Begins, goes on with or ends the server's check, as its settings say. */
void checkup_tend(struct checkup *checkup, struct server *server,
                  const struct server_settings *settings,
                  const struct check_settings *checks);
/* Once all servers are there: who tracks whom, and whose check rests. */
void checkup_tie(struct checkup *checkup, const struct generation *generation);
/* In maintenance, and nobody else depends on the verdict. */
bool checkup_may_rest(const struct server *server);
/* Of a server that goes, or that will be another one. */
void checkup_end(struct checkup *checkup, struct server *server);
/* Whatever was known of its health is not known any more. */
void checkup_forget(struct server *server, const char *why);
/* A generation goes: a backend of its is from now on checked as this older one says. */
void checkup_inherit(const struct generation *heir, const struct backend *backend);

size_t checkup_count(const struct checkup *checkup);
