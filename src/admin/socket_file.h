/* A socket that listens, and the file of a UNIX one. Main only.
 *
 * A file nobody listens on any more is replaced; any other stays, and is a problem. */
#pragma once

#include "config/settings.h"

#include <stdbool.h>
#include <sys/types.h>

struct problems;

struct file_access {
    mode_t mode;
    uid_t user;
    gid_t group;
};

struct socket_file {
    char *path;             /* owned; as the settings have it */
    struct address address; /* of TCP, with the port that the system gave; no file */
    int fd;
    dev_t device; /* of the file; it is ours only while it is this one */
    ino_t inode;
    struct file_access access;
};

/* Who may use the file, by the settings. False, with a problem, when there is no such
 * user. */
bool socket_file_read_access(const struct admin_socket_settings *settings,
                             struct file_access *access, struct problems *problems);
/* False, with a problem, leaves nothing behind. */
bool socket_file_open(struct socket_file *file,
                      const struct admin_socket_settings *settings,
                      struct problems *problems);
/* False leaves errno. */
bool socket_file_set_access(struct socket_file *file, const struct file_access *access);
/* Is it still what clients find there? */
bool socket_file_is_ours(const struct socket_file *file);
/* Closes; removes the file if it is still ours. */
void socket_file_close(struct socket_file *file);
