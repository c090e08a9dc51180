/* What people are told of an agent: one line each time it is of another mind. */
#pragma once

#include "base/repeat.h"
#include "health/agent_memory.h"

#include <stdint.h>

struct server;

enum mood {
    MOOD_UNKNOWN,
    MOOD_UP,
    MOOD_LOADED,
    MOOD_DRAIN,
    MOOD_MAINT,
    MOOD_DOWN,
    MOOD_SILENT,
    MOOD_FORGOTTEN,
};

/* Of one agent. Zero is a valid start. */
struct agent_mood {
    enum mood told;
    uint64_t told_at;
    char stranger[32]; /* the last unknown word that was warned of */
    struct repeat strangers;
};

enum mood agent_mood_of(const struct agent_memory *memory,
                        const struct agent_report *report);

/* `said` is its report, or why there was none. A mood that comes and goes is told later,
 * if it lasts. */
void agent_mood_tell(struct agent_mood *mood, const struct server *server,
                     const struct agent_memory *memory, const char *said);
/* Once per unknown word, and not more often than other repeated things. */
void agent_mood_warn(struct agent_mood *mood, const struct server *server,
                     const char *stranger);
