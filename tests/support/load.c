/* Closed loops of short requests. */
#include "support/load.h"

#include "support/patience.h"
#include "support/wire.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CLIENTS_MOST = 64, ANSWER_MS = 15000 };

struct worker {
    struct load *load;
    pthread_t thread;
    struct load_report report;
    int fd;          /* -1: none */
    unsigned visits; /* requests on this connection */
};

struct load {
    struct load *next;
    struct load_plan plan;
    struct worker workers[CLIENTS_MOST];
    atomic_bool is_stopping;
    atomic_ulong answered;
};

/* So that what a test leaves behind is no leak. */
static struct load *all;

static void note_answer(struct load_report *report, const char *name, uint64_t count)
{
    for (int i = 0; i < LOAD_NAMES; i++) {
        if (!report->answers[i].name[0])
            (void)snprintf(report->answers[i].name, LOAD_NAME_SIZE, "%s", name);
        if (strcmp(report->answers[i].name, name) == 0) {
            report->answers[i].count += count;
            return;
        }
    }
}

static void leave(struct worker *worker)
{
    if (worker->fd != -1)
        (void)close(worker->fd);
    worker->fd = -1;
    worker->visits = 0;
}

/* One line; false on any end. */
static bool hear(struct worker *worker, char *line, size_t size)
{
    uint64_t deadline = patience_now_ms() + patience_ms(ANSWER_MS);
    size_t held = 0;

    while (held < size - 1 && (held == 0 || line[held - 1] != '\n')) {
        ssize_t got;

        if (!wire_wait(worker->fd, POLLIN, deadline)) {
            errno = ETIMEDOUT;
            return false;
        }
        errno = 0;
        got = recv(worker->fd, line + held, size - 1 - held, 0);
        if (got <= 0)
            return false;
        held += (size_t)got;
    }
    line[held - 1] = '\0';
    return true;
}

static const char *request(struct worker *worker, char *answer, size_t size)
{
    const char *address = worker->load->plan.address;

    if (worker->fd == -1)
        worker->fd = wire_connect(address, patience_ms(ANSWER_MS));
    if (worker->fd == -1)
        return "connect";
    if (send(worker->fd, "who\n", 4, MSG_NOSIGNAL) != 4)
        return "send";
    return hear(worker, answer, size) ? NULL : "no answer";
}

static void ask(struct worker *worker)
{
    struct load_report *report = &worker->report;
    uint64_t began = patience_now_ms(), took;
    char answer[LOAD_NAME_SIZE];
    const char *wrong = request(worker, answer, sizeof answer);

    if (wrong) {
        if (report->failed++ == 0)
            (void)snprintf(report->first_failure, sizeof report->first_failure, "%s: %s",
                           wrong, errno ? strerror(errno) : "FIN");
        report->last_failed_began_ms = began;
        leave(worker);
        return;
    }
    took = patience_now_ms() - began;
    if (took > report->slowest_ms)
        report->slowest_ms = took;
    report->answered++;
    note_answer(report, answer, 1);
    atomic_fetch_add(&worker->load->answered, 1);
    if (++worker->visits >= worker->load->plan.per_visit)
        leave(worker);
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    const struct load *load = worker->load;

    for (uint64_t i = 0; load->plan.requests == 0 || i < load->plan.requests; i++) {
        if (atomic_load(&load->is_stopping))
            break;
        ask(worker);
    }
    leave(worker);
    return NULL;
}

struct load *load_start(struct load_plan plan)
{
    struct load *load = calloc(1, sizeof *load);

    cr_assert(load && plan.clients <= CLIENTS_MOST, "too many clients");
    load->plan = plan;
    load->next = all;
    all = load;
    for (unsigned i = 0; i < plan.clients; i++) {
        struct worker *worker = &load->workers[i];

        worker->load = load;
        worker->fd = -1;
        cr_assert_eq(pthread_create(&worker->thread, NULL, work, worker), 0, "no thread");
    }
    return load;
}

uint64_t load_answered(struct load *load)
{
    return atomic_load(&load->answered);
}

static void add_report(struct load_report *sum, const struct load_report *part)
{
    sum->answered += part->answered;
    if (sum->failed == 0)
        memcpy(sum->first_failure, part->first_failure, sizeof sum->first_failure);
    sum->failed += part->failed;
    if (part->slowest_ms > sum->slowest_ms)
        sum->slowest_ms = part->slowest_ms;
    if (part->last_failed_began_ms > sum->last_failed_began_ms)
        sum->last_failed_began_ms = part->last_failed_began_ms;
    for (int i = 0; i < LOAD_NAMES && part->answers[i].name[0]; i++)
        note_answer(sum, part->answers[i].name, part->answers[i].count);
}

struct load_report load_finish(struct load *load)
{
    struct load_report sum = { 0 };

    for (unsigned i = 0; i < load->plan.clients; i++) {
        (void)pthread_join(load->workers[i].thread, NULL);
        add_report(&sum, &load->workers[i].report);
    }
    return sum;
}

struct load_report load_stop(struct load *load)
{
    atomic_store(&load->is_stopping, true);
    return load_finish(load);
}

struct load_report load_run(struct load_plan plan)
{
    return load_finish(load_start(plan));
}

uint64_t load_count(const struct load_report *report, const char *name)
{
    for (int i = 0; i < LOAD_NAMES; i++) {
        if (strcmp(report->answers[i].name, name) == 0)
            return report->answers[i].count;
    }
    return 0;
}
