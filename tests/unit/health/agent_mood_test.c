#include "health/agent_mood.h"

#include "backend/server.h"

#include <criterion/criterion.h>
#include <string.h>

static enum mood mood_of(const char *line, unsigned missed)
{
    struct agent_memory memory = { .has_report = false };
    struct agent_word word = agent_word_read(line, strlen(line));
    struct agent_report report;

    if (*line)
        agent_memory_note(&memory, &word);
    for (unsigned i = 0; i < missed; i++)
        agent_memory_miss(&memory);
    report = agent_memory_report(&memory, 10);
    return agent_mood_of(&memory, &report);
}

Test(agent_mood, is_what_matters_most)
{
    static const struct {
        const char *line;
        unsigned missed;
        enum mood mood;
    } cases[] = {
        { "", 0, MOOD_UNKNOWN },
        { "up", 0, MOOD_UP },
        { "ready 99%", 0, MOOD_LOADED },
        { "weight:3", 0, MOOD_LOADED },
        { "drain 50%", 0, MOOD_DRAIN },
        { "drain maint", 0, MOOD_MAINT },
        { "maint down", 0, MOOD_DOWN },
        { "down", 1, MOOD_SILENT },
        { "down", AGENT_MISSES_MOST - 1, MOOD_SILENT },
        { "down", AGENT_MISSES_MOST, MOOD_FORGOTTEN },
        { "", AGENT_MISSES_MOST, MOOD_SILENT }, /* there is nothing to forget */
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(mood_of(cases[i].line, cases[i].missed), cases[i].mood, "%s",
                     cases[i].line);
}
