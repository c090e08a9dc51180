#include "health/probe_gate.h"

#include <criterion/criterion.h>

enum { MANY = 20000 };

static struct probe_gate gate;
static struct probe_gate_ticket tickets[MANY];
static size_t called[MANY], call_count;

static void on_turn(struct probe_gate_ticket *ticket)
{
    cr_assert(ticket->is_inside);
    called[call_count++] = (size_t)(ticket - tickets);
}

static void leave_at_once(struct probe_gate_ticket *ticket)
{
    on_turn(ticket);
    probe_gate_leave(&gate, ticket);
}

static void begin(size_t limit, void (*turn)(struct probe_gate_ticket *))
{
    probe_gate_init(&gate, limit);
    for (size_t i = 0; i < MANY; i++)
        probe_gate_ticket_init(&tickets[i], turn);
}

static size_t enter(size_t count)
{
    size_t inside = 0;

    for (size_t i = 0; i < count; i++)
        inside += probe_gate_enter(&gate, &tickets[i]);
    return inside;
}

Test(probe_gate, lets_in_as_many_as_its_limit)
{
    begin(3, on_turn);

    cr_expect_eq(enter(5), 3);
    cr_expect_eq(gate.inside, 3);
    cr_expect_not(probe_gate_is_waiting(&tickets[2]));
    cr_expect(probe_gate_is_waiting(&tickets[3]));
    cr_expect_eq(call_count, 0);
}

Test(probe_gate, calls_first_who_came_first)
{
    begin(2, on_turn);
    (void)enter(5);
    probe_gate_leave(&gate, &tickets[1]);
    probe_gate_leave(&gate, &tickets[0]);

    cr_expect_eq(call_count, 2);
    cr_expect_eq(called[0], 2);
    cr_expect_eq(called[1], 3);
    cr_expect_eq(gate.inside, 2);
}

Test(probe_gate, does_not_call_who_went_away)
{
    begin(1, on_turn);
    (void)enter(3);
    probe_gate_leave(&gate, &tickets[1]);
    cr_expect_eq(call_count, 0);
    probe_gate_leave(&gate, &tickets[0]);

    cr_expect_eq(call_count, 1);
    cr_expect_eq(called[0], 2);
}

Test(probe_gate, takes_nobody_out_twice)
{
    begin(2, on_turn);
    (void)enter(2);
    probe_gate_leave(&gate, &tickets[0]);
    probe_gate_leave(&gate, &tickets[0]);

    cr_expect_eq(gate.inside, 1);
}

Test(probe_gate, follows_a_new_limit)
{
    begin(1, on_turn);
    (void)enter(6);
    probe_gate_set_limit(&gate, 4);
    cr_expect_eq(gate.inside, 4);
    cr_expect_eq(call_count, 3);

    probe_gate_set_limit(&gate, 1);
    cr_expect_eq(gate.inside, 4);
    probe_gate_leave(&gate, &tickets[0]);
    cr_expect_eq(gate.inside, 3);
    cr_expect_eq(call_count, 3);
}

/* A stack of thousands of calls would not survive this under a sanitizer. */
Test(probe_gate, serves_a_long_line_of_those_who_leave_at_once, .timeout = 10)
{
    begin(1, leave_at_once);
    cr_expect_eq(enter(MANY), 1);
    probe_gate_leave(&gate, &tickets[0]);

    cr_expect_eq(call_count, MANY - 1);
    cr_expect_eq(called[MANY - 2], MANY - 1);
    cr_expect_eq(gate.inside, 0);
}
