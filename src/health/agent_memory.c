/* A silent agent's words are kept as they are for a while; its weight returns step by
 * step, so that a host whose agent died does not get all of its load back at once. */
#include "health/agent_memory.h"

#include "base/memory.h"

enum { ALL = 100 };

static const struct agent_report nothing_said = { .percent = ALL };

void agent_memory_note(struct agent_memory *memory, const struct agent_word *word)
{
    ensure(word->is_understood);
    *memory = (struct agent_memory){ .word = *word, .has_report = true };
}

void agent_memory_miss(struct agent_memory *memory)
{
    if (memory->missed < AGENT_MISSES_MOST)
        memory->missed++;
}

bool agent_memory_is_faded(const struct agent_memory *memory)
{
    return !memory->has_report || memory->missed >= AGENT_MISSES_MOST;
}

/* What was said, as a share of the weight; a report only ever lowers it. */
static unsigned said_percent(const struct agent_word *word, unsigned weight)
{
    unsigned percent = word->percent;

    if (word->weight != AGENT_WEIGHT_UNSAID && (unsigned)word->weight < weight) {
        unsigned share = (unsigned)word->weight * ALL / weight;

        percent = share < percent ? share : percent;
    }
    return percent > AGENT_PERCENT_LEAST ? percent : AGENT_PERCENT_LEAST;
}

struct agent_report agent_memory_report(const struct agent_memory *memory,
                                        unsigned weight)
{
    const struct agent_word *word = &memory->word;
    unsigned percent;

    if (agent_memory_is_faded(memory))
        return nothing_said;
    percent = said_percent(word, weight);
    return (struct agent_report){
        .percent = percent + (ALL - percent) * memory->missed / AGENT_MISSES_MOST,
        .will = word->will,
        .is_down = word->is_down,
        .maxconn = word->maxconn,
    };
}
