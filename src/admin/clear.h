/* `clear counters`: the highest values, or all. Workers do it, so the answer comes later.
 * Main only. */
#pragma once

struct call;

void clear_peaks(struct call *call);
void clear_all(struct call *call);
