/* Looks at all sessions of the worker, so it is for what happens now and then. */
#include "worker/selection.h"

#include "base/memory.h"
#include "proxy/session.h"
#include "proxy/workspace.h"

#include <stdlib.h>

static int by_silence(const void *one, const void *other)
{
    uint64_t left = session_active_at(*(struct session *const *)one);
    uint64_t right = session_active_at(*(struct session *const *)other);

    return (left > right) - (left < right);
}

/* One that is still being taken to its server finds another one by itself. */
static bool is_meant(const struct session *session, const struct selection *selection)
{
    return !selection->server || (session_is_served_by(session, selection->server) &&
                                  session_is_settled(session));
}

static size_t gather(struct workspace *workspace, const struct selection *selection,
                     struct session **sessions)
{
    size_t count = 0;

    list_each(link, &workspace->present)
        if (is_meant(session_of(link), selection))
            sessions[count++] = session_of(link);
    qsort(sessions, count, sizeof(struct session *), by_silence);
    return count;
}

size_t selection_end(struct workspace *workspace, const struct selection *selection)
{
    struct session **sessions = memory_new_array(workspace->sessions.used,
                                                 sizeof(struct session *));
    size_t count = gather(workspace, selection, sessions), ended = 0;

    while (ended < count && gauge_take(selection->taken, selection->most))
        session_end_because(sessions[ended++], selection->ending);
    free(sessions);
    return ended;
}
