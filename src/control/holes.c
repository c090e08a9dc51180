/* A TLS handshake takes some 26 kB for a moment, and what lives long is put between such
 * moments: after a storm of them half of the heap is holes. They are returned once it is
 * calm, as that takes a worker's allocations a millisecond or two. */
#include "control/holes.h"

#include "control/control_parts.h"

#include <malloc.h>

enum { STORM_HANDSHAKES = 200, CALM_RATE = 50 };

void holes_return(struct control *control)
{
    control->handshakes_since_trim += control->handshake_rate;
    if (control->handshakes_since_trim < STORM_HANDSHAKES ||
        control->handshake_rate > CALM_RATE)
        return;
    control->handshakes_since_trim = 0;
    (void)malloc_trim(0);
}
