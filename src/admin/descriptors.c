/* As the system knows them; a worker may close one while it is looked at, which is then
 * left out or shown without its ends. */
#include "admin/descriptors.h"

#include "admin/command.h"
#include "net/socket.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char folder[] = "/proc/self/fd";

static bool is_listening(int fd)
{
    int value = 0;
    socklen_t length = sizeof value;

    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &length) != -1 && value;
}

/* "listening on 127.0.0.1:80", "127.0.0.1:80 with 127.0.0.1:40000" */
static void write_socket(int fd, struct buffer *out)
{
    struct address own, peer;

    if (!socket_local_address(fd, &own))
        return;
    buffer_add_text(out, is_listening(fd) ? " listening on " : " ");
    buffer_add_text(out, address_text(&own).chars);
    if (socket_peer_address(fd, &peer))
        buffer_format(out, " with %s", address_text(&peer).chars);
}

/* "socket:[123]" and the like: the number says nothing to people. */
static void write_descriptor(int fd, struct buffer *out)
{
    char path[64], what[PATH_MAX];
    ssize_t length;

    (void)snprintf(path, sizeof path, "%s/%d", folder, fd);
    length = readlink(path, what, sizeof what - 1);
    if (length == -1)
        return;
    what[length] = '\0';
    buffer_format(out, "%7d : ", fd);
    if (strncmp(what, "socket:", 7) != 0) {
        buffer_format(out, "%s\n", what);
        return;
    }
    buffer_add_text(out, "socket");
    write_socket(fd, out);
    buffer_add_text(out, "\n");
}

/* 0 of what is none: that is shown then, or nothing. */
static int number_of(const char *text)
{
    return (int)strtol(text, NULL, 10);
}

static void write_all(DIR *all, struct buffer *out)
{
    struct dirent *entry;

    while ((entry = readdir(all)))
        if (*entry->d_name != '.' && number_of(entry->d_name) != dirfd(all))
            write_descriptor(number_of(entry->d_name), out);
}

void descriptors_show(struct call *call)
{
    const char *wanted = command_argument(call, 0);
    DIR *all;

    if (*wanted) {
        write_descriptor(number_of(wanted), &call->reply->text);
        return;
    }
    all = opendir(folder);
    if (!all) {
        reply_refuse(call->reply, "There is no /proc.");
        return;
    }
    write_all(all, &call->reply->text);
    (void)closedir(all);
}
