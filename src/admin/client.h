/* One connection to an admin socket, bounded in what it may send, hold and wait.
 *
 * Main only. */
#pragma once

#include "base/endpoint.h"

#include <stdbool.h>
#include <stdint.h>

struct admin;
struct client;
struct control;
struct link;

struct client_settings {
    struct control *control;   /* borrowed */
    const struct admin *admin; /* borrowed */
    int fd;                    /* taken */
    struct endpoint peer;
    uint64_t id;
    unsigned level; /* enum admin_level */
    uint64_t timeout_ms;
    /* Called when the connection is over; the owner then destroys the client. */
    void (*on_over)(void *owner, struct client *client);
    void *owner;
};

struct client *client_create(const struct client_settings *settings);
void client_destroy(struct client *client);

/* Of the door that it came by, whatever it lowered it to. */
unsigned client_level(const struct client *client);
/* Has it been silent for a while, and waits for nothing, so that another may have its
 * place? */
bool client_may_go(const struct client *client);

/* For the owner's list. */
struct link *client_link(struct client *client);
struct client *client_of(struct link *link);
