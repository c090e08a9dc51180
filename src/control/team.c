/* Makes the workers and carries orders to them and answers back. */
#include "control/team.h"

#include "base/counter.h"
#include "base/memory.h"
#include "worker/mailbox.h"
#include "worker/worker.h"

#include <ev.h>
#include <stdlib.h>

struct team {
    struct mailbox *mailbox; /* owned; main's */
    struct gauge sessions;
    unsigned count;
    struct worker *workers[]; /* owned */
};

struct errand;

/* One order to one worker, which comes back as its answer. */
struct call {
    struct order order; /* first: an order is its call */
    struct errand *errand;
};

struct errand {
    struct team *team;
    team_task *task;
    team_done *done;
    void *job;
    unsigned open; /* answers still to come */
    struct call calls[];
};

struct team *team_create(const struct team_settings *settings)
{
    size_t size = sizeof(struct team) + settings->count * sizeof(struct worker *);
    struct team *team = memory_new(size);
    struct worker_settings each = {
        .maxconn = settings->maxconn,
        .pipes = settings->pipes,
        .present = &team->sessions,
        .throttle = settings->throttle,
        .on_connect_failed = settings->on_connect_failed,
        .on_suspicion = settings->on_suspicion,
        .owner = settings->owner,
    };

    team->mailbox = mailbox_create(settings->loop, team);
    team->count = settings->count;
    for (each.id = 0; each.id < team->count; each.id++) {
        team->workers[each.id] = worker_create(&each);
        if (!team->workers[each.id])
            goto fail;
    }
    return team;

fail:
    team_destroy(team);
    return NULL;
}

bool team_start(struct team *team)
{
    for (unsigned i = 0; i < team->count; i++)
        if (!worker_start(team->workers[i]))
            return false;
    return true;
}

void team_end(struct team *team)
{
    if (!team)
        return;
    for (unsigned i = 0; i < team->count; i++)
        if (team->workers[i])
            worker_end(team->workers[i]);
    mailbox_read(team->mailbox);
}

void team_destroy(struct team *team)
{
    if (!team)
        return;
    for (unsigned i = 0; i < team->count; i++)
        worker_destroy(team->workers[i]);
    mailbox_destroy(team->mailbox);
    free(team);
}

unsigned team_count(const struct team *team)
{
    return team->count;
}

unsigned team_sessions(const struct team *team)
{
    return gauge_read(&team->sessions);
}

/* On main. */
static void take_answer(struct order *order, void *reader)
{
    struct errand *errand = ((struct call *)(void *)order)->errand;

    (void)reader;
    if (--errand->open)
        return;
    if (errand->done)
        errand->done(errand->job);
    free(errand);
}

/* On the worker. */
static void do_and_answer(struct order *order, void *reader)
{
    struct errand *errand = ((struct call *)(void *)order)->errand;

    if (errand->task)
        errand->task(reader, errand->job);
    order->carry_out = take_answer;
    mailbox_post(errand->team->mailbox, order);
}

void team_tell(struct team *team, team_task *task, team_done *done, void *job)
{
    struct errand *errand = memory_new(sizeof *errand +
                                       team->count * sizeof errand->calls[0]);

    *errand = (struct errand){ team, task, done, job, team->count };
    for (unsigned i = 0; i < team->count; i++) {
        errand->calls[i].order.carry_out = do_and_answer;
        errand->calls[i].errand = errand;
        worker_post(team->workers[i], &errand->calls[i].order);
    }
}

void team_free_after_grace(struct team *team, void *object, void (*destroy)(void *object))
{
    if (object)
        team_tell(team, NULL, destroy, object);
}

void team_wake(void *team, unsigned worker)
{
    worker_wake(((struct team *)team)->workers[worker]);
}
