#include "control/team.h"

#include "worker/worker.h"

#include <criterion/criterion.h>
#include <ev.h>
#include <pthread.h>
#include <unistd.h>

enum { WORKERS = 2, MANY = 200 };

static struct ev_loop *loop;
static struct team *team;

static void set_up(void)
{
    struct team_settings settings = { .count = WORKERS, .maxconn = 10 };

    loop = settings.loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    team = team_create(&settings);
    cr_assert(team);
}

static void tear_down(void)
{
    team_end(team);
    team_destroy(team);
    ev_loop_destroy(loop);
}

TestSuite(team, .timeout = 20, .init = set_up, .fini = tear_down);

static void start(void)
{
    cr_assert(team_start(team));
}

/* A job that notes who did it. */
struct job {
    int did[WORKERS]; /* each is written by its worker */
    pthread_t threads[WORKERS];
    int done;
    bool was_done_by_all;
};

static void note_worker(struct worker *worker, void *data)
{
    struct job *job = data;

    job->did[worker_id(worker)]++;
    job->threads[worker_id(worker)] = pthread_self();
}

static void note_done(void *data)
{
    struct job *job = data;

    job->done++;
    job->was_done_by_all = job->did[0] == 1 && job->did[1] == 1;
}

static void wait_for(const struct job *job)
{
    while (!job->done)
        (void)ev_run(loop, EVRUN_ONCE);
}

Test(team, has_workers_without_sessions)
{
    cr_expect_eq(team_count(team), WORKERS);
    cr_expect_eq(team_sessions(team), 0);
}

Test(team, lets_each_worker_do_it_once_on_a_thread_of_its_own)
{
    struct job job = { .done = 0 };

    start();
    team_tell(team, note_worker, note_done, &job);
    cr_expect_eq(job.done, 0);
    wait_for(&job);

    cr_expect_eq(job.done, 1);
    cr_expect(job.was_done_by_all);
    cr_expect_not(pthread_equal(job.threads[0], pthread_self()));
    cr_expect_not(pthread_equal(job.threads[1], pthread_self()));
    cr_expect_not(pthread_equal(job.threads[0], job.threads[1]));
}

static int done_before; /* of many jobs, in order */
static int out_of_order;

static void note_order(void *data)
{
    struct job *job = data;

    out_of_order += job->done != done_before;
    job->done = ++done_before;
}

static int did_before[WORKERS];
static int did_out_of_order[WORKERS];

static void note_order_of_worker(struct worker *worker, void *data)
{
    unsigned id = worker_id(worker);

    did_out_of_order[id] += ((struct job *)data)->done != did_before[id];
    did_before[id]++;
}

Test(team, does_things_in_the_order_they_were_told)
{
    static struct job jobs[MANY];

    for (int i = 0; i < MANY; i++) {
        jobs[i].done = i;
        team_tell(team, note_order_of_worker, note_order, &jobs[i]);
        if (i == MANY / 2)
            start();
    }
    while (done_before < MANY)
        (void)ev_run(loop, EVRUN_ONCE);

    cr_expect_eq(out_of_order, 0);
    cr_expect_eq(did_out_of_order[0], 0);
    cr_expect_eq(did_out_of_order[1], 0);
}

/* Keeps one worker in a callback, as if it still used something. */
static int barrier[2];

static void stay_in_a_callback(struct worker *worker, void *data)
{
    char byte;

    (void)data;
    if (worker_id(worker) == 1)
        cr_assert_eq(read(barrier[0], &byte, 1), 1);
}

static int destroyed;

static void destroy(void *object)
{
    cr_expect_eq(object, &barrier);
    destroyed++;
}

Test(team, frees_nothing_while_a_worker_may_still_see_it)
{
    struct job job = { .done = 0 };

    cr_assert_eq(pipe(barrier), 0);
    start();
    team_tell(team, stay_in_a_callback, NULL, NULL);
    team_free_after_grace(team, &barrier, destroy);
    team_tell(team, note_worker, note_done, &job);
    while (!job.did[0])
        (void)ev_run(loop, EVRUN_NOWAIT);
    (void)ev_run(loop, EVRUN_NOWAIT);
    cr_expect_eq(destroyed, 0);

    cr_assert_eq(write(barrier[1], "a", 1), 1);
    wait_for(&job);
    cr_expect_eq(destroyed, 1);
}

Test(team, has_nothing_to_free_when_there_is_nothing)
{
    struct job job = { .done = 0 };

    start();
    team_free_after_grace(team, NULL, destroy);
    team_tell(team, note_worker, note_done, &job);
    wait_for(&job);

    cr_expect_eq(destroyed, 0);
}

Test(team, may_be_told_nothing_but_to_answer)
{
    struct job job = { .done = 0 };

    start();
    team_tell(team, NULL, NULL, NULL);
    team_tell(team, NULL, note_done, &job);
    wait_for(&job);

    cr_expect_eq(job.did[0] + job.did[1], 0);
}

static void tell_once_more(void *data)
{
    team_tell(team, note_worker, note_done, data);
}

Test(team, may_be_told_more_when_something_is_done)
{
    struct job job = { .done = 0 };

    start();
    team_tell(team, NULL, tell_once_more, &job);
    wait_for(&job);

    cr_expect(job.was_done_by_all);
}

Test(team, carries_out_what_was_told_before_it_ends)
{
    static struct job jobs[MANY];

    start();
    for (int i = 0; i < MANY; i++)
        team_tell(team, note_worker, note_done, &jobs[i]);
    team_end(team);

    for (int i = 0; i < MANY; i++)
        cr_expect(jobs[i].done == 1 && jobs[i].was_done_by_all, "job %d", i);
}

Test(team, carries_out_what_was_told_even_when_it_was_never_started)
{
    struct job job = { .done = 0 };

    team_tell(team, note_worker, note_done, &job);
    team_end(team);

    cr_expect(job.was_done_by_all);
}

Test(team, ends_twice_without_harm)
{
    start();
    team_end(team);
    team_end(team);
    team_end(NULL);
    team_destroy(NULL);
}

Test(team, can_be_woken_while_nobody_waits)
{
    struct job job = { .done = 0 };

    start();
    for (unsigned i = 0; i < 100; i++)
        team_wake(team, i % WORKERS);
    team_tell(team, note_worker, note_done, &job);
    wait_for(&job);

    cr_expect(job.was_done_by_all);
}
