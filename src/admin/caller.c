/* The system knows who connected to a UNIX socket; of TCP only the address is known. */
#include "admin/caller.h"

#include "base/address.h"

#include <stdio.h>
#include <sys/socket.h>

static void name_by_process(int fd, char by[CALLER_SIZE])
{
    struct ucred peer = { 0 };
    socklen_t length = sizeof peer;

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == -1)
        (void)snprintf(by, CALLER_SIZE, "unknown");
    else
        (void)snprintf(by, CALLER_SIZE, "uid=%u pid=%d", (unsigned)peer.uid,
                       (int)peer.pid);
}

void caller_name(int fd, char by[CALLER_SIZE])
{
    struct address peer = { .length = sizeof peer.as };

    if (getpeername(fd, &peer.as.any, &peer.length) == 0 &&
        peer.as.any.sa_family != AF_UNIX)
        (void)snprintf(by, CALLER_SIZE, "address=%.64s", address_text(&peer).chars);
    else
        name_by_process(fd, by);
}
