/* The workers, told something together. Main only.
 *
 * What is told reaches every worker; when the last one has done it, main hears of it.
 * As a worker does it between two callbacks, that is also the proof that it holds no
 * pointer it read before: a grace. */
#pragma once

#include <stdbool.h>

struct address;
struct ev_loop;
struct server;
struct team;
struct throttle;
struct worker;

struct team_settings {
    struct ev_loop *loop; /* main's */
    unsigned count;
    unsigned maxconn;          /* of all together */
    unsigned pipes;            /* of each */
    struct throttle *throttle; /* borrowed; of all together */
    /* Any worker calls it when a connect to a server failed. */
    void (*on_connect_failed)(void *owner, struct server *server);
    /* The same for what else sessions tell of a server. */
    void (*on_suspicion)(void *owner, struct server *server);
    void *owner;
};

/* NULL when the system has no descriptors or memory for it. */
struct team *team_create(const struct team_settings *settings);
bool team_start(struct team *team);
/* Ends the threads, and with them all sessions. What was told is carried out first. */
void team_end(struct team *team);
void team_destroy(struct team *team);

unsigned team_count(const struct team *team);
/* Sessions of all workers. */
unsigned team_sessions(const struct team *team);

/* Runs on each worker's thread. */
typedef void team_task(struct worker *worker, void *job);
/* Runs on main, once all have done it; never before team_tell has returned. */
typedef void team_done(void *job);

/* Either function may be NULL. */
void team_tell(struct team *team, team_task *task, team_done *done, void *job);

/* Destroys an object once no worker can still see it. NULL is fine. */
void team_free_after_grace(struct team *team, void *object,
                           void (*destroy)(void *object));

/* Wakes one worker to serve its queues; any thread. `team` is what it was created
 * with. */
void team_wake(void *team, unsigned worker);
