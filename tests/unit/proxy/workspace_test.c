#include "proxy/workspace.h"

#include "proxy/flow.h"
#include "proxy/session.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static struct workspace workspace;

static void set_up(void)
{
    workspace_init(&workspace, &(struct workspace_settings){ .maxconn = 3, .pipes = 2 });
}

static void tear_down(void)
{
    workspace_deinit(&workspace);
}

TestSuite(workspace, .timeout = 20, .init = set_up, .fini = tear_down);

static bool is_open(int fd)
{
    return fcntl(fd, F_GETFD) != -1;
}

static void give_all(struct piece **pieces, size_t count)
{
    for (size_t i = 0; i < count; i++)
        workspace_give_piece(&workspace, pieces[i]);
}

/* Takes as many of this size as there are, at most `most`. */
static size_t take_all(struct piece **pieces, size_t most, size_t bytes)
{
    size_t count = 0;

    while (count < most && (pieces[count] = workspace_take_piece(&workspace, bytes)))
        count++;
    return count;
}

Test(workspace, has_room_for_maxconn_sessions)
{
    void *sessions[3];

    for (int i = 0; i < 3; i++)
        cr_expect(sessions[i] = slab_take(&workspace.sessions));
    cr_expect_null(slab_take(&workspace.sessions));

    cr_expect_geq(workspace.sessions.size, session_size());
    for (int i = 0; i < 3; i++)
        slab_give(&workspace.sessions, sessions[i]);
}

Test(workspace, has_room_for_what_both_flows_of_each_session_hold)
{
    struct piece *small[7], *large[7];

    cr_expect_eq(take_all(small, 7, 1), 6);
    cr_expect_eq(take_all(large, 7, WORKSPACE_SCRATCH), 6);
    give_all(small, 6);
    give_all(large, 6);
}

Test(workspace, follows_a_change_of_maxconn)
{
    struct piece *pieces[7];

    workspace_set_maxconn(&workspace, 1);
    cr_expect_eq(take_all(pieces, 7, 1), 2);
    workspace_set_maxconn(&workspace, 2);
    cr_expect_eq(take_all(pieces + 2, 5, 1), 2);
    give_all(pieces, 4);
}

Test(workspace, lends_empty_pieces_that_are_large_enough)
{
    static const size_t sizes[][2] = {
        { 0, WORKSPACE_SMALL_PIECE },
        { WORKSPACE_SMALL_PIECE, WORKSPACE_SMALL_PIECE },
        { WORKSPACE_SMALL_PIECE + 1, WORKSPACE_SCRATCH },
        { WORKSPACE_SCRATCH, WORKSPACE_SCRATCH },
    };

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct piece *piece = workspace_take_piece(&workspace, sizes[i][0]);

        cr_assert(piece);
        cr_expect_eq(piece->room, sizes[i][1], "for %zu", sizes[i][0]);
        cr_expect_eq(piece->begin, 0);
        cr_expect_eq(piece->end, 0);
        memset(piece->bytes, 'x', piece->room);
        piece->begin = piece->end = 1;
        workspace_give_piece(&workspace, piece);
    }
    workspace_give_piece(&workspace, NULL);
}

Test(workspace, lends_a_pipe_that_neither_blocks_nor_is_inherited)
{
    int pipe[2];

    cr_assert(workspace_take_pipe(&workspace, pipe));
    for (int i = 0; i < 2; i++) {
        cr_expect(fcntl(pipe[i], F_GETFL) & O_NONBLOCK);
        cr_expect(fcntl(pipe[i], F_GETFD) & FD_CLOEXEC);
    }
    cr_expect_geq(fcntl(pipe[1], F_GETPIPE_SZ), 1 << 20);
    workspace_give_pipe(&workspace, pipe, true);
}

Test(workspace, lends_an_empty_pipe_again)
{
    int pipe[2], again[2];

    cr_assert(workspace_take_pipe(&workspace, pipe));
    workspace_give_pipe(&workspace, pipe, true);
    cr_expect_eq(workspace.pipe_count, 1);

    cr_assert(workspace_take_pipe(&workspace, again));
    cr_expect_arr_eq(again, pipe, sizeof pipe);
    cr_expect_eq(workspace.pipe_count, 0);
    workspace_give_pipe(&workspace, again, true);
}

Test(workspace, lends_so_many_pipes_and_no_more)
{
    int pipes[3][2];

    cr_assert(workspace_take_pipe(&workspace, pipes[0]));
    cr_assert(workspace_take_pipe(&workspace, pipes[1]));
    cr_expect_not(workspace_take_pipe(&workspace, pipes[2]));
    workspace_give_pipe(&workspace, pipes[0], false);
    cr_assert(workspace_take_pipe(&workspace, pipes[2]));

    workspace_give_pipe(&workspace, pipes[1], true);
    workspace_give_pipe(&workspace, pipes[2], true);
    cr_expect_eq(workspace.pipe_count, 2);
    cr_expect_eq(workspace.pipes_out, 0);
}

Test(workspace, closes_a_pipe_that_is_not_empty)
{
    int pipe[2];

    cr_assert(workspace_take_pipe(&workspace, pipe));
    cr_assert_eq(write(pipe[1], "a", 1), 1);
    workspace_give_pipe(&workspace, pipe, false);

    cr_expect_eq(workspace.pipe_count, 0);
    cr_expect_not(is_open(pipe[0]));
    cr_expect_not(is_open(pipe[1]));
}

/* Few and small ones, made by the test: so many big ones may not be had. */
Test(workspace, keeps_a_bounded_number_of_pipes)
{
    int pipes[WORKSPACE_PIPES + 1][2];

    workspace.pipes_out = WORKSPACE_PIPES + 1;
    for (int i = 0; i <= WORKSPACE_PIPES; i++) {
        cr_assert_eq(pipe2(pipes[i], O_NONBLOCK | O_CLOEXEC), 0);
        workspace_give_pipe(&workspace, pipes[i], true);
    }

    cr_expect_eq(workspace.pipe_count, WORKSPACE_PIPES);
    cr_expect(is_open(pipes[WORKSPACE_PIPES - 1][0]));
    cr_expect_not(is_open(pipes[WORKSPACE_PIPES][0]));
    cr_expect_not(is_open(pipes[WORKSPACE_PIPES][1]));
}

Test(workspace, lends_no_pipe_without_descriptors)
{
    struct rlimit limit;
    int pipe[2];

    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = 3;
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);

    cr_expect_not(workspace_take_pipe(&workspace, pipe));
    limit.rlim_cur = limit.rlim_max;
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

Test(workspace, closes_the_pipes_it_keeps_in_the_end)
{
    int pipe[2];

    cr_assert(workspace_take_pipe(&workspace, pipe));
    workspace_give_pipe(&workspace, pipe, true);
    workspace_deinit(&workspace);

    cr_expect_not(is_open(pipe[0]));
    cr_expect_not(is_open(pipe[1]));
    set_up();
}

Test(workspace, does_not_go_while_a_session_is_there, .signal = SIGABRT)
{
    struct link link;

    list_append(&workspace.present, &link);
    workspace_deinit(&workspace);
}
