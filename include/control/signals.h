/* Turns signals into calls on main's loop. */
#pragma once

#include <ev.h>
#include <stddef.h>

struct signals;

struct signals_settings {
    struct ev_loop *loop;
    void (*on_stop)(void *owner);   /* SIGTERM, SIGINT */
    void (*on_reload)(void *owner); /* SIGHUP */
    void (*on_reopen)(void *owner); /* SIGUSR1 */
    void *owner;
};

/* All signals are blocked from now on, in the threads that are made later too. */
void signals_block(void);

/* Unblocks the handled ones in the calling thread. Call it once the others are made. */
struct signals *signals_create(const struct signals_settings *settings);
void signals_destroy(struct signals *signals);

/* What a signal asks for, in words: for the manual page. NULL behind the last. */
struct signals_row {
    int number;
    const char *name, *help;
};

const struct signals_row *signals_row(size_t index);
