/* Servers that an administrator adds and deletes while usher runs. Main only.
 *
 * One that was added stays over reloads as long as its backend does; when the file names
 * it, it is the file's. One that the file names is back after the next reload. Neither is
 * known any more after a restart. */
#pragma once

#include "backend/server_settings.h"
#include "control/steer_place.h"

#include <stdint.h>

struct backend;
struct control;

/* What is 0 of the check is as its backend says. */
struct enlist_request {
    struct server_settings settings; /* all texts are copied */
    bool is_checked, has_agent;
    bool is_ready; /* else it begins in maintenance */
    uint64_t interval_ms, changing_interval_ms, down_interval_ms, rise, fall;
    struct asked_wish check_wish, agent_wish;
};

/* The backend has no server of that name. */
void enlist_add(struct control *control, struct backend *backend,
                const struct enlist_request *request, const char *by);

/* Why a server may not be deleted, in the order in which it is told. */
enum enlist_hindrance { ENLIST_FREE, ENLIST_FOLLOWED, ENLIST_SERVING, ENLIST_BUSY };

enum enlist_hindrance enlist_hindrance(const struct server *server);
const char *enlist_hindrance_text(enum enlist_hindrance hindrance);
/* One without hindrance. */
void enlist_delete(struct control *control, struct server *server, const char *by);
