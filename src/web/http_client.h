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

/* For others who want in: is nothing being written to it, or has that taken long? */
bool http_client_may_go(const struct http_client *client);

/* For the owner's list. */
struct link *http_client_link(struct http_client *client);
struct http_client *http_client_of(struct link *link);
