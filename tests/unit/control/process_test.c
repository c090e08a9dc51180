#include "control/process.h"

#include "base/buffer.h"
#include "base/problem.h"
#include "config/settings.h"

#include <criterion/criterion.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

TestSuite(process, .timeout = 20);

/* 64 for itself, 24 for each worker, 2 for each session. */
Test(process, knows_how_many_sessions_descriptors_allow)
{
    static const struct {
        unsigned descriptors, workers, sessions;
    } cases[] = {
        { 1024, 1, (1024 - 64 - 24) / 2 },
        { 1024, 4, (1024 - 64 - 96) / 2 },
        { 65536, 16, (65536 - 64 - 384) / 2 },
        { 92, 1, 2 },
        { 91, 1, 1 },
        { 90, 1, 1 },
        { 89, 1, 1 },
        { 0, 1, 1 },
        { 0, 256, 1 },
        { 2000088, 1, 1000000 },
        { UINT32_MAX, 1, 1000000 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(process_sessions_for(cases[i].descriptors, cases[i].workers),
                     cases[i].sessions, "case %zu: %u", i,
                     process_sessions_for(cases[i].descriptors, cases[i].workers));
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
