#include "health/bulletin.h"

#include "backend/backend.h"
#include "backend/server_set.h"
#include "base/log.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct ev_loop *loop;
static struct backend *backend;
static struct server *server;
static struct bulletin bulletin;
static int pipe_fds[2];
static char said[4096];

static void set_up(void)
{
    struct server_settings wanted = { .name = "a", .text = "a", .weight = 1 };

    cr_assert_eq(pipe2(pipe_fds, O_NONBLOCK), 0);
    cr_assert_eq(dup2(pipe_fds[1], STDERR_FILENO), STDERR_FILENO);
    log_set_level(LEVEL_INFO);
    loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    backend = backend_create("app", 1, 1);
    wanted.destination.kind = ADDRESS_NAME;
    server = server_create(backend, &wanted, 1);
    backend_add(backend, server);
    bulletin_init(&bulletin, loop, server);
}

static void tear_down(void)
{
    bulletin_deinit(&bulletin);
    backend_destroy(backend);
    ev_loop_destroy(loop);
}

TestSuite(bulletin, .timeout = 20, .init = set_up, .fini = tear_down);

static void become(enum health health, const char *why)
{
    enum health was = server->health;

    cr_assert(server_set_health(server, health));
    bulletin_tell(&bulletin, was, why, "health=1/4 ");
}

/* What was said since the last look, and how many lines. */
static unsigned count_lines(void)
{
    ssize_t got = read(pipe_fds[0], said, sizeof said - 1);
    unsigned count = 0;

    said[got > 0 ? got : 0] = '\0';
    for (const char *at = said; (at = strchr(at, '\n')); at++)
        count++;
    return count;
}

Test(bulletin, tells_from_what_to_what_and_why)
{
    become(HEALTH_UP, "");
    cr_expect_eq(count_lines(), 1);
    cr_expect(strstr(said, "notice  server app/a is up  was=unknown health=1/4 server="),
              "%s", said);
    become(HEALTH_DOWN, "Connection refused (3 of 3)");
    cr_expect_eq(count_lines(), 1);
    cr_expect(strstr(said, "warning  server app/a went down: Connection refused (3 of 3) "
                           " was=up"),
              "%s", said);
    become(HEALTH_UP, "");
    cr_expect_eq(count_lines(), 0);
}

Test(bulletin, tells_once_a_second_of_one_that_flaps)
{
    become(HEALTH_UP, "");
    for (int i = 0; i < 500; i++) {
        become(HEALTH_DOWN, "down it is");
        become(HEALTH_UP, "up it is");
    }
    become(HEALTH_DOWN, "last of all");
    cr_expect_eq(count_lines(), 2);

    ev_run(loop, EVRUN_ONCE);

    cr_expect_eq(count_lines(), 1);
    cr_expect(strstr(said, "server app/a is still down: last of all  was=down "
                           "changes=1000 server=app/a"),
              "%s", said);
}

Test(bulletin, ends_with_where_the_server_came_to)
{
    become(HEALTH_UP, "");
    become(HEALTH_DOWN, "one");
    become(HEALTH_UP, "two");
    (void)count_lines();
    ev_run(loop, EVRUN_ONCE);

    cr_expect_eq(count_lines(), 1);
    cr_expect(strstr(said, "server app/a came up: two  was=down changes=1 "), "%s", said);
}
