/* How long tests wait, and for how much. */
#include "support/patience.h"

#include <stdlib.h>
#include <time.h>

enum { PAUSE_MS = 5, SANITIZED_TIMES = 5, SANITIZED_SHARE = 10 };

uint64_t patience_now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void patience_pause(void)
{
    struct timespec pause = { .tv_nsec = PAUSE_MS * 1000000L };

    (void)nanosleep(&pause, NULL);
}

bool patience_is_sanitized(void)
{
    const char *said = getenv("USHER_SANITIZED");

    return (said && *said) || getenv("TSAN_OPTIONS");
}

uint64_t patience_ms(uint64_t ms)
{
    return patience_is_sanitized() ? ms * SANITIZED_TIMES : ms;
}

uint64_t patience_volume(uint64_t full)
{
    return patience_is_sanitized() ? full / SANITIZED_SHARE : full;
}
