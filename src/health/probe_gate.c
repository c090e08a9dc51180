/* A count and a line; each step costs the same, however long the line is. */
#include "health/probe_gate.h"

#include "base/memory.h"

void probe_gate_init(struct probe_gate *gate, size_t limit)
{
    *gate = (struct probe_gate){ .limit = limit };
    list_init(&gate->line);
}

void probe_gate_ticket_init(struct probe_gate_ticket *ticket,
                            void (*on_turn)(struct probe_gate_ticket *ticket))
{
    *ticket = (struct probe_gate_ticket){ .on_turn = on_turn };
    list_init(&ticket->link);
}

static bool has_room(const struct probe_gate *gate)
{
    return gate->inside < gate->limit;
}

static void let_in(struct probe_gate *gate, struct probe_gate_ticket *ticket)
{
    list_remove(&ticket->link);
    ticket->is_inside = true;
    gate->inside++;
}

/* Who leaves while being called makes room for the next in this loop, not in one of its
 * own: a line of thousands is no stack of thousands. */
static void call_next(struct probe_gate *gate)
{
    if (gate->is_calling)
        return;
    gate->is_calling = true;
    while (has_room(gate) && !list_is_empty(&gate->line)) {
        struct probe_gate_ticket *next = list_object(gate->line.next,
                                                     struct probe_gate_ticket, link);

        let_in(gate, next);
        next->on_turn(next);
    }
    gate->is_calling = false;
}

void probe_gate_set_limit(struct probe_gate *gate, size_t limit)
{
    gate->limit = limit;
    call_next(gate);
}

bool probe_gate_enter(struct probe_gate *gate, struct probe_gate_ticket *ticket)
{
    ensure(!ticket->is_inside && !probe_gate_is_waiting(ticket));
    if (has_room(gate) && list_is_empty(&gate->line))
        let_in(gate, ticket);
    else
        list_append(&gate->line, &ticket->link);
    return ticket->is_inside;
}

void probe_gate_leave(struct probe_gate *gate, struct probe_gate_ticket *ticket)
{
    list_remove(&ticket->link);
    if (!ticket->is_inside)
        return;
    ticket->is_inside = false;
    gate->inside--;
    call_next(gate);
}

bool probe_gate_is_waiting(const struct probe_gate_ticket *ticket)
{
    return !list_is_empty(&ticket->link);
}
