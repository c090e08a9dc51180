/* Sets up what sessions share on one worker. */
#include "proxy/workspace.h"

#include "base/memory.h"
#include "proxy/session.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

enum { PIPE_BYTES = 1 << 20 };

void workspace_init(struct workspace *workspace,
                    const struct workspace_settings *settings)
{
    *workspace = (struct workspace){ .settings = *settings };
    slab_init(&workspace->sessions, session_size(), settings->maxconn);
    slab_init(&workspace->small_pieces, sizeof(struct piece) + WORKSPACE_SMALL_PIECE, 0);
    slab_init(&workspace->pieces, sizeof(struct piece) + WORKSPACE_SCRATCH, 0);
    workspace_set_maxconn(workspace, settings->maxconn);
    list_init(&workspace->present);
    list_init(&workspace->waiting);
    random_init(&workspace->random);
    workspace->scratch = memory_new(WORKSPACE_SCRATCH);
}

void workspace_set_maxconn(struct workspace *workspace, unsigned maxconn)
{
    workspace->settings.maxconn = maxconn;
    workspace->sessions.most = maxconn;
    /* Each session has two flows. */
    workspace->pieces.most = workspace->small_pieces.most = 2 * (size_t)maxconn;
}

struct piece *workspace_take_piece(struct workspace *workspace, size_t bytes)
{
    bool is_small = bytes <= WORKSPACE_SMALL_PIECE;
    struct piece *piece = slab_take_as_is(is_small ? &workspace->small_pieces
                                                   : &workspace->pieces);

    if (!piece)
        return NULL;
    piece->begin = piece->end = 0;
    piece->room = is_small ? WORKSPACE_SMALL_PIECE : WORKSPACE_SCRATCH;
    return piece;
}

void workspace_give_piece(struct workspace *workspace, struct piece *piece)
{
    if (!piece)
        return;
    slab_give(piece->room == WORKSPACE_SMALL_PIECE ? &workspace->small_pieces
                                                   : &workspace->pieces,
              piece);
}

static void close_pipe(int pipe[2])
{
    (void)close(pipe[0]);
    (void)close(pipe[1]);
}

void workspace_deinit(struct workspace *workspace)
{
    ensure(list_is_empty(&workspace->present));
    while (workspace->pipe_count)
        close_pipe(workspace->pipes[--workspace->pipe_count]);
    free(workspace->scratch);
    slab_deinit(&workspace->pieces);
    slab_deinit(&workspace->small_pieces);
    slab_deinit(&workspace->sessions);
}

/* A small pipe would cost more than copying does. */
static bool make_pipe(int pipe[2])
{
    if (pipe2(pipe, O_NONBLOCK | O_CLOEXEC) == -1)
        return false;
    if (fcntl(pipe[1], F_SETPIPE_SZ, PIPE_BYTES) >= PIPE_BYTES)
        return true;
    close_pipe(pipe);
    return false;
}

bool workspace_take_pipe(struct workspace *workspace, int pipe[2])
{
    if (workspace->pipes_out >= workspace->settings.pipes)
        return false;
    if (workspace->pipe_count) {
        workspace->pipe_count--;
        pipe[0] = workspace->pipes[workspace->pipe_count][0];
        pipe[1] = workspace->pipes[workspace->pipe_count][1];
    } else if (!make_pipe(pipe)) {
        return false;
    }
    workspace->pipes_out++;
    return true;
}

void workspace_give_pipe(struct workspace *workspace, int pipe[2], bool is_empty)
{
    workspace->pipes_out--;
    if (!is_empty || workspace->pipe_count == WORKSPACE_PIPES) {
        close_pipe(pipe);
        return;
    }
    workspace->pipes[workspace->pipe_count][0] = pipe[0];
    workspace->pipes[workspace->pipe_count][1] = pipe[1];
    workspace->pipe_count++;
}
