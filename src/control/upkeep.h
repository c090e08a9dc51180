/* Keeps the living backends in step: with the settings, with checks and names, and
 * with what the workers noticed. Private to the control folder. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address_parts;
struct backend;
struct ev_loop;
struct generation;
struct registry;
struct resolver;
struct server;
struct team;
struct upkeep;

/* All are borrowed, and outlive it. */
struct upkeep_settings {
    struct ev_loop *loop;
    struct team *team;
    struct registry *registry;
    struct resolver *resolver;
    void (*on_publish)(void *owner, struct backend *backend); /* its servers changed */
    void (*on_parting)(void *owner, struct server *server);   /* it goes next */
    void *owner;
};

struct upkeep *upkeep_create(const struct upkeep_settings *settings);
void upkeep_destroy(struct upkeep *upkeep);

/* Brings the backends in line with the generation; servers that stay keep their state. */
void upkeep_apply(struct upkeep *upkeep, const struct generation *generation);
/* The same for one server of which something was set by hand. */
void upkeep_tend(struct upkeep *upkeep, const struct generation *generation,
                 struct server *server);
/* Takes one that nobody has named before. */
void upkeep_add(struct upkeep *upkeep, const struct generation *generation,
                struct server *server);
/* Nobody is to be served by it any more: it goes once its sessions are over. */
void upkeep_dismiss(struct upkeep *upkeep, struct server *server);
/* Somewhere else from now on, by hand. */
void upkeep_move(struct upkeep *upkeep, const struct generation *generation,
                 struct server *server, const struct address_parts *destination);
/* Ends what is done for a backend that nobody holds any more. */
void upkeep_forget(struct upkeep *upkeep, struct backend *backend);

/* Publishes the rotations of all backends that were touched. */
void upkeep_publish(struct upkeep *upkeep);
/* Failed connects become failed probes. */
void upkeep_take_failures(struct upkeep *upkeep);
/* Parts with servers that have left and have no sessions any more. */
void upkeep_sweep(struct upkeep *upkeep);

/* Once a second: tells what becomes of ensembles. */
void upkeep_watch_ensembles(struct upkeep *upkeep);

/* Has every server that is checked had its first verdict? */
bool upkeep_is_settled(const struct upkeep *upkeep);
/* It was long enough: those without a verdict count as up until they have one. */
void upkeep_assume_up(struct upkeep *upkeep);
size_t upkeep_check_count(const struct upkeep *upkeep);
