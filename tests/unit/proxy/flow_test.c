#include "flowing.h"

TestSuite(flow, .timeout = 20, .init = set_up, .fini = tear_down);

Test(flow, waits_for_something_to_read)
{
    cr_expect_not(move());

    cr_expect(flow_wants_to_read(&flow));
    cr_expect_not(flow_wants_to_write(&flow));
    cr_expect_eq(flow.state, FLOW_OPEN);
}

Test(flow, passes_on_what_it_reads_and_holds_nothing)
{
    static const size_t lengths[] = { 1, 100, 4096, WORKSPACE_SCRATCH - 1,
                                      WORKSPACE_SCRATCH };
    size_t sum = 0;

    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        give(lengths[i]);
        cr_expect(move());
        cr_expect_eq(take(), lengths[i]);
        cr_expect_eq(flow.moved, sum += lengths[i]);
        cr_expect_null(flow.held);
        cr_expect_eq(pieces_used(), 0);
    }
    cr_expect(flow_wants_to_read(&flow));
}

Test(flow, moves_a_bounded_amount_at_once)
{
    int size = 4 << 20;

    (void)setsockopt(giver, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
    while (send(giver, chunk, sizeof chunk, 0) > 0)
        continue;
    cr_expect(move());

    cr_expect_leq(flow.moved, 2 * WORKSPACE_SCRATCH);
}

Test(flow, holds_what_the_other_end_does_not_take)
{
    fill();

    cr_expect_eq(pieces_used(), 1);
    cr_expect_not(flow_wants_to_read(&flow));
    cr_expect(flow_wants_to_write(&flow));
    take_all();

    cr_expect_eq(taken, given);
    cr_expect_eq(pieces_used(), 0);
    cr_expect(flow_wants_to_read(&flow));
    cr_expect_not(flow_wants_to_write(&flow));
}

/* What is left after a small write fits into a small piece. */
Test(flow, holds_little_in_little)
{
    while (!flow_wants_to_write(&flow)) {
        give(1000);
        (void)move();
    }

    cr_expect_eq(workspace.small_pieces.used, 1);
    cr_expect_eq(workspace.pieces.used, 0);
    take_all();
    cr_expect_eq(taken, given);
}

Test(flow, reads_nothing_while_it_holds_something)
{
    uint64_t moved;

    fill();
    moved = flow.moved;
    give(1000);

    cr_expect_not(move());
    cr_expect_eq(flow.moved, moved);
    take_all();
    cr_expect_eq(taken, given);
}

Test(flow, is_over_and_broken_when_nothing_can_be_held)
{
    static const size_t sizes[] = { 1, 1, WORKSPACE_SCRATCH, WORKSPACE_SCRATCH };
    struct piece *pieces[4];

    for (int i = 0; i < 4; i++)
        cr_assert(pieces[i] = workspace_take_piece(&workspace, sizes[i]));
    while (flow.state == FLOW_OPEN) {
        give(sizeof chunk);
        (void)move();
    }

    cr_expect_eq(flow.state, FLOW_OVER);
    cr_expect(flow.is_broken);
    cr_expect(flow.is_starved);
    for (int i = 0; i < 4; i++)
        workspace_give_piece(&workspace, pieces[i]);
}

Test(flow, is_over_at_the_end_and_not_broken)
{
    give(100);
    give_end();
    cr_expect(move());
    (void)move();

    cr_expect_eq(flow.state, FLOW_OVER);
    cr_expect_not(flow.is_broken);
    cr_expect_eq(take(), 100);
    cr_expect_not(flow_wants_to_read(&flow));
    cr_expect_not(move());
}

Test(flow, is_not_over_before_everything_is_written)
{
    fill();
    give_end();
    while (flow_wants_to_write(&flow)) {
        cr_expect_neq(flow.state, FLOW_OVER);
        (void)take();
        (void)move();
    }
    (void)take();

    cr_expect_eq(flow.state, FLOW_OVER);
    cr_expect_not(flow.is_broken);
    cr_expect_eq(taken, given);
}

Test(flow, is_broken_when_the_giver_breaks_off)
{
    reset(&from, giver);
    cr_expect_not(move());

    cr_expect_eq(flow.state, FLOW_OVER);
    cr_expect(flow.is_broken);
    cr_expect(from.was_reset);
    cr_expect_not(to.was_reset);
}

Test(flow, still_writes_what_it_holds_after_the_giver_broke_off)
{
    fill();
    reset(&from, giver);
    while (flow.state != FLOW_OVER) {
        (void)take();
        (void)move();
    }
    (void)take();

    cr_expect(flow.is_broken);
    cr_expect_eq(taken, flow.moved);
}

Test(flow, is_broken_when_the_taker_is_gone)
{
    reset(&to, taker);
    give(100);
    (void)move();

    cr_expect_eq(flow.state, FLOW_OVER);
    cr_expect(flow.is_broken);
    cr_expect(to.was_reset);
    cr_expect_not(flow_wants_to_write(&flow));
}

Test(flow, drops_what_it_holds_when_the_taker_is_gone)
{
    fill();
    reset(&to, taker);
    (void)move();

    cr_expect_eq(flow.state, FLOW_OVER);
    cr_expect(flow.is_broken);
    cr_expect_eq(pieces_used(), 0);
}

Test(flow, can_be_broken_from_outside_unless_it_is_over)
{
    fill();
    flow_break(&flow, &workspace);
    cr_expect(flow.is_broken);
    cr_expect_eq(flow.state, FLOW_OVER);
    cr_expect_eq(pieces_used(), 0);

    flow.is_broken = false;
    flow_break(&flow, &workspace);
    cr_expect_not(flow.is_broken);
}

Test(flow, carries_everything_whatever_the_pace)
{
    size_t pace = 1;

    while (given < 20 << 20) {
        pace = pace * 7 % 65521;
        if (flow_wants_to_read(&flow))
            give(pace % 3 ? sizeof chunk : pace);
        (void)move();
        if (pace % 5 == 0)
            (void)take();
    }
    give_end();
    while (flow.state != FLOW_OVER) {
        (void)take();
        (void)move();
    }
    (void)take();

    cr_expect_eq(taken, given);
    cr_expect_eq(flow.moved, given);
    cr_expect_not(flow.is_broken);
}
