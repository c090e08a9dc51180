/* Each worker writes into a page of its own; main reads them once all have answered. */
#include "control/inquiry.h"

#include "base/memory.h"
#include "control/control_parts.h"
#include "control/promise.h"
#include "worker/worker.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_TO_GROW = 256 }; /* sessions that begin while the question is on its way */

struct page {
    struct session_view *views; /* owned */
    size_t count;
    struct worker_view worker;
};

struct inquiry {
    struct promise promise;
    inquiry_listed *on_listed;
    inquiry_looked *on_looked;
    inquiry_ended *on_ended;
    uint64_t id;           /* of the session asked for, */
    struct server *server; /* or the server whose sessions are */
    size_t room;           /* views that each page can take */
    unsigned workers;
    struct page pages[];
};

static struct inquiry *make(struct control *control, void *owner)
{
    unsigned workers = team_count(control->team);
    struct inquiry *inquiry = memory_new(sizeof *inquiry +
                                         workers * sizeof inquiry->pages[0]);

    inquiry->workers = workers;
    promise_make(control, &inquiry->promise, owner);
    return inquiry;
}

static void destroy(struct inquiry *inquiry)
{
    for (unsigned i = 0; i < inquiry->workers; i++)
        free(inquiry->pages[i].views);
    promise_end(&inquiry->promise);
    free(inquiry);
}

static void list_on_worker(struct worker *worker, void *job)
{
    struct inquiry *inquiry = job;
    struct page *page = &inquiry->pages[worker_id(worker)];

    page->count = worker_list_sessions(worker, page->views, inquiry->room);
}

static size_t total(const struct inquiry *inquiry)
{
    size_t count = 0;

    for (unsigned i = 0; i < inquiry->workers; i++)
        count += inquiry->pages[i].count;
    return count;
}

static void answer_list(void *job)
{
    struct inquiry *inquiry = job;
    size_t count = total(inquiry), done = 0;
    struct session_view *all = memory_new_array(count, sizeof *all);

    for (unsigned i = 0; i < inquiry->workers; i++) {
        const struct page *page = &inquiry->pages[i];

        if (page->count)
            memcpy(all + done, page->views, page->count * sizeof *all);
        done += page->count;
    }
    if (inquiry->promise.owner)
        inquiry->on_listed(inquiry->promise.owner, all, count);
    free(all);
    destroy(inquiry);
}

void inquiry_list(struct control *control, inquiry_listed *on_listed, void *owner)
{
    struct inquiry *inquiry = make(control, owner);

    inquiry->on_listed = on_listed;
    inquiry->room = team_sessions(control->team) + ROOM_TO_GROW;
    for (unsigned i = 0; i < inquiry->workers; i++)
        inquiry->pages[i].views = memory_new_array(inquiry->room,
                                                   sizeof(struct session_view));
    team_tell(control->team, list_on_worker, answer_list, inquiry);
}

static void look_on_worker(struct worker *worker, void *job)
{
    struct inquiry *inquiry = job;

    worker_describe(worker, &inquiry->pages[worker_id(worker)].worker);
}

static void answer_look(void *job)
{
    struct inquiry *inquiry = job;
    struct worker_view *all = memory_new_array(inquiry->workers, sizeof *all);

    for (unsigned i = 0; i < inquiry->workers; i++)
        all[i] = inquiry->pages[i].worker;
    if (inquiry->promise.owner)
        inquiry->on_looked(inquiry->promise.owner, all, inquiry->workers);
    free(all);
    destroy(inquiry);
}

void inquiry_look(struct control *control, inquiry_looked *on_looked, void *owner)
{
    struct inquiry *inquiry = make(control, owner);

    inquiry->on_looked = on_looked;
    team_tell(control->team, look_on_worker, answer_look, inquiry);
}

static void end_on_worker(struct worker *worker, void *job)
{
    struct inquiry *inquiry = job;
    struct page *page = &inquiry->pages[worker_id(worker)];

    page->count = inquiry->server ? worker_end_sessions_of(worker, inquiry->server)
                                  : worker_end_session(worker, inquiry->id);
}

static void answer_end(void *job)
{
    struct inquiry *inquiry = job;

    if (inquiry->promise.owner)
        inquiry->on_ended(inquiry->promise.owner, total(inquiry));
    destroy(inquiry);
}

static void ask_to_end(struct control *control, struct inquiry *inquiry,
                       inquiry_ended *on_ended)
{
    inquiry->on_ended = on_ended;
    team_tell(control->team, end_on_worker, answer_end, inquiry);
}

void inquiry_end_session(struct control *control, uint64_t id, inquiry_ended *on_ended,
                         void *owner)
{
    struct inquiry *inquiry = make(control, owner);

    inquiry->id = id;
    ask_to_end(control, inquiry, on_ended);
}

void inquiry_end_sessions_of(struct control *control, struct server *server,
                             inquiry_ended *on_ended, void *owner)
{
    struct inquiry *inquiry = make(control, owner);

    inquiry->server = server;
    ask_to_end(control, inquiry, on_ended);
}

void inquiry_forget(struct control *control, void *owner)
{
    promise_forget(control, owner);
}
