/* Sockets by address texts: "127.0.0.1:80", "[::1]:80", "unix:/path".
 *
 * Errors are -1 and errno, so that forked servers can use it too. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

int wire_listen(const char *address, int backlog);
/* Bound, but nobody listens: keeps the port ours, and connecting to it is refused. */
int wire_reserve(const char *address);
/* Non-blocking; waits at most so long for the connection. */
int wire_connect(const char *address, uint64_t ms);
/* From this address, "127.0.0.2:0"; NULL: from any. */
int wire_connect_from(const char *source, const char *address, uint64_t ms);
/* Does not wait. */
int wire_begin_connect(const char *address);
/* The local address, kept. */
const char *wire_address(int fd);
/* Until poll() sees one of these events; false when time has run out. */
bool wire_wait(int fd, short events, uint64_t deadline_ms);
/* Makes close() a reset. */
void wire_close_with_reset(int fd);
