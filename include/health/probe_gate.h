/* So many probes at once, over all checks: the others wait in line, first come, first
 * served. Main only, pure. */
#pragma once

#include "base/list.h"

#include <stdbool.h>
#include <stddef.h>

/* One who asks to be let in; a part of its owner. Zero is no valid start. */
struct probe_gate_ticket {
    struct link link; /* in the line */
    bool is_inside;
    /* Its turn has come: it is inside now. May leave again. */
    void (*on_turn)(struct probe_gate_ticket *ticket);
};

struct probe_gate {
    size_t limit, inside;
    struct link line;
    bool is_calling;
};

void probe_gate_init(struct probe_gate *gate, size_t limit);
/* A higher limit lets those in at once who wait; a lower one sends nobody out. */
void probe_gate_set_limit(struct probe_gate *gate, size_t limit);

void probe_gate_ticket_init(struct probe_gate_ticket *ticket,
                            void (*on_turn)(struct probe_gate_ticket *ticket));
/* True: it is inside. False: it waits, and on_turn is called when its turn has come. */
bool probe_gate_enter(struct probe_gate *gate, struct probe_gate_ticket *ticket);
/* Inside, waiting or neither. Those whose turn it is then are called. */
void probe_gate_leave(struct probe_gate *gate, struct probe_gate_ticket *ticket);
bool probe_gate_is_waiting(const struct probe_gate_ticket *ticket);
