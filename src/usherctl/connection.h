/* One exchange with an admin socket: a text is said, the answer heard up to its end.
 *
 * Only connection_await waits; the rest is for loops that have more to do. */
#pragma once

#include "base/address.h"
#include "base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

struct connection;

enum connection_state {
    CONNECTION_BUSY,  /* there is more to come */
    CONNECTION_ENDED, /* usher has said all, and closed */
    CONNECTION_FAILED /* connection_error knows why */
};

/* "/path", "unix:/path", "127.0.0.1:9999". NULL: understood; else a static sentence. */
const char *connection_read_address(const char *text, struct address *where);

/* Never NULL; what fails at once is told by connection_continue. The text is copied. */
struct connection *connection_open(const struct address *where, const char *text);
/* NULL is fine. */
void connection_close(struct connection *connection);

/* What poll(2) shall wait for. Descriptor -1: it has failed. */
int connection_fd(const struct connection *connection);
short connection_events(const struct connection *connection);
/* Does what can be done now. */
enum connection_state connection_continue(struct connection *connection);
/* Waits until more was heard or it is over; BUSY: the time of clock_ms is over. */
enum connection_state connection_await(struct connection *connection,
                                       uint64_t deadline_ms);

/* An errno. */
int connection_error(const struct connection *connection);
/* Did it fail before anything could be said? */
bool connection_is_refused(const struct connection *connection);
/* To be consumed as it comes, or to be left until the end. */
struct buffer *connection_heard(struct connection *connection);
