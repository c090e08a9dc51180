/* A thread with a loop: accepts clients and serves their sessions until told to end. */
#pragma once

#include "base/address.h"
#include "worker/mailbox.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ev_loop;
struct frontend;
struct gauge;
struct listener;
struct selection;
struct server;
struct session_view;
struct throttle;
struct worker;

struct worker_settings {
    unsigned id;    /* 0 ... */
    unsigned pipes; /* that it may use for bulk flows */
    unsigned maxconn;
    struct gauge *present;     /* borrowed: sessions of all workers */
    struct throttle *throttle; /* likewise */
    /* Any worker calls it when a connect to a server failed; wakes main. */
    void (*on_connect_failed)(void *owner, struct server *server);
    /* The same for what else sessions tell of a server. */
    void (*on_suspicion)(void *owner, struct server *server);
    void *owner;
};

/* Main makes, starts, ends and destroys workers. NULL when the system has no
 * descriptors. */
struct worker *worker_create(const struct worker_settings *settings);
bool worker_start(struct worker *worker);
/* Returns once the thread has ended: its sessions are over, its listeners closed. */
void worker_end(struct worker *worker);
void worker_destroy(struct worker *worker);

unsigned worker_id(const struct worker *worker);
/* Main only. */
void worker_post(struct worker *worker, struct order *order);
/* Any thread: a queue calls. */
void worker_wake(struct worker *worker);

/* The rest runs on the worker's own thread, from orders. */
struct ev_loop *worker_loop(struct worker *worker);
struct worker_door {
    uint64_t key; /* of the listening address */
    int fd;       /* taken; -1 when the key is known already */
    const struct frontend *frontend;
    unsigned backlog;
};

/* A known key changes only what it serves, and how long its queue may be. */
void worker_listen(struct worker *worker, const struct worker_door *door);
/* Accepts what has already arrived, then closes. */
void worker_stop_listening(struct worker *worker, uint64_t key);
/* Closed, connecting to it is refused; it stays ours, and can be opened again. */
void worker_set_closed(struct worker *worker, uint64_t key, bool is_closed);
/* Sessions of all workers together. */
void worker_set_maxconn(struct worker *worker, unsigned maxconn);
/* Does not sleep for a while after something happened: at once there, at a CPU's cost. */
void worker_set_busy_poll(struct worker *worker, bool is_on);
/* Accepting starts with the first call of this. */
void worker_open_doors(struct worker *worker);
/* Ends its sessions one after the other over this time, idle ones first. */
void worker_drain(struct worker *worker, uint64_t timeout_ms);
size_t worker_session_count(const struct worker *worker);
/* Fills in at most `most`; returns how many. */
size_t worker_list_sessions(struct worker *worker, struct session_view *views,
                            size_t most);
/* Ends the one of this id, or all of this server's; returns how many. */
size_t worker_end_session(struct worker *worker, uint64_t id);
size_t worker_end_sessions_of(struct worker *worker, const struct server *server);
size_t worker_end_selected(struct worker *worker, const struct selection *selection);
