/* Repeats after a prime number of bytes, so that no buffer's size hides a mistake. */
#include "support/pattern.h"

#include <pthread.h>
#include <string.h>

enum { PERIOD = 65521 };

static unsigned char table[PERIOD + PATTERN_RUN];
static pthread_once_t filled = PTHREAD_ONCE_INIT;

static void fill(void)
{
    uint64_t state = 88172645463325252U;

    for (size_t i = 0; i < PERIOD; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        table[i] = (unsigned char)(state >> 32);
    }
    for (size_t i = PERIOD; i < sizeof table; i++)
        table[i] = table[i - PERIOD];
}

const unsigned char *pattern_at(uint64_t offset)
{
    (void)pthread_once(&filled, fill);
    return table + offset % PERIOD;
}

bool pattern_matches(uint64_t offset, const unsigned char *bytes, size_t length)
{
    while (length > 0) {
        size_t part = length < PATTERN_RUN ? length : PATTERN_RUN;

        if (memcmp(bytes, pattern_at(offset), part) != 0)
            return false;
        bytes += part;
        offset += part;
        length -= part;
    }
    return true;
}
