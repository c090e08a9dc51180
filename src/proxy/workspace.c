/* Sets up what sessions share on one worker. */
#include "proxy/workspace.h"

#include "base/memory.h"
#include "proxy/flow.h"
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
    slab_init(&workspace->pieces, sizeof(struct piece), 2 * (size_t)settings->maxconn);
    list_init(&workspace->present);
    list_init(&workspace->waiting);
    random_init(&workspace->random);
    workspace->scratch = memory_new(WORKSPACE_SCRATCH);
}

void workspace_set_maxconn(struct workspace *workspace, unsigned maxconn)
{
    workspace->settings.maxconn = maxconn;
    workspace->sessions.most = maxconn;
    workspace->pieces.most = 2 * (size_t)maxconn;
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
    slab_deinit(&workspace->sessions);
}

bool workspace_take_pipe(struct workspace *workspace, int pipe[2])
{
    if (workspace->pipe_count) {
        workspace->pipe_count--;
        pipe[0] = workspace->pipes[workspace->pipe_count][0];
        pipe[1] = workspace->pipes[workspace->pipe_count][1];
        return true;
    }
    if (pipe2(pipe, O_NONBLOCK | O_CLOEXEC) == -1)
        return false;
    /* A small pipe would cost more than copying does. */
    if (fcntl(pipe[1], F_SETPIPE_SZ, PIPE_BYTES) >= PIPE_BYTES)
        return true;
    close_pipe(pipe);
    return false;
}

void workspace_give_pipe(struct workspace *workspace, int pipe[2], bool is_empty)
{
    if (!is_empty || workspace->pipe_count == WORKSPACE_PIPES) {
        close_pipe(pipe);
        return;
    }
    workspace->pipes[workspace->pipe_count][0] = pipe[0];
    workspace->pipes[workspace->pipe_count][1] = pipe[1];
    workspace->pipe_count++;
}
