/* Milliseconds that only go forward. */
#pragma once

#include <stdint.h>

/* CLOCK_MONOTONIC; never 0. */
uint64_t clock_ms(void);
