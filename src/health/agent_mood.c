/* Load goes up and down all day: that it lowers a weight is told less often. That all is
 * well from the start is no news. */
#include "health/agent_mood.h"

#include "backend/backend.h"
#include "base/clock.h"
#include "base/log.h"

#include <string.h>

enum { TOLD_EVERY_MS = 1000, LOAD_TOLD_EVERY_MS = 10000 };

static const struct {
    const char *name, *sentence;
    enum log_level level;
} moods[] = {
    [MOOD_UNKNOWN] = { "unknown", "", LEVEL_DEBUG },
    [MOOD_UP] = { "up", "says that all is well", LEVEL_NOTICE },
    [MOOD_LOADED] = { "loaded", "lowers its weight", LEVEL_NOTICE },
    [MOOD_DRAIN] = { "drain", "wants no new sessions for it", LEVEL_WARNING },
    [MOOD_MAINT] = { "maint", "wants maintenance for it", LEVEL_WARNING },
    [MOOD_DOWN] = { "down", "says that it is down", LEVEL_WARNING },
    [MOOD_SILENT] = { "silent", "gives no report", LEVEL_WARNING },
    [MOOD_FORGOTTEN] = { "forgotten", "still gives no report: what it said is forgotten",
                         LEVEL_WARNING },
};

enum mood agent_mood_of(const struct agent_memory *memory,
                        const struct agent_report *report)
{
    if (memory->missed && memory->has_report && agent_memory_is_faded(memory))
        return MOOD_FORGOTTEN;
    if (memory->missed)
        return MOOD_SILENT;
    if (!memory->has_report)
        return MOOD_UNKNOWN;
    if (report->is_down)
        return MOOD_DOWN;
    if (report->will)
        return report->will & WILL_MAINT ? MOOD_MAINT : MOOD_DRAIN;
    return report->percent < 100 ? MOOD_LOADED : MOOD_UP;
}

static bool is_about_load(enum mood mood)
{
    return mood == MOOD_UP || mood == MOOD_LOADED;
}

static bool is_due(const struct agent_mood *mood, enum mood now)
{
    uint64_t pause_ms = is_about_load(now) && is_about_load(mood->told)
                            ? LOAD_TOLD_EVERY_MS
                            : TOLD_EVERY_MS;

    return now != mood->told &&
           (!mood->told_at || clock_ms() - mood->told_at >= pause_ms);
}

void agent_mood_tell(struct agent_mood *mood, const struct server *server,
                     const struct agent_memory *memory, const char *said)
{
    const char *backend = server->backend->name;
    enum mood now = agent_mood_of(memory, &server->agent), was = mood->told;

    if (!is_due(mood, now))
        return;
    mood->told = now;
    if (was == MOOD_UNKNOWN && now == MOOD_UP)
        return;
    mood->told_at = clock_ms();
    log_write(moods[now].level,
              "agent of server %s/%s %s%s%s  was=%s percent=%u server=%s/%s", backend,
              server->name, moods[now].sentence, *said ? ": " : "", said, moods[was].name,
              server->agent.percent, backend, server->name);
}

void agent_mood_warn(struct agent_mood *mood, const struct server *server,
                     const char *stranger)
{
    const char *backend = server->backend->name;
    unsigned times;

    if (!*stranger || !strcmp(stranger, mood->stranger) ||
        !repeat_is_due(&mood->strangers, &times))
        return;
    memcpy(mood->stranger, stranger, strlen(stranger) + 1);
    log_warning("agent of server %s/%s says a word that means nothing here: %s  times=%u"
                " server=%s/%s",
                backend, server->name, stranger, times, backend, server->name);
}
