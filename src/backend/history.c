/* As many changes as there were, up to a few: most servers change once, at the start. */
#include "backend/history.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

struct history {
    size_t count;
    struct history_change changes[]; /* `from` is owned, and holds all three texts */
};

static uint64_t unix_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* The three texts behind one another. */
static void keep_texts(struct history_change *change)
{
    const char *why = change->why ? change->why : "";
    size_t from = strlen(change->from) + 1, to = strlen(change->to) + 1;
    size_t length = strlen(why) + 1;
    char *texts = memory_new(from + to + length);

    change->from = memcpy(texts, change->from, from);
    change->to = memcpy(texts + from, change->to, to);
    change->why = memcpy(texts + from + to, why, length);
}

static void forget_texts(struct history_change *change)
{
    free((void *)(uintptr_t)change->from);
}

static void forget_oldest(struct history *history)
{
    size_t rest = --history->count * sizeof *history->changes;

    forget_texts(&history->changes[0]);
    memmove(&history->changes[0], &history->changes[1], rest);
}

static struct history *make_room(struct history *history)
{
    size_t count = history_count(history);

    if (count == HISTORY_MOST) {
        forget_oldest(history);
        return history;
    }
    history = memory_resize(history,
                            sizeof *history + (count + 1) * sizeof *history->changes);
    history->count = count;
    return history;
}

void history_note(struct history **history, const struct history_change *change)
{
    struct history_change *kept;

    *history = make_room(*history);
    kept = &(*history)->changes[(*history)->count++];
    *kept = *change;
    keep_texts(kept);
    if (!kept->at_ms)
        kept->at_ms = unix_ms();
}

void history_destroy(struct history *history)
{
    for (size_t i = 0; i < history_count(history); i++)
        forget_texts(&history->changes[i]);
    free(history);
}

size_t history_count(const struct history *history)
{
    return history ? history->count : 0;
}

const struct history_change *history_at(const struct history *history, size_t index)
{
    return &history->changes[index];
}

const char *history_who_name(enum history_who who)
{
    static const char *const names[] = {
        [HISTORY_PROBE] = "probe",
        [HISTORY_CLIENTS] = "clients",
        [HISTORY_ADMINISTRATOR] = "administrator",
        [HISTORY_AGENT] = "agent",
        [HISTORY_EJECTION] = "ejection",
        [HISTORY_TRACK] = "track",
        [HISTORY_RELOAD] = "reload",
    };

    return names[who];
}
