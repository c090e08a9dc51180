/* Turns what the configuration says into a descriptor that never makes anyone wait.
 *
 * Standard output and error are shared with other processes, which do not expect their
 * writes to fail; so usher opens them again for itself instead of changing them. */
#include "base/log_target.h"

#include "base/memory.h"
#include "base/problem.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_FLAGS = O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY | O_CLOEXEC };

static ssize_t send_to_file(const struct log_target *target, const char *bytes,
                            size_t length)
{
    return write(target->fd, bytes, length);
}

/* For a descriptor that belongs to others: its own flags say nothing. */
static ssize_t send_to_stranger(const struct log_target *target, const char *bytes,
                                size_t length)
{
    struct pollfd room = { .fd = target->fd, .events = POLLOUT };
    ssize_t sent = send(target->fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);

    if (sent != -1 || errno != ENOTSOCK)
        return sent;
    if (poll(&room, 1, 0) != 1 || !(room.revents & POLLOUT))
        return -1;
    return write(target->fd, bytes, length);
}

/* The address goes with each line: a restarted syslog daemon is found again by itself. */
static ssize_t send_to_syslog(const struct log_target *target, const char *bytes,
                              size_t length)
{
    return sendto(target->fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL,
                  &target->address.as.any, target->address.length);
}

const struct log_target log_target_first = { .fd = STDERR_FILENO,
                                             .send = send_to_stranger };

/* Whoever connected our stream to journald says which one that was. */
static bool is_journal(int fd)
{
    const char *named = getenv("JOURNAL_STREAM");
    struct stat status;
    char ours[48];

    if (!named || fstat(fd, &status) == -1)
        return false;
    (void)snprintf(ours, sizeof ours, "%ju:%ju", (uintmax_t)status.st_dev,
                   (uintmax_t)status.st_ino);
    return !strcmp(named, ours);
}

static void open_stream(struct log_target *target, int shared)
{
    char path[32];

    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", shared);
    target->is_journal = is_journal(shared);
    target->send = send_to_file;
    target->fd = open(path, FILE_FLAGS);
    if (target->fd != -1)
        return;
    /* A socket cannot be opened again, nor can the terminal of another user. */
    target->send = send_to_stranger;
    target->fd = fcntl(shared, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
}

static bool open_stdout(struct log_target *target, const char *rest,
                        struct problems *problems)
{
    (void)rest;
    open_stream(target, STDOUT_FILENO);
    if (target->fd == -1)
        problem_add(problems, "cannot log to standard output: %s", strerror(errno));
    return target->fd != -1;
}

static bool open_stderr(struct log_target *target, const char *rest,
                        struct problems *problems)
{
    (void)rest;
    open_stream(target, STDERR_FILENO);
    if (target->fd == -1)
        problem_add(problems, "cannot log to standard error: %s", strerror(errno));
    return target->fd != -1;
}

int log_target_open_file(const char *path)
{
    return open(path, FILE_FLAGS | O_CREAT, 0640);
}

static bool open_file(struct log_target *target, const char *path,
                      struct problems *problems)
{
    target->send = send_to_file;
    target->fd = log_target_open_file(path);
    if (target->fd == -1)
        problem_add(problems, "cannot open the log %s: %s", path, strerror(errno));
    else
        target->path = memory_copy_text(path);
    return target->fd != -1;
}

/* A connection is tried only to find out whether anyone is there. */
static bool has_listener(const struct address *address)
{
    int fd = socket(address->as.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
                    0);
    bool is_there = fd != -1 && connect(fd, &address->as.any, address->length) != -1;
    int why = errno;

    if (fd != -1)
        (void)close(fd);
    errno = why;
    return is_there;
}

static bool open_datagrams(struct log_target *target, struct problems *problems)
{
    int family = target->address.as.any.sa_family;

    target->send = send_to_syslog;
    target->is_syslog = true;
    if (has_listener(&target->address))
        target->fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (target->fd == -1)
        problem_add(problems, "cannot reach syslog at %s: %s",
                    address_text(&target->address).chars, strerror(errno));
    return target->fd != -1;
}

static bool open_remote_syslog(struct log_target *target, const char *where,
                               struct problems *problems)
{
    struct address_parts parts;
    const char *wrong = address_parse(where, &parts);

    if (!wrong && (parts.kind != ADDRESS_NUMERIC || !parts.port))
        wrong = "write syslog:IP:PORT, such as syslog:127.0.0.1:514";
    if (wrong) {
        problem_add(problems, "syslog:%s is no place to log to: %s", where, wrong);
        return false;
    }
    target->address = parts.address;
    target->is_remote = true;
    return open_datagrams(target, problems);
}

static bool open_local_syslog(struct log_target *target, const char *path,
                              struct problems *problems)
{
    struct address_parts parts;
    char text[256];
    const char *wrong;

    (void)snprintf(text, sizeof text, "unix:%s", path);
    wrong = address_parse(text, &parts);
    if (wrong)
        problem_add(problems, "syslog:%s is no place to log to: %s", path, wrong);
    target->address = parts.address;
    return !wrong && open_datagrams(target, problems);
}

static bool open_syslog(struct log_target *target, const char *where,
                        struct problems *problems)
{
    if (!*where)
        return open_local_syslog(target, "/dev/log", problems);
    if (where[0] == ':' && where[1] == '/')
        return open_local_syslog(target, where + 1, problems);
    return open_remote_syslog(target, where + 1, problems);
}

static const struct kind {
    const char *word;
    char after; /* what may follow the word, to be read by `open` */
    bool (*open)(struct log_target *target, const char *rest, struct problems *problems);
} kinds[] = {
    { "stdout", '\0', open_stdout },
    { "stderr", '\0', open_stderr },
    { "syslog", ':', open_syslog },
};

/* A text that names no kind is the path of a file. */
static bool open_kind(struct log_target *target, const char *text,
                      struct problems *problems)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t length = strlen(kinds[i].word);

        if (strncmp(text, kinds[i].word, length))
            continue;
        if (!text[length] || text[length] == kinds[i].after)
            return kinds[i].open(target, text + length, problems);
    }
    return open_file(target, text, problems);
}

struct log_target *log_target_open(const char *text, struct problems *problems)
{
    struct log_target *target = memory_new(sizeof *target);

    target->fd = -1;
    /* A long name is cut, which is better than none. */
    (void)gethostname(target->host, sizeof target->host - 1);
    if (open_kind(target, text, problems))
        return target;
    log_target_destroy(target);
    return NULL;
}

void log_target_destroy(struct log_target *target)
{
    if (!target)
        return;
    free(target->path);
    free(target);
}
