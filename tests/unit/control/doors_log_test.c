#include "generations.h"

#include "base/log.h"
#include "control/doors.h"
#include "control/team.h"
#include "proxy/entrance.h"

#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct ev_loop *loop;
static struct team *team;
static struct doors *doors;
static struct generation *generation;
static char folder[] = "/tmp/usher-doors-XXXXXX";
static char log_path[64];
static char logged[4096];

/* What was logged since the last time; how many lines it is. */
static unsigned count_lines(void)
{
    FILE *file = fopen(log_path, "r+");
    unsigned lines = 0;
    size_t length;

    cr_assert(file);
    length = fread(logged, 1, sizeof logged - 1, file);
    logged[length] = '\0';
    cr_assert_eq(ftruncate(fileno(file), 0), 0);
    (void)fclose(file);
    for (const char *at = logged; (at = strchr(at, '\n')); at++)
        lines++;
    return lines;
}

/* It listens on a UNIX socket, which cannot stop listening. */
static void serve(struct problems *problems)
{
    char text[256];

    (void)snprintf(text, sizeof text,
                   "[frontend local]\nbind = unix:%s/web\nbackend = app\n"
                   "when-empty = close\n[backend app]\nserver = a 127.0.0.1:9\n",
                   folder);
    generation = generation_from(text);
    cr_assert(doors_prepare(doors, generation, problems));
    doors_commit(doors, NULL, NULL);
}

static void set_up(void)
{
    struct team_settings settings = { .count = WORKERS, .maxconn = 100 };
    struct problems *problems = problems_create();

    log_set_level(LEVEL_NOTICE);
    cr_assert(mkdtemp(folder));
    (void)snprintf(log_path, sizeof log_path, "%s/log", folder);
    cr_assert(log_open(log_path, problems));
    loop = settings.loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    team = team_create(&settings);
    cr_assert(team && team_start(team));
    make_registry();
    doors = doors_create(team);
    serve(problems);
    problems_destroy(problems);
    (void)count_lines();
}

static void tear_down(void)
{
    team_end(team);
    doors_destroy(doors);
    generation_destroy(generation);
    registry_destroy(registry);
    team_destroy(team);
    ev_loop_destroy(loop);
    (void)remove(log_path);
    cr_expect_eq(rmdir(folder), 0);
}

TestSuite(doors_log, .timeout = 20, .init = set_up, .fini = tear_down);

static void review_as(enum health health)
{
    registry_find_backend(registry, "app")->health = health;
    doors_review(doors);
}

static void flap(unsigned times)
{
    while (times--) {
        review_as(HEALTH_DOWN);
        review_as(HEALTH_UP);
        doors_tell(doors);
    }
}

Test(doors_log, tells_once_a_second_of_a_frontend_that_flaps)
{
    unsigned lines = 0;

    flap(200);
    cr_expect_eq(count_lines(), 3, "%s", logged);
    cr_expect(strstr(logged, "frontend local stops listening"), "%s", logged);
    cr_expect(strstr(logged, "cannot stop listening"), "%s", logged);
    cr_expect(strstr(logged, "frontend local listens again"), "%s", logged);
    cr_expect_eq(generation->frontends[0].entrance->times_closed, 200);

    review_as(HEALTH_DOWN);
    while (!lines) {
        (void)usleep(10000);
        doors_tell(doors);
        lines = count_lines();
    }
    cr_expect_eq(lines, 1);
    cr_expect(strstr(logged, "local stops listening"), "%s", logged);
    cr_expect(strstr(logged, "times=201\n"), "%s", logged);
}
