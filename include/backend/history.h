/* The last changes of one server: when, from what to what, why, and by whose word.
 *
 * Main only. Nothing is held for a server that never changed. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct history;

enum { HISTORY_MOST = 32 };

enum history_who {
    HISTORY_PROBE,
    HISTORY_CLIENTS, /* their connects failed */
    HISTORY_ADMINISTRATOR,
    HISTORY_AGENT,
    HISTORY_EJECTION,
    HISTORY_TRACK, /* the server that it follows */
    HISTORY_RELOAD,
};

struct history_change {
    uint64_t at_ms;              /* Unix time; history_note takes the present for 0 */
    const char *from, *to, *why; /* copied; NULL why: none is known */
    uint64_t took_ms;            /* the probe that decided it */
    enum history_who who;
};

/* Makes the history when it is NULL; forgets the oldest change for a new one. The place
 * for it is `&server->history`. */
void history_note(struct history **history, const struct history_change *change);
/* NULL is fine for all. */
void history_destroy(struct history *history);

/* Oldest first; texts are valid until the next note. */
size_t history_count(const struct history *history);
const struct history_change *history_at(const struct history *history, size_t index);

/* "probe", "administrator" ... */
const char *history_who_name(enum history_who who);
