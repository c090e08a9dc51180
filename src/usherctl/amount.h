/* Figures as people read them, in few columns. Pure. */
#pragma once

#include <stdint.h>

struct amount_text {
    char chars[24];
};

/* "9999", "12.3k", "4.5M". Below zero is unknown: "". */
struct amount_text amount_count(int64_t count);
/* "512 B", "1.5 kB", "20 MB", in steps of 1000. Below zero is unknown: "". */
struct amount_text amount_bytes(int64_t bytes);
/* "12s", "3m20s", "4h5m", "12d3h". Below zero is unknown: "". */
struct amount_text amount_span(int64_t seconds);
