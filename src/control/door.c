/* Opens the sockets of one address, or says why that cannot be done. */
#include "control/door.h"

#include "base/memory.h"
#include "base/problem.h"
#include "net/socket.h"
#include "proxy/frontend.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_local(const struct door *door)
{
    return door->where.kind == ADDRESS_NUMERIC &&
           door->address.as.any.sa_family == AF_UNIX &&
           door->address.as.local.sun_path[0];
}

void door_close(struct door *door)
{
    for (unsigned i = 0; i < door->workers; i++)
        if (door->fds[i] != -1)
            (void)close(door->fds[i]);
    if (door->where.kind == ADDRESS_DESCRIPTOR && door->has_served)
        (void)close(door->where.fd);
    if (is_local(door))
        (void)unlink(door->address.as.local.sun_path);
    free(door->fds);
    free(door->owner);
    free(door);
}

bool door_is_at(const struct door *door, const struct bind_settings *bind,
                const struct frontend_settings *owner)
{
    const struct address_parts *where = &bind->where;

    if (door->where.kind != where->kind)
        return false;
    if (where->kind == ADDRESS_DESCRIPTOR)
        return door->where.fd == where->fd;
    return address_is_equal(&door->where.address, &where->address) &&
           door->only_ip6 == bind->only_ip6 &&
           (where->port || where->address.as.any.sa_family == AF_UNIX ||
            !strcmp(door->owner, owner->name));
}

/* Of a free port, to learn which: a socket that stops listening keeps only a port that it
 * has asked for, so those of the workers all ask for this one. */
static int scout(struct door *door, const struct socket_options *options)
{
    int fd = socket_bind(&door->address, options);

    if (fd != -1)
        (void)socket_local_address(fd, &door->address);
    return fd;
}

static bool bind_workers(struct door *door, const struct socket_options *options)
{
    for (unsigned i = 0; i < door->workers; i++) {
        door->fds[i] = socket_bind(&door->address, options);
        if (door->fds[i] == -1 || !socket_local_address(door->fds[i], &door->address))
            return false;
    }
    return true;
}

static bool bind_all(struct door *door, const struct bind_settings *bind,
                     const struct socket_options *options)
{
    bool is_bound;
    int first = -1;

    door->address = bind->where.address;
    if (!bind->where.port)
        first = scout(door, options);
    is_bound = bind_workers(door, options);
    if (first != -1)
        (void)close(first);
    for (unsigned i = 0; i < door->workers && is_bound; i++)
        is_bound = socket_listen(door->fds[i], bind->backlog);
    return is_bound;
}

/* One socket that all workers watch: a UNIX socket, or one that somebody else opened. */
static bool share(struct door *door, int fd)
{
    for (unsigned i = 0; i < door->workers; i++) {
        door->fds[i] = fcntl(fd, F_DUPFD_CLOEXEC, 3);
        if (door->fds[i] == -1)
            return false;
    }
    return socket_local_address(fd, &door->address);
}

static bool share_local(struct door *door, const struct bind_settings *bind,
                        const struct socket_options *options)
{
    int fd = socket_bind(&bind->where.address, options);
    bool is_shared = fd != -1 && socket_listen(fd, bind->backlog) && share(door, fd);
    int failure = errno;

    if (fd != -1)
        (void)close(fd);
    if (fd != -1 && !is_shared)
        (void)unlink(bind->where.address.as.local.sun_path);
    errno = failure;
    return is_shared;
}

static bool open_sockets(struct door *door, const struct bind_settings *bind,
                         const struct socket_options *options, bool is_port_ours)
{
    const struct address_parts *where = &bind->where;

    if (where->kind == ADDRESS_DESCRIPTOR) {
        errno = EBADF;
        return socket_adopt(where->fd, options) && share(door, where->fd);
    }
    if (where->address.as.any.sa_family == AF_UNIX)
        return share_local(door, bind, options);
    if (where->port && !is_port_ours && socket_is_taken(&where->address, options)) {
        errno = EADDRINUSE;
        return false;
    }
    return bind_all(door, bind, options);
}

static struct door *make_door(const struct door_request *request)
{
    struct door *door = memory_new(sizeof *door);

    door->workers = request->workers;
    door->owner = memory_copy_text(request->owner->name);
    door->where = request->bind->where;
    door->only_ip6 = request->bind->only_ip6;
    door->fds = memory_new_array(door->workers, sizeof(int));
    for (unsigned i = 0; i < door->workers; i++)
        door->fds[i] = -1;
    return door;
}

static const char *what_to_do(int failure)
{
    static const struct advice {
        int failure;
        const char *text;
    } advices[] = {
        { EADDRINUSE,
          "; another program listens there: stop it, or choose another port" },
        { EADDRNOTAVAIL, "; no interface of this host has this address" },
        { EACCES, "; start as root, or grant CAP_NET_BIND_SERVICE" },
        { ENOTSOCK, "; it is not a listening stream socket that usher was started with" },
        { EBADF, "; it is not a listening stream socket that usher was started with" },
        { EMFILE, "; raise the descriptor limit" },
    };

    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++)
        if (advices[i].failure == failure)
            return advices[i].text;
    return "";
}

struct door *door_open(const struct door_request *request, struct problems *problems)
{
    const struct bind_settings *bind = request->bind;
    struct socket_options options = {
        .only_ip6 = bind->only_ip6,
        .backlog = bind->backlog,
        .peer_timeout_ms = request->owner->peer_timeout_ms,
        .mode = bind->mode,
    };
    struct door *door = make_door(request);
    int failure;

    if (open_sockets(door, bind, &options, request->is_port_ours))
        return door;
    failure = errno;
    problem_add_at(problems, bind->place, "cannot listen on %s: %s%s", bind->text,
                   strerror(failure), what_to_do(failure));
    memset(&door->address, 0, sizeof door->address); /* its file is not ours to remove */
    door_close(door);
    return NULL;
}

bool door_can_close(const struct door *door)
{
    return door->where.kind != ADDRESS_DESCRIPTOR &&
           door->address.as.any.sa_family != AF_UNIX;
}

void door_set_mode(const struct door *door, mode_t mode)
{
    if (is_local(door))
        (void)chmod(door->address.as.local.sun_path, mode);
}
