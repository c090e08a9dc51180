/* Fast while it matters, slow while it does not. */
#include "health/cadence.h"

#include "base/random.h"
#include "health/check_settings.h"
#include "health/tally.h"

uint64_t cadence_interval(const struct check_settings *settings,
                          const struct tally *tally, bool has_verdict)
{
    if (!has_verdict)
        return settings->interval_ms;
    if (tally_is_changing(tally))
        return settings->changing_interval_ms;
    return tally_is_up(tally) ? settings->interval_ms : settings->down_interval_ms;
}

uint64_t cadence_spread(uint64_t interval_ms, struct random *random)
{
    uint64_t fifth = interval_ms / 5;
    uint32_t range = (uint32_t)(fifth < UINT32_MAX ? fifth : UINT32_MAX);

    return range ? interval_ms - range / 2 + random_below(random, range) : interval_ms;
}
