/* How long until a server is asked again. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct check_settings;
struct random;
struct tally;

/* By what is known: nothing yet, all is well, a change is under way, or down. */
uint64_t cadence_interval(const struct check_settings *settings,
                          const struct tally *tally, bool has_verdict);
/* Ten percent more or less keep checks from falling into step. */
uint64_t cadence_spread(uint64_t interval_ms, struct random *random);
