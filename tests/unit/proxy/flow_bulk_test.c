#include "flowing.h"

#include "base/clock.h"

TestSuite(flow_bulk, .timeout = 20, .init = set_up, .fini = tear_down);

Test(flow_bulk, shows_itself_to_be_bulk_by_full_reads_in_a_row)
{
    for (int i = 0; i < 20; i++) {
        give(sizeof chunk);
        (void)move();
        give(sizeof chunk - 1);
        (void)move();
        (void)take();
        cr_assert_not(flow.is_bulk);
    }
    make_bulk();

    cr_expect_eq(taken, given);
}

Test(flow_bulk, moves_bulk_through_a_pipe_and_gives_it_back)
{
    make_bulk();
    for (int i = 1; i <= 50; i++) {
        give(sizeof chunk);
        cr_expect(move());
        cr_expect_not(flow.is_piped);
        cr_expect_eq(workspace.pipe_count, 1);
        (void)take();
    }

    cr_expect(flow.is_bulk);
    cr_expect_eq(taken, given);
    cr_expect_eq(flow.moved, given);
    cr_expect_eq(pieces_used(), 0);
}

static uint64_t moved_at_once(void)
{
    uint64_t before = flow.moved;

    give(sizeof chunk);
    give(sizeof chunk);
    (void)move();
    return flow.moved - before;
}

Test(flow_bulk, takes_small_steps_while_others_wait_for_small_messages)
{
    make_bulk();
    cr_expect_gt(moved_at_once(), sizeof chunk);
    take_all();

    workspace.small_at = clock_ms();
    cr_expect_leq(moved_at_once(), sizeof chunk);
    take_all();
    cr_expect_eq(taken, given);
}

Test(flow_bulk, keeps_the_pipe_while_something_is_in_it)
{
    uint64_t moved;

    make_bulk();
    fill();
    cr_expect(flow.is_piped);
    cr_expect_gt(flow.in_pipe, 0);
    cr_expect_null(flow.held);
    cr_expect_eq(workspace.pipe_count, 0);
    cr_expect_not(flow_wants_to_read(&flow));
    moved = flow.moved;
    give(1000);
    cr_expect_not(move());
    cr_expect_eq(flow.moved, moved);

    take_all();
    cr_expect_eq(taken, given);
    cr_expect_not(flow.is_piped);
    cr_expect_eq(workspace.pipe_count, 1);
    cr_expect(flow_wants_to_read(&flow));
}

Test(flow_bulk, goes_back_to_copying_when_little_comes)
{
    make_bulk();
    for (int i = 0; flow.is_bulk; i++) {
        cr_assert_lt(i, 100);
        give(100);
        cr_expect(move());
    }
    cr_expect_eq(workspace.pipe_count, 1);
    give(100);
    (void)move();
    (void)take();
    cr_expect_eq(taken, given);

    make_bulk();
    give(sizeof chunk);
    (void)move();
    (void)take();
    cr_expect_eq(taken, given);
}

Test(flow_bulk, stays_bulk_when_little_comes_now_and_then)
{
    make_bulk();
    for (int i = 0; i < 50; i++) {
        give(i % 4 ? 100 : sizeof chunk);
        (void)move();
        (void)take();
    }

    cr_expect(flow.is_bulk);
    cr_expect_eq(taken, given);
}

Test(flow_bulk, holds_no_pipe_while_it_waits)
{
    make_bulk();
    cr_expect_not(move());

    cr_expect_not(flow.is_piped);
    cr_expect_eq(workspace.pipe_count, 1);
    cr_expect_eq(flow.state, FLOW_OPEN);
}

Test(flow_bulk, sees_the_end_of_bulk)
{
    make_bulk();
    fill();
    give(1000);
    give_end();
    take_all();

    cr_expect_eq(flow.state, FLOW_OVER);
    cr_expect_not(flow.is_broken);
    cr_expect_eq(taken, given);
    cr_expect_eq(workspace.pipe_count, 1);
}

Test(flow_bulk, sees_bulk_break_off)
{
    make_bulk();
    reset(&from, giver);
    (void)move();

    cr_expect_eq(flow.state, FLOW_OVER);
    cr_expect(flow.is_broken);
    cr_expect(from.was_reset);
    cr_expect_not(flow.is_piped);
}

Test(flow_bulk, throws_a_pipe_away_with_what_nobody_takes)
{
    int pipe[2];

    make_bulk();
    fill();
    pipe[0] = flow.pipe[0];
    pipe[1] = flow.pipe[1];
    reset(&to, taker);
    (void)move();

    cr_expect_eq(flow.state, FLOW_OVER);
    cr_expect(flow.is_broken);
    cr_expect_eq(workspace.pipe_count, 0);
    cr_expect_not(is_open(pipe[0]));
    cr_expect_not(is_open(pipe[1]));
}

Test(flow_bulk, copies_bulk_when_an_end_is_not_plain)
{
    struct conn_kind other = conn_kind_plain;

    from.kind = &other;
    for (int i = 0; i < 50; i++) {
        give(sizeof chunk);
        (void)move();
        (void)take();
    }

    cr_expect_eq(taken, given);
    cr_expect_eq(workspace.pipe_count, 0);
    cr_expect_not(flow.is_piped);
}

Test(flow_bulk, copies_bulk_when_all_pipes_are_lent)
{
    int pipe[2];

    make_bulk();
    cr_assert(workspace_take_pipe(&workspace, pipe));
    for (int i = 0; i < 50; i++) {
        give(sizeof chunk);
        cr_expect(move());
        cr_expect_not(flow.is_piped);
        (void)take();
    }
    workspace_give_pipe(&workspace, pipe, true);
    fill();
    take_all();
    cr_expect_eq(taken, given);
}
