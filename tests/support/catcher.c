/* Datagrams are taken out of the socket whenever the test asks. */
#include "support/catcher.h"

#include "support/kept.h"

#include <criterion/criterion.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { MESSAGES_MOST = 1024, MESSAGE_SIZE = 8192 };

struct catcher {
    int fd;
    const char *target;
    unsigned count;
    const char *messages[MESSAGES_MOST];
};

static struct catcher *create(int family)
{
    struct catcher *catcher = calloc(1, sizeof *catcher);

    cr_assert(catcher, "no memory");
    catcher->fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    cr_assert_neq(catcher->fd, -1);
    return catcher;
}

struct catcher *catcher_open_udp(void)
{
    struct sockaddr_in ip4 = { .sin_family = AF_INET };
    socklen_t length = sizeof ip4;
    struct catcher *catcher = create(AF_INET);

    ip4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    cr_assert_eq(bind(catcher->fd, (struct sockaddr *)&ip4, sizeof ip4), 0);
    cr_assert_eq(getsockname(catcher->fd, (struct sockaddr *)&ip4, &length), 0);
    catcher->target = kept_format("syslog:127.0.0.1:%u", ntohs(ip4.sin_port));
    return catcher;
}

struct catcher *catcher_open_unix(const char *path)
{
    struct sockaddr_un local = { .sun_family = AF_UNIX };
    size_t length = offsetof(struct sockaddr_un, sun_path) + strlen(path);
    struct catcher *catcher = create(AF_UNIX);

    (void)strncpy(local.sun_path, path, sizeof local.sun_path - 1);
    if (*path == '@')
        local.sun_path[0] = '\0';
    else
        (void)unlink(path);
    cr_assert_eq(bind(catcher->fd, (struct sockaddr *)&local, (socklen_t)length), 0);
    catcher->target = kept_format("syslog:%s", path);
    return catcher;
}

void catcher_close(struct catcher *catcher)
{
    (void)close(catcher->fd);
    catcher->fd = -1;
}

const char *catcher_target(const struct catcher *catcher)
{
    return catcher->target;
}

static void take_what_came(struct catcher *catcher)
{
    char message[MESSAGE_SIZE];
    ssize_t length;

    while (catcher->count < MESSAGES_MOST &&
           (length = recv(catcher->fd, message, sizeof message - 1, 0)) > 0)
        catcher->messages[catcher->count++] = kept_format("%.*s", (int)length, message);
}

const char *catcher_heard(struct catcher *catcher, const char *text)
{
    take_what_came(catcher);
    for (unsigned i = 0; i < catcher->count; i++)
        if (strstr(catcher->messages[i], text))
            return catcher->messages[i];
    return NULL;
}

const char *catcher_message(struct catcher *catcher, unsigned number)
{
    take_what_came(catcher);
    return number < catcher->count ? catcher->messages[number] : NULL;
}
