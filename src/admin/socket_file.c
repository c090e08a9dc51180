#include "admin/socket_file.h"

#include "admin/entry.h"
#include "base/memory.h"
#include "net/socket.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BACKLOG = 128 };

bool socket_file_read_access(const struct admin_socket_settings *settings,
                             struct file_access *access, struct problems *problems)
{
    const struct passwd *user = settings->user ? getpwnam(settings->user) : NULL;
    const struct group *group = settings->group ? getgrnam(settings->group) : NULL;

    if (settings->user && !user)
        problem_add_at(problems, settings->place, "there is no user %s", settings->user);
    if (settings->group && !group)
        problem_add_at(problems, settings->place, "there is no group %s",
                       settings->group);
    if ((settings->user && !user) || (settings->group && !group))
        return false;
    access->mode = settings->mode & 0777;
    access->user = user ? user->pw_uid : geteuid();
    access->group = group ? group->gr_gid : getegid();
    return true;
}

static bool has_file(const struct socket_file *file)
{
    return !file->address.length;
}

bool socket_file_set_access(struct socket_file *file, const struct file_access *access)
{
    struct stat info;

    file->access = *access;
    if (!has_file(file))
        return true;
    if (lstat(file->path, &info) == -1)
        return false;
    if ((info.st_uid != access->user || info.st_gid != access->group) &&
        lchown(file->path, access->user, access->group) == -1)
        return false;
    return chmod(file->path, access->mode) != -1;
}

bool socket_file_is_ours(const struct socket_file *file)
{
    struct stat info;

    if (!has_file(file))
        return true;
    return lstat(file->path, &info) != -1 && info.st_dev == file->device &&
           info.st_ino == file->inode;
}

static bool make_address(const char *path, struct address *address)
{
    size_t length = strlen(path);

    *address = (struct address){ .length = sizeof address->as.local };
    if (length >= sizeof address->as.local.sun_path) {
        errno = ENAMETOOLONG;
        return false;
    }
    address->as.local.sun_family = AF_UNIX;
    memcpy(address->as.local.sun_path, path, length + 1);
    return true;
}

/* What is there already is told by what it is, not by the system's "in use". */
static const char *reason(const char *path, int error)
{
    struct stat info;

    if (error != EADDRINUSE)
        return strerror(error);
    if (lstat(path, &info) != -1 && !S_ISSOCK(info.st_mode))
        return "there is a file of that name that is not a socket";
    return "another process is listening there";
}

/* Nobody can connect before the last step, when mode and owner are right. */
static bool begin_listening(struct socket_file *file, const struct address *address,
                            const struct file_access *access)
{
    struct socket_options options = { .mode = 0600 };
    struct stat info;

    file->fd = socket_bind(address, &options);
    if (file->fd == -1 || lstat(file->path, &info) == -1)
        return false;
    file->device = info.st_dev;
    file->inode = info.st_ino;
    return socket_file_set_access(file, access) && socket_listen(file->fd, BACKLOG);
}

static bool open_tcp(struct socket_file *file, const struct address *where)
{
    const struct socket_options options = { .mode = 0 };

    file->address = *where;
    file->fd = entry_open(where, &options, BACKLOG);
    if (file->fd == -1)
        return false;
    (void)socket_local_address(file->fd, &file->address);
    return true;
}

static bool open_local(struct socket_file *file, const struct file_access *access)
{
    struct address address;

    return make_address(file->path, &address) && begin_listening(file, &address, access);
}

bool socket_file_open(struct socket_file *file,
                      const struct admin_socket_settings *settings,
                      struct problems *problems)
{
    bool is_tcp = settings->address.length;
    struct file_access access;

    *file = (struct socket_file){ .fd = -1 };
    if (!socket_file_read_access(settings, &access, problems))
        return false;
    file->path = memory_copy_text(settings->path);
    if (is_tcp ? open_tcp(file, &settings->address) : open_local(file, &access))
        return true;
    problem_add_at(problems, settings->place, "cannot open the admin socket %s: %s",
                   settings->path, reason(settings->path, errno));
    socket_file_close(file);
    return false;
}

void socket_file_close(struct socket_file *file)
{
    if (file->fd != -1) {
        if (has_file(file) && socket_file_is_ours(file))
            (void)unlink(file->path);
        (void)close(file->fd);
    }
    free(file->path);
    *file = (struct socket_file){ .fd = -1 };
}
