/* SO_REUSEPORT would let usher in beside anybody of the same user. */
#include "admin/entry.h"

#include "net/socket.h"

#include <errno.h>
#include <unistd.h>

static bool is_taken(const struct address *where, const struct socket_options *options)
{
    return where->as.any.sa_family != AF_UNIX && address_port(where) &&
           socket_is_taken(where, options);
}

int entry_open(const struct address *where, const struct socket_options *options,
               unsigned backlog)
{
    int fd;

    if (is_taken(where, options)) {
        errno = EADDRINUSE;
        return -1;
    }
    fd = socket_bind(where, options);
    if (fd == -1 || socket_listen(fd, backlog))
        return fd;
    (void)close(fd);
    return -1;
}
