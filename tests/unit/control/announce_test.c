#include "control/announce.h"

#include "control/control_parts.h"
#include "controls.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int manager;
static char heard[1024];

static void set_up(void)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int length = snprintf(address.sun_path, sizeof address.sun_path, "@usher-announce-%d",
                          (int)getpid());

    (void)setenv("NOTIFY_SOCKET", address.sun_path, 1);
    (void)setenv("WATCHDOG_USEC", "2000", 1);
    (void)unsetenv("WATCHDOG_PID");
    address.sun_path[0] = '\0';
    manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    cr_assert_eq(bind(manager, (struct sockaddr *)&address,
                      (socklen_t)offsetof(struct sockaddr_un, sun_path) +
                          (socklen_t)length),
                 0);
    make_control("");
}

static void tear_down(void)
{
    drop_control();
    (void)close(manager);
}

TestSuite(announce, .init = set_up, .fini = tear_down, .timeout = 20);

/* "" when there is nothing. */
static const char *hear(void)
{
    ssize_t length = recv(manager, heard, sizeof heard - 1, 0);

    heard[length > 0 ? length : 0] = '\0';
    return heard;
}

static void on_over(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)timer;
    (void)events;
    ev_break(loop, EVBREAK_ALL);
}

static void let_pass(double seconds)
{
    ev_timer over;

    ev_timer_init(&over, on_over, seconds, 0.);
    ev_timer_start(control->loop, &over);
    (void)ev_run(control->loop, 0);
}

/* The workers of this control never start: no better than ones that are stuck. */
Test(announce, leaves_the_watchdog_alone_with_a_worker_that_is_stuck)
{
    announce_waiting(control);
    cr_expect_eq(strncmp(hear(), "STATUS=waiting", 14), 0, "%s", heard);
    let_pass(.02);
    cr_expect(control->is_asking_workers);
    cr_expect_str_eq(hear(), "");
}

Test(announce, says_nothing_of_reloads_before_it_is_ready)
{
    cr_assert(reload_with(""));
    cr_expect_str_eq(hear(), "");
}

Test(announce, says_nothing_of_reloads_once_it_stops)
{
    control->is_ready = true;
    control->is_stopping = true;
    announce_reload(control);
    announce_reloaded(control, false);
    cr_expect_str_eq(hear(), "");
    control->is_stopping = false;
}

Test(announce, says_how_a_reload_went)
{
    control->is_ready = true;
    cr_assert(reload_with(""));
    cr_expect_eq(strncmp(hear(), "RELOADING=1\nMONOTONIC_USEC=", 27), 0, "%s", heard);
    cr_expect_str_eq(hear(), "READY=1\nSTATUS=serving: generation 2, frontends: 1, "
                             "backends: 1");
    cr_assert_not(reload_with("nonsense = 1\n"));
    cr_expect_eq(strncmp(hear(), "RELOADING=1\n", 12), 0, "%s", heard);
    cr_expect_str_eq(hear(), "READY=1\nSTATUS=the last reload was refused, see the log; "
                             "serving: generation 2, frontends: 1, backends: 1");
}
