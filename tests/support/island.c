/* A network namespace. Each test is a process of its own: the next one is not in it. */
#include "support/island.h"

#include "support/kept.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static const char port_range[] = "/proc/sys/net/ipv4/ip_local_port_range";

static bool begin_loopback(void)
{
    struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool is_up = fd != -1 && ioctl(fd, SIOCSIFFLAGS, &request) == 0;

    (void)close(fd);
    return is_up;
}

static bool write_ports(const char *range)
{
    int fd = open(port_range, O_WRONLY | O_CLOEXEC);
    bool is_written = fd != -1 && write(fd, range, strlen(range)) > 0;

    (void)close(fd);
    return is_written;
}

void island_begin(void)
{
    if (unshare(CLONE_NEWNET) == -1)
        cr_skip("no network namespace can be made here: %s", strerror(errno));
    if (!begin_loopback())
        cr_skip("loopback cannot be set up in a network namespace: %s", strerror(errno));
    if (!write_ports("32768 60999"))
        cr_skip("%s cannot be written: %s", port_range, strerror(errno));
}

void island_limit_ports(unsigned first, unsigned last)
{
    cr_assert(write_ports(kept_format("%u %u", first, last)), "%s", port_range);
}
