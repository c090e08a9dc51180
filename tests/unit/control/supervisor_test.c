#include "control/supervisor.h"

#include <criterion/criterion.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct sockaddr_un address = { .sun_family = AF_UNIX };
static char folder[] = "/tmp/usher-supervisor-XXXXXX";
static int manager = -1;

static void set_up(void)
{
    cr_assert_not_null(mkdtemp(folder));
    (void)unsetenv("NOTIFY_SOCKET");
    (void)unsetenv("WATCHDOG_USEC");
    (void)unsetenv("WATCHDOG_PID");
}

static void tear_down(void)
{
    if (manager != -1)
        (void)close(manager);
    if (address.sun_path[0])
        (void)unlink(address.sun_path);
    (void)rmdir(folder);
}

TestSuite(supervisor, .init = set_up, .fini = tear_down, .timeout = 20);

static void listen_at(const char *name)
{
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));

    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", name);
    if (*name == '@')
        address.sun_path[0] = '\0';
    else
        length++;
    manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    cr_assert_eq(bind(manager, (struct sockaddr *)&address, length), 0);
    cr_assert_eq(setenv("NOTIFY_SOCKET", name, 1), 0);
}

static void expect_heard(const char *message)
{
    char heard[1024];
    ssize_t length = recv(manager, heard, sizeof heard, 0);

    cr_assert_neq(length, -1, "%s was not heard", message);
    cr_expect_eq((size_t)length, strlen(message));
    cr_expect_arr_eq(heard, message, (size_t)length);
}

static const char *path_in_folder(void)
{
    static char path[64];

    (void)snprintf(path, sizeof path, "%s/notify", folder);
    return path;
}

Test(supervisor, nobody_is_fine)
{
    struct supervisor *supervisor = supervisor_create();

    cr_expect_null(supervisor);
    supervisor_tell(supervisor, "READY=1");
    cr_expect_eq(supervisor_watchdog_us(supervisor), 0);
    supervisor_destroy(supervisor);
}

Test(supervisor, hears_each_message_as_one_datagram)
{
    struct supervisor *supervisor;

    listen_at(path_in_folder());
    supervisor = supervisor_create();
    cr_assert_not_null(supervisor);
    supervisor_tell(supervisor, "READY=1\nSTATUS=serving %d", 7);
    supervisor_tell(supervisor, "STOPPING=1");
    expect_heard("READY=1\nSTATUS=serving 7");
    expect_heard("STOPPING=1");
    supervisor_destroy(supervisor);
}

Test(supervisor, may_have_an_abstract_socket)
{
    char name[64];
    struct supervisor *supervisor;

    (void)snprintf(name, sizeof name, "@usher-supervisor-%d", (int)getpid());
    listen_at(name);
    supervisor = supervisor_create();
    supervisor_tell(supervisor, "READY=1");
    expect_heard("READY=1");
    supervisor_destroy(supervisor);
}

Test(supervisor, is_not_told_to_the_programs_that_usher_runs)
{
    listen_at(path_in_folder());
    (void)setenv("WATCHDOG_USEC", "3000000", 1);
    (void)setenv("WATCHDOG_PID", "1", 1);
    supervisor_destroy(supervisor_create());
    cr_expect_null(getenv("NOTIFY_SOCKET"));
    cr_expect_null(getenv("WATCHDOG_USEC"));
    cr_expect_null(getenv("WATCHDOG_PID"));
}

Test(supervisor, that_cannot_be_reached_is_none)
{
    char longer[200] = "/";
    const char *const wrong[] = { "", "/", "@", "vsock:2:1234", "relative", longer };

    (void)memset(longer + 1, 'x', sizeof longer - 2);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        (void)setenv("NOTIFY_SOCKET", wrong[i], 1);
        cr_expect_null(supervisor_create(), "%s", wrong[i]);
        cr_expect_null(getenv("NOTIFY_SOCKET"));
    }
}

/* Who restarts meanwhile is not waited for. */
Test(supervisor, may_be_gone)
{
    struct supervisor *supervisor;

    listen_at(path_in_folder());
    supervisor = supervisor_create();
    (void)close(manager);
    manager = -1;
    supervisor_tell(supervisor, "READY=1");
    supervisor_destroy(supervisor);
}

Test(supervisor, has_a_watchdog_for_this_process_alone)
{
    const struct {
        const char *time;
        long pid; /* -1: not said */
        uint64_t us;
    } cases[] = {
        { "3000000", getpid(), 3000000 },
        { "3000000", -1, 3000000 },
        { "3000000", 1, 0 },
        { "soon", -1, 0 },
        { NULL, getpid(), 0 },
    };

    listen_at(path_in_folder());
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct supervisor *supervisor;
        char pid[24];

        (void)setenv("NOTIFY_SOCKET", address.sun_path, 1);
        (void)snprintf(pid, sizeof pid, "%ld", cases[i].pid);
        if (cases[i].time)
            (void)setenv("WATCHDOG_USEC", cases[i].time, 1);
        if (cases[i].pid != -1)
            (void)setenv("WATCHDOG_PID", pid, 1);
        supervisor = supervisor_create();
        cr_assert_not_null(supervisor);
        cr_expect_eq(supervisor_watchdog_us(supervisor), cases[i].us, "%zu", i);
        supervisor_destroy(supervisor);
    }
}
