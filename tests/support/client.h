/* A client of usher, or of anybody: asks, sends, listens, and tells a FIN from a RST.
 *
 * Everything has a deadline; what goes wrong fails the test, unless it is called try. */
#pragma once

#include "support/stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct client;
struct usher;

enum { CLIENT_MS = 10000 };

struct client *client_dial(const char *address);
/* From "127.0.0.2:0" or the like. */
struct client *client_dial_from(const char *source, const char *address);
/* NULL when it is refused, or reset before anything else. */
struct client *client_try(const char *address);
struct client *client_try_from(const char *source, const char *address);
/* To the first address of the frontend "web". */
struct client *client_connect(struct usher *usher);
int client_fd(const struct client *client);

/* NULL is fine. */
void client_close(struct client *client);
void client_reset(struct client *client);
void client_half_close(struct client *client);

void client_say(struct client *client, const char *text);
bool client_try_say(struct client *client, const char *text);
/* Bytes that are no text. */
void client_put(struct client *client, const void *bytes, size_t length);
/* False when the peer does not take them. */
bool client_try_put(struct client *client, const void *bytes, size_t length);
/* So many; fails when an end comes first. */
void client_take(struct client *client, void *bytes, size_t length);
/* A line without its LF, kept; NULL when there is an end instead. */
const char *client_hear(struct client *client);
/* Says a line, hears a line. */
const char *client_ask(struct client *client, const char *line);
/* Connects, asks "who", closes; "" when that failed. */
const char *client_ask_once(const char *address);
/* All text up to the end, kept. */
const char *client_hear_all(struct client *client);

/* Reads and drops what comes, until an end or the time is over. */
enum stream_end client_end(struct client *client, uint64_t ms);
/* True when connecting is refused, or a RST follows with nothing before it. */
bool client_is_refused(const char *address, uint64_t ms);
bool client_is_open(struct client *client);

/* The next so many bytes of the pattern. */
void client_send(struct client *client, uint64_t bytes);
void client_receive(struct client *client, uint64_t bytes);
/* What stream_run does, with this client's socket; fails on wrong bytes and lost time. */
void client_exchange(struct client *client, struct stream *stream);
