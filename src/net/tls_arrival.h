/* Leaves a greeting in the socket until its first record is there as a whole, so that a
 * client that is slow, or silent, costs what its descriptor does. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct tls_arrival {
    uint8_t waits; /* zero is a valid start */
};

/* May the handshake begin? If not, the descriptor becomes readable when it may. It may as
 * well when what came is no greeting, or when asking the kernel to wait was in vain. */
bool tls_arrival_is_due(struct tls_arrival *arrival, int fd);
