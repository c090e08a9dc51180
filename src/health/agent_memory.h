/* What is still to be believed of an agent: its last report, which fades while it is
 * silent. Pure. */
#pragma once

#include "backend/agent_report.h"
#include "health/agent_word.h"

/* After so many reports that did not come nothing of the last one is left. Load alone
 * leaves a server at least so much of its weight. */
enum { AGENT_MISSES_MOST = 5, AGENT_PERCENT_LEAST = 10 };

struct agent_memory {
    struct agent_word word; /* of no meaning before the first report */
    bool has_report;
    unsigned missed; /* since the last report */
};

/* A report is complete by itself: nothing of those before it counts any more. */
void agent_memory_note(struct agent_memory *memory, const struct agent_word *word);
void agent_memory_miss(struct agent_memory *memory);
bool agent_memory_is_faded(const struct agent_memory *memory);

/* What follows for a server of this weight. */
struct agent_report agent_memory_report(const struct agent_memory *memory,
                                        unsigned weight);
