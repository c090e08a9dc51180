/* Any bytes as a line of an agent, heard once and then faded. */
#include "health/agent_memory.h"

#include "base/memory.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct agent_word word = agent_word_read((const char *)data, size);
    struct agent_memory memory = { .has_report = false };

    ensure(word.percent <= 100 && strlen(word.stranger) < sizeof word.stranger);
    if (!word.is_understood)
        return 0;
    agent_memory_note(&memory, &word);
    for (unsigned i = 0; i <= AGENT_MISSES_MOST; i++) {
        struct agent_report report = agent_memory_report(&memory, 7);

        ensure(report.percent >= AGENT_PERCENT_LEAST && report.percent <= 100);
        agent_memory_miss(&memory);
    }
    ensure(agent_memory_is_faded(&memory));
    return 0;
}
