/* Opens, listens, connects and sets options. Everything is non-blocking and close-on-
 * exec.
 *
 * Functions that return a descriptor return -1 and leave errno. Any thread. */
#pragma once

#include "base/address.h"
#include "base/endpoint.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct socket_options {
    bool only_ip6;
    unsigned backlog;
    uint64_t
        peer_timeout_ms; /* keepalive and TCP_USER_TIMEOUT; accepted sockets inherit */
    mode_t mode;         /* of a UNIX socket */
};

/* Bound but not listening yet. TCP shares its port with others of ours (SO_REUSEPORT).
 * A UNIX socket's stale file is replaced, a live one's is not (EADDRINUSE). */
int socket_bind(const struct address *where, const struct socket_options *options);
/* Does somebody else listen there already? SO_REUSEPORT alone would not tell. */
bool socket_is_taken(const struct address *where, const struct socket_options *options);
bool socket_listen(int fd, unsigned backlog);
/* Connecting is refused from now on, what waits is reset; the address stays taken. Of TCP
 * only, with a port that it was bound to: only that listens again. */
void socket_stop_listening(int fd);
/* A listening stream socket that somebody else opened: made ours. False: it is not
 * one. */
bool socket_adopt(int fd, const struct socket_options *options);

/* -1 with EAGAIN when nobody waits. */
int socket_accept(int listener, struct endpoint *client);
/* The connect is under way, or failed at once. `source` is the address to come from,
 * without a port; NULL: the system chooses. */
int socket_connect(const struct address *where, const struct address *source);
/* The same, for a connection that ends without a byte from us: the last packet of the
 * handshake waits for the end and travels with it (tcp(7), TCP_QUICKACK). */
int socket_connect_silently(const struct address *where, const struct address *source);
/* Finds out when the peer is gone: keepalive while nothing is sent, TCP_USER_TIMEOUT
 * while something is. 0, or a UNIX socket: does nothing. */
void socket_watch_peer(int fd, uint64_t peer_timeout_ms);
/* From now on the socket becomes readable when so many bytes are there, or its peer has
 * ended. TCP only. */
void socket_set_least(int fd, size_t bytes);
/* Has the peer ended, or gone? Reads nothing. */
bool socket_has_end(int fd);
/* Has it ended both ways? One who only says no more still listens. */
bool socket_has_hung_up(int fd);
/* Right after socket_connect, to the same address: 0 when it is connected, as within one
 * host it mostly is by then; EINPROGRESS, or the errno of the connect. Of a UNIX socket
 * always 0: it is connected at once or not at all, unix(7). */
int socket_connect_again(int fd, const struct address *where);
/* 0 or the errno of the connect. Once per connect: asking clears it. */
int socket_connect_result(int fd);

/* Closes so that the peer sees a reset, not an end. */
void socket_close_by_reset(int fd);
/* The next close sends a reset. */
void socket_set_reset(int fd);
/* Bytes written but not yet acknowledged by the peer's kernel; 0 when unknown. */
size_t socket_unsent(int fd);
bool socket_local_address(int fd, struct address *address);
bool socket_peer_address(int fd, struct address *address);

/* Is this errno about our own limits (descriptors, ports, memory), not about the peer? */
bool socket_is_own_shortage(int error);
/* Of a connect: the same, or the full backlog of a UNIX socket: the server is busy,
 * not ill. */
bool socket_is_nobodys_fault(int error);
