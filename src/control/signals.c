/* Only main hears signals: the workers have them blocked. */
#include "control/signals.h"

#include "base/memory.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

enum { SIGNALS = 4 };

struct signals {
    struct signals_settings settings;
    ev_signal watchers[SIGNALS];
};

static const struct signals_row rows[SIGNALS] = {
    { SIGTERM, "SIGTERM",
      "accept no more clients and end with the last session, or after drain-timeout; "
      "the second time at once" },
    { SIGINT, "SIGINT", "the same" },
    { SIGHUP, "SIGHUP",
      "read the configuration and the certificates again; if there is a problem in them, "
      "nothing changes" },
    { SIGUSR1, "SIGUSR1", "open the file of the log again" },
};

void signals_block(void)
{
    sigset_t all;

    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN);
}

static void on_signal(struct ev_loop *loop, ev_signal *watcher, int events)
{
    const struct signals_settings *settings = watcher->data;

    (void)loop;
    (void)events;
    if (watcher->signum == SIGHUP)
        settings->on_reload(settings->owner);
    else if (watcher->signum == SIGUSR1)
        settings->on_reopen(settings->owner);
    else
        settings->on_stop(settings->owner);
}

static void mask(int how)
{
    sigset_t handled;

    (void)sigemptyset(&handled);
    for (int i = 0; i < SIGNALS; i++)
        (void)sigaddset(&handled, rows[i].number);
    (void)pthread_sigmask(how, &handled, NULL);
}

struct signals *signals_create(const struct signals_settings *settings)
{
    struct signals *signals = memory_new(sizeof *signals);

    signals->settings = *settings;
    for (int i = 0; i < SIGNALS; i++) {
        ev_signal *watcher = &signals->watchers[i];

        ev_signal_init(watcher, on_signal, rows[i].number);
        watcher->data = &signals->settings;
        ev_signal_start(settings->loop, watcher);
    }
    mask(SIG_UNBLOCK);
    return signals;
}

void signals_destroy(struct signals *signals)
{
    if (!signals)
        return;
    /* A stop asked for twice must not kill a program that is ending anyway. */
    mask(SIG_BLOCK);
    for (int i = 0; i < SIGNALS; i++)
        ev_signal_stop(signals->settings.loop, &signals->watchers[i]);
    free(signals);
}

const struct signals_row *signals_row(size_t index)
{
    return index < SIGNALS ? &rows[index] : NULL;
}
