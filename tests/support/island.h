/* A network of a test's own, with loopback alone, for what would disturb others: the
 * ports that connections may come from. */
#pragma once

/* From here on for the test and all it starts. Skips the test where the system forbids
 * it, as it does to all but root. */
void island_begin(void);
/* Connections get their local ports from this range only; listeners keep theirs. */
void island_limit_ports(unsigned first, unsigned last);
