#include "control/signals.h"

#include <criterion/criterion.h>
#include <ev.h>
#include <signal.h>

static struct ev_loop *loop;
static struct signals *signals;
static int stops, reloads, reopens;

static void count(void *counter)
{
    (*(int *)counter)++;
}

static void count_stop(void *owner)
{
    (void)owner;
    count(&stops);
}

static void count_reload(void *owner)
{
    (void)owner;
    count(&reloads);
}

static void count_reopen(void *owner)
{
    (void)owner;
    count(&reopens);
}

static void set_up(void)
{
    struct signals_settings settings = { .on_stop = count_stop,
                                         .on_reload = count_reload,
                                         .on_reopen = count_reopen };

    signals_block();
    loop = settings.loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    signals = signals_create(&settings);
}

TestSuite(signals, .timeout = 20, .init = set_up);

Test(signals, each_has_its_meaning)
{
    const struct meaning {
        int number;
        const int *counter;
    } meanings[] = { { SIGTERM, &stops },
                     { SIGINT, &stops },
                     { SIGHUP, &reloads },
                     { SIGUSR1, &reopens } };

    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        int before = *meanings[i].counter;

        (void)raise(meanings[i].number);
        while (*meanings[i].counter == before)
            (void)ev_run(loop, EVRUN_ONCE);
        cr_expect_eq(*meanings[i].counter, before + 1);
    }
    cr_expect_eq(stops + reloads + reopens, 4);
    signals_destroy(signals);
    ev_loop_destroy(loop);
}

/* One that came while the program was ending used to kill it before its last lines. */
Test(signals, are_harmless_once_nobody_listens)
{
    static const int numbers[] = { SIGTERM, SIGINT, SIGHUP, SIGUSR1 };

    signals_destroy(signals);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        (void)raise(numbers[i]);
    ev_loop_destroy(loop);
    cr_expect_eq(stops + reloads + reopens, 0);
}
