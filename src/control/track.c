/* Who follows whom: each server knows its followers, so that a change costs nothing to
 * those whom it does not concern. */
#include "control/track.h"

#include "backend/backend.h"
#include "backend/history.h"
#include "backend/server_set.h"
#include "base/list.h"
#include "base/memory.h"
#include "health/bulletin.h"

#include <stdio.h>
#include <stdlib.h>

struct track {
    struct server *server;
    struct server *leader; /* borrowed; NULL: none */
    struct link link;      /* among the leader's followers */
    struct link followers;
    struct bulletin bulletin;
};

/* Made for both sides of the first tie. */
static struct track *tie_of(struct ev_loop *loop, struct server *server)
{
    struct track *track = server->track;

    if (track)
        return track;
    track = memory_new(sizeof *track);
    track->server = server;
    list_init(&track->link);
    list_init(&track->followers);
    bulletin_init(&track->bulletin, loop, server);
    server->track = track;
    return track;
}

static void leave(struct track *track)
{
    list_remove(&track->link);
    track->leader = NULL;
}

void track_begin(struct ev_loop *loop, struct server *server, struct server *leader)
{
    struct track *track;

    if (track_leader(server) == leader)
        return;
    track = tie_of(loop, server);
    leave(track);
    if (!leader)
        return;
    track->leader = leader;
    list_append(&tie_of(loop, leader)->followers, &track->link);
    backend_touch(leader->backend);
}

void track_end(struct server *server)
{
    struct track *track = server->track;

    if (!track)
        return;
    list_each(link, &track->followers)
        leave(list_object(link, struct track, link));
    leave(track);
    bulletin_deinit(&track->bulletin);
    free(track);
    server->track = NULL;
}

/* What was known of it holds until more is known of its leader. */
static void follow(struct track *track)
{
    struct server *server = track->server;
    const struct server *leader = track->leader;
    enum health was = server->health;
    char why[160];
    struct history_change change = {
        .from = bulletin_health_name(was),
        .to = bulletin_health_name(leader->health),
        .why = why,
        .who = HISTORY_TRACK,
    };

    if (leader->health == HEALTH_UNKNOWN)
        return;
    (void)snprintf(why, sizeof why, "via %s/%s", leader->backend->name, leader->name);
    if (!server_set_health(server, leader->health))
        return;
    history_note(&server->history, &change);
    bulletin_tell(&track->bulletin, was, why, "");
    backend_touch(server->backend);
}

void track_spread(struct server *leader)
{
    if (!leader->track)
        return;
    list_each(link, &leader->track->followers) {
        struct track *follower = list_object(link, struct track, link);

        follow(follower);
        track_spread(follower->server);
    }
}

const struct server *track_leader(const struct server *server)
{
    return server->track ? server->track->leader : NULL;
}

bool track_is_followed(const struct server *server)
{
    return server->track && !list_is_empty(&server->track->followers);
}
