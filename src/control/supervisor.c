/* A datagram for each message, to an address that was given in the environment. */
#include "control/supervisor.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { MESSAGE_SIZE = 512 };

/* A manager that is behind gets a moment: what it does not hear cannot be said again. */
static const struct timeval patience = { .tv_usec = 200000 };

struct supervisor {
    int fd;
    struct sockaddr_un address;
    socklen_t length;
    uint64_t watchdog_us;
};

/* "/path", or "@name" of the abstract namespace. */
static bool read_address(struct supervisor *supervisor, const char *text)
{
    size_t length = strlen(text);

    if ((*text != '/' && *text != '@') || length < 2 ||
        length >= sizeof supervisor->address.sun_path)
        return false;
    supervisor->address.sun_family = AF_UNIX;
    memcpy(supervisor->address.sun_path, text, length);
    supervisor->length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    if (*text == '@')
        supervisor->address.sun_path[0] = '\0';
    else
        supervisor->length++;
    return true;
}

/* It may be meant for another process, whose environment this is. */
static uint64_t read_watchdog(const char *time, const char *pid)
{
    uint64_t us, number;

    if (!time || text_read_number(time, &us))
        return 0;
    if (pid && (text_read_number(pid, &number) || number != (uint64_t)getpid()))
        return 0;
    return us;
}

static struct supervisor *meet(const char *where)
{
    struct supervisor *supervisor = memory_new(sizeof *supervisor);

    supervisor->fd = -1;
    if (read_address(supervisor, where))
        supervisor->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (supervisor->fd == -1) {
        log_warning("the service manager cannot be told anything  NOTIFY_SOCKET=%s",
                    where);
        free(supervisor);
        return NULL;
    }
    (void)setsockopt(supervisor->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    supervisor->watchdog_us = read_watchdog(getenv("WATCHDOG_USEC"),
                                            getenv("WATCHDOG_PID"));
    return supervisor;
}

struct supervisor *supervisor_create(void)
{
    const char *where = getenv("NOTIFY_SOCKET");
    struct supervisor *supervisor = where ? meet(where) : NULL;

    (void)unsetenv("NOTIFY_SOCKET");
    (void)unsetenv("WATCHDOG_USEC");
    (void)unsetenv("WATCHDOG_PID");
    return supervisor;
}

void supervisor_destroy(struct supervisor *supervisor)
{
    if (!supervisor)
        return;
    (void)close(supervisor->fd);
    free(supervisor);
}

void supervisor_tell(const struct supervisor *supervisor, const char *format, ...)
{
    char text[MESSAGE_SIZE];
    va_list arguments;
    int length;

    if (!supervisor)
        return;
    va_start(arguments, format);
    length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    ensure(length > 0 && (size_t)length < sizeof text);
    if (sendto(supervisor->fd, text, (size_t)length, MSG_NOSIGNAL,
               (const struct sockaddr *)&supervisor->address, supervisor->length) == -1)
        log_warning("the service manager does not listen: %s", strerror(errno));
}

uint64_t supervisor_watchdog_us(const struct supervisor *supervisor)
{
    return supervisor ? supervisor->watchdog_us : 0;
}
