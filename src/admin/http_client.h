/* One HTTP connection: one request, one answer. Main only.
 *
 * Bounded in what it may send and in how long it may take. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct control;
struct http_client;
struct link;

struct http_client_settings {
    struct control *control; /* borrowed */
    int fd;                  /* taken */
    uint64_t timeout_ms;
    /* Called when the connection is over; the owner then destroys the client. */
    void (*on_over)(void *owner, struct http_client *client);
    void *owner;
};

struct http_client *http_client_create(const struct http_client_settings *settings);
void http_client_destroy(struct http_client *client);

/* Is nothing being written to it: is it little loss to end it? */
bool http_client_is_waiting(const struct http_client *client);

/* For the owner's list. */
struct link *http_client_link(struct http_client *client);
struct http_client *http_client_of(struct link *link);
