#include "control/process.h"

#include "base/buffer.h"
#include "base/log.h"
#include "base/problem.h"
#include "config/settings.h"

#include <criterion/criterion.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

TestSuite(process, .timeout = 20);

/* 2 for each session, beside usher's own. */
Test(process, knows_how_many_sessions_descriptors_allow)
{
    static const struct {
        unsigned descriptors, own, sessions;
    } cases[] = {
        { 1024, 64, 480 },
        { 1025, 64, 480 },
        { 66, 64, 1 },
        { 68, 64, 2 },
        { 64, 64, 1 },
        { 0, 64, 1 },
        { 2000064, 64, 1000000 },
        { UINT32_MAX, 64, 1000000 },
        { 1024, UINT32_MAX / 2, 1 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(process_sessions_for(cases[i].descriptors, cases[i].own),
                     cases[i].sessions, "case %zu: %u", i,
                     process_sessions_for(cases[i].descriptors, cases[i].own));
}

/* An eighth of all descriptors, two for each pipe; more than 32 are of no use. */
Test(process, knows_how_many_pipes_descriptors_allow)
{
    static const struct {
        unsigned descriptors, workers, pipes;
    } cases[] = {
        { 1024, 1, 32 }, { 1024, 2, 32 },  { 1024, 4, 16 }, { 300, 1, 18 },
        { 300, 2, 9 },   { 1024, 256, 0 }, { 0, 1, 0 },     { UINT32_MAX, 256, 32 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(process_pipes_for(cases[i].descriptors, cases[i].workers),
                     cases[i].pipes, "case %zu", i);
}

/* What is reserved for pipes, listeners and probes is not given to sessions. */
Test(process, leaves_room_for_pipes_listeners_and_probes)
{
    struct frontend_settings frontends[2] = { { .bind_count = 1 }, { .bind_count = 3 } };
    struct backend_settings backends[2] = { { .server_count = 5 },
                                            { .server_count = 7 } };
    struct settings settings = { .frontends = frontends,
                                 .frontend_count = 2,
                                 .backends = backends,
                                 .backend_count = 2 };
    unsigned pipes = process_pipes_for(1024, 4);
    unsigned own = 64 + 4 * (16 + 2 * pipes) + 4 * (4 + 1) + 12;

    cr_expect_eq(process_limit_sessions(&settings, 1024, 4), (1024 - own) / 2);
    settings.global.maxconn = 10;
    cr_expect_eq(process_limit_sessions(&settings, 1024, 4), 10);
    settings.global.maxconn = 100000;
    log_set_level(LEVEL_ERROR);
    cr_expect_eq(process_limit_sessions(&settings, 1024, 4), (1024 - own) / 2);
}

Test(process, raises_the_descriptor_limit_as_far_as_it_goes)
{
    struct rlimit limit = { .rlim_cur = 100, .rlim_max = 200 };

    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    cr_expect_eq(process_raise_descriptors(), 200);
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    cr_expect_eq(limit.rlim_cur, 200);
}

Test(process, counts_only_the_cpus_it_may_use)
{
    cpu_set_t one;
    int cpu = sched_getcpu();

    cr_expect_geq(process_cpus(), 1);
    CPU_ZERO(&one);
    CPU_SET((size_t)cpu, &one);
    cr_assert_eq(sched_setaffinity(0, sizeof one, &one), 0);

    cr_expect_eq(process_cpus(), 1);
}

Test(process, stays_who_it_is_when_nobody_else_is_named)
{
    struct problems *problems = problems_create();
    uid_t user = geteuid();

    cr_expect(process_become(&(struct global_settings){ 0 }, problems));
    cr_expect_eq(geteuid(), user);
    cr_expect_eq(problems_count(problems), 0);
    problems_destroy(problems);
}

static void make_path(char *path)
{
    int fd = mkstemp(path);

    cr_assert_neq(fd, -1);
    (void)close(fd);
}

Test(process, writes_its_id_and_removes_it)
{
    char path[] = "/tmp/usher-pid-XXXXXX";
    struct problems *problems = problems_create();
    long id = 0;
    FILE *file;

    make_path(path);
    cr_expect(process_write_pid(path, problems));
    file = fopen(path, "re");
    cr_assert(file);
    cr_expect_eq(fscanf(file, "%ld", &id), 1);
    cr_expect_eq(fgetc(file), '\n');
    (void)fclose(file);
    cr_expect_eq(id, (long)getpid());

    process_remove_pid(path);
    cr_expect_eq(access(path, F_OK), -1);
    problems_destroy(problems);
}

Test(process, has_a_problem_with_a_file_it_cannot_write)
{
    struct problems *problems = problems_create();
    struct buffer report = { 0 };

    cr_expect_not(process_write_pid("/nowhere/usher.pid", problems));
    problems_write(problems, &report);
    cr_expect_str_eq(buffer_text(&report), "cannot write the pid file "
                                           "/nowhere/usher.pid: No such file or "
                                           "directory\n");
    buffer_deinit(&report);
    problems_destroy(problems);
}

Test(process, has_no_problem_without_a_file)
{
    struct problems *problems = problems_create();

    cr_expect(process_write_pid(NULL, problems));
    process_remove_pid(NULL);
    cr_expect_eq(problems_count(problems), 0);
    problems_destroy(problems);
}
