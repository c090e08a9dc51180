#include "proxy/flow.h"

#include "net/conn_kind.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

/* giver --> from, flow, to --> taker: the ends are the test's, the middle is usher's. */
static int giver, taker;
static struct conn from, to;
static struct flow flow;
static struct workspace workspace;
static unsigned char chunk[WORKSPACE_SCRATCH];
static size_t given, taken; /* bytes, of a pattern that says where each belongs */

static unsigned char byte_at(size_t place)
{
    return (unsigned char)(place * 31 + place / 251);
}

static int open_conn(struct conn *conn)
{
    int pair[2];

    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair),
                 0);
    conn_init(conn, NULL, NULL);
    conn_open(conn, pair[0]);
    return pair[1];
}

static void set_up(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    workspace_init(&workspace, &(struct workspace_settings){ .maxconn = 1, .pipes = 1 });
    giver = open_conn(&from);
    taker = open_conn(&to);
    flow_init(&flow, &from, &to);
}

/* Small ones and large ones. */
static size_t pieces_used(void)
{
    return workspace.small_pieces.used + workspace.pieces.used;
}

static void tear_down(void)
{
    flow_deinit(&flow, &workspace);
    cr_expect_eq(pieces_used(), 0);
    (void)close(conn_fd(&from));
    (void)close(conn_fd(&to));
    workspace_deinit(&workspace);
}

TestSuite(flow, .timeout = 20, .init = set_up, .fini = tear_down);

static void give(size_t length)
{
    cr_assert_leq(length, sizeof chunk);
    for (size_t i = 0; i < length; i++)
        chunk[i] = byte_at(given + i);
    cr_assert_eq(send(giver, chunk, length, 0), (ssize_t)length);
    given += length;
}

/* Takes what is there; every byte must be the next one. */
static size_t take(void)
{
    size_t before = taken;
    ssize_t got;

    while ((got = recv(taker, chunk, sizeof chunk, 0)) > 0)
        for (ssize_t i = 0; i < got; i++, taken++)
            cr_assert_eq(chunk[i], byte_at(taken), "byte %zu is wrong", taken);
    return taken - before;
}

static bool move(void)
{
    return flow_move(&flow, &workspace);
}

static void give_end(void)
{
    cr_assert_eq(shutdown(giver, SHUT_WR), 0);
}

/* Gives and moves until the taker's side is full. */
static void fill(void)
{
    while (!flow_wants_to_write(&flow)) {
        give(sizeof chunk);
        (void)move();
    }
}

static void take_all(void)
{
    do
        (void)take();
    while (move() || taken < flow.moved);
}

/* The peer of `conn` breaks off: it leaves unread what it was sent. */
static void reset(const struct conn *conn, int peer)
{
    (void)send(conn_fd(conn), "!", 1, MSG_NOSIGNAL);
    (void)close(peer);
}

static void make_bulk(void)
{
    while (!flow.is_bulk) {
        give(sizeof chunk);
        (void)move();
        (void)take();
    }
}

static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) != -1;
}

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

Test(flow, shows_itself_to_be_bulk_by_full_reads_in_a_row)
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

Test(flow, moves_bulk_through_a_pipe_and_gives_it_back)
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

Test(flow, keeps_the_pipe_while_something_is_in_it)
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

Test(flow, goes_back_to_copying_when_little_comes)
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

Test(flow, stays_bulk_when_little_comes_now_and_then)
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

Test(flow, holds_no_pipe_while_it_waits)
{
    make_bulk();
    cr_expect_not(move());

    cr_expect_not(flow.is_piped);
    cr_expect_eq(workspace.pipe_count, 1);
    cr_expect_eq(flow.state, FLOW_OPEN);
}

Test(flow, sees_the_end_of_bulk)
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

Test(flow, sees_bulk_break_off)
{
    make_bulk();
    reset(&from, giver);
    (void)move();

    cr_expect_eq(flow.state, FLOW_OVER);
    cr_expect(flow.is_broken);
    cr_expect(from.was_reset);
    cr_expect_not(flow.is_piped);
}

Test(flow, throws_a_pipe_away_with_what_nobody_takes)
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

Test(flow, copies_bulk_when_an_end_is_not_plain)
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

Test(flow, copies_bulk_when_all_pipes_are_lent)
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
    cr_expect_eq(taken, given);

    workspace_give_pipe(&workspace, pipe, true);
    fill();
    take_all();
    cr_expect_eq(taken, given);
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
