#include "proxy/throttle.h"

#include "base/clock.h"

static uint32_t present_second(void)
{
    return (uint32_t)(clock_ms() / 1000);
}

void throttle_set(struct throttle *throttle, enum throttle_kind kind, unsigned most)
{
    counter_set(&throttle->rates[kind].most, most);
}

unsigned throttle_most(const struct throttle *throttle, enum throttle_kind kind)
{
    return (unsigned)counter_read(&throttle->rates[kind].most);
}

static bool has_room(const struct throttle_rate *rate)
{
    uint64_t most = counter_read(&rate->most);

    return !most || pace_has_room(&rate->pace, present_second(), most);
}

bool throttle_has_room(const struct throttle *throttle, bool speaks_tls)
{
    if (!throttle)
        return true;
    return has_room(&throttle->rates[THROTTLE_CONNECTIONS]) &&
           has_room(&throttle->rates[THROTTLE_SESSIONS]) &&
           (!speaks_tls || has_room(&throttle->rates[THROTTLE_HANDSHAKES]));
}

/* Without a limit nobody counts: workers would contend for nothing. */
void throttle_count(struct throttle *throttle, enum throttle_kind kind)
{
    if (throttle && counter_read(&throttle->rates[kind].most))
        (void)pace_take(&throttle->rates[kind].pace, present_second(), UINT32_MAX);
}
