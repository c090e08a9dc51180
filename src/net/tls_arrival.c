#include "net/tls_arrival.h"

#include <errno.h>
#include <openssl/ssl3.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* Each is waited for once: sockets of UNIX do not know how to wait for more than a
 * byte. */
enum { WAIT_FOR_HEAD = 1, WAIT_FOR_RECORD = 2 };

static void set_least(int fd, int least)
{
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &least, sizeof least);
}

static bool is_due_after(struct tls_arrival *arrival, int fd, int reason, int least)
{
    bool has_waited = arrival->waits & reason;

    if (!has_waited)
        set_least(fd, least);
    arrival->waits |= (uint8_t)reason;
    return has_waited;
}

static bool look(struct tls_arrival *arrival, int fd)
{
    unsigned char head[SSL3_RT_HEADER_LENGTH];
    ssize_t count = recv(fd, head, sizeof head, MSG_PEEK);
    int length, present = 0;

    if (count == -1)
        return errno != EAGAIN && errno != EINTR;
    if (count == 0 || head[0] != SSL3_RT_HANDSHAKE)
        return true;
    if ((size_t)count < sizeof head)
        return is_due_after(arrival, fd, WAIT_FOR_HEAD, sizeof head);
    length = head[3] << 8 | head[4];
    if (length > SSL3_RT_MAX_PLAIN_LENGTH || ioctl(fd, FIONREAD, &present) == -1 ||
        present >= SSL3_RT_HEADER_LENGTH + length)
        return true;
    return is_due_after(arrival, fd, WAIT_FOR_RECORD, SSL3_RT_HEADER_LENGTH + length);
}

bool tls_arrival_is_due(struct tls_arrival *arrival, int fd)
{
    bool is_due = look(arrival, fd);

    if (is_due && arrival->waits)
        set_least(fd, 1);
    return is_due;
}
