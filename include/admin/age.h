/* Spans of time as the dialect writes them. Pure. */
#pragma once

#include <stdint.h>

struct age_text {
    char chars[32];
};

/* The two largest units: "4s", "1m4s", "1h2m", "2d3h". */
struct age_text age_text(uint64_t ms);
/* "0d 0h00m04s" */
struct age_text age_uptime(uint64_t ms);
/* "0:00:00:04", for prompts. */
struct age_text age_clock(uint64_t ms);
