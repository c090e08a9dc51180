/* What time it is, in milliseconds. */
#pragma once

#include <stdint.h>

/* CLOCK_MONOTONIC, which only goes forward; never 0. */
uint64_t clock_ms(void);
/* Since 1970; it may be set. Only to be shown. */
uint64_t clock_wall_ms(void);
