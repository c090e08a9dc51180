/* The doors for HTTP, and how many may be inside. When it is full, the one that has been
 * inside longest without being answered makes room. */
#include "web/http.h"

#include "admin/entry.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/problem.h"
#include "config/settings.h"
#include "control/control.h"
#include "net/socket.h"
#include "web/http_client.h"

#include <errno.h>
#include <ev.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BACKLOG = 256,
    TIMEOUT_MS = 10000, /* where the settings have none: HTTP has no idle operators */
};

static const double pause_s =
    0.2; /* when there is no descriptor or no place for a client */

struct door {
    struct http *http;      /* borrowed */
    struct address asked;   /* as the settings have it */
    struct address address; /* with the port that the system gave */
    int fd;
    ev_io io;
    struct link link;
    bool is_wanted; /* while settings are applied */
};

struct http {
    struct control *control; /* borrowed */
    struct link doors;       /* owned, as all below */
    struct link opened;      /* not yet committed */
    struct link clients;     /* the oldest first */
    size_t client_count, most_clients;
    uint64_t timeout_ms;
    ev_timer pause;
};

static struct door *door_of(struct link *link)
{
    return list_object(link, struct door, link);
}

static void watch_doors(struct http *http)
{
    struct ev_loop *loop = control_loop(http->control);

    list_each(link, &http->doors) {
        if (ev_is_active(&http->pause))
            ev_io_stop(loop, &door_of(link)->io);
        else
            ev_io_start(loop, &door_of(link)->io);
    }
}

static void on_client_over(void *owner, struct http_client *client)
{
    struct http *http = owner;

    http_client_destroy(client);
    http->client_count--;
}

/* One who is being answered, and takes it, is not sent away. */
static bool make_room(struct http *http)
{
    if (http->client_count < http->most_clients)
        return true;
    list_each(link, &http->clients) {
        struct http_client *client = http_client_of(link);

        if (!http_client_may_go(client))
            continue;
        on_client_over(http, client);
        return true;
    }
    return false;
}

static void let_in(struct http *http, int fd)
{
    struct http_client *client = http_client_create(&(struct http_client_settings){
        .control = http->control,
        .fd = fd,
        .timeout_ms = http->timeout_ms,
        .on_over = on_client_over,
        .owner = http,
    });

    list_append(&http->clients, http_client_link(client));
    http->client_count++;
}

static void begin_pause(struct http *http)
{
    ev_timer_set(&http->pause, pause_s, 0.);
    ev_timer_start(control_loop(http->control), &http->pause);
    watch_doors(http);
}

static void accept_one(struct door *door)
{
    struct http *http = door->http;
    struct endpoint peer;
    int fd = socket_accept(door->fd, &peer);

    if (fd != -1)
        let_in(http, fd);
    else if (socket_is_own_shortage(errno))
        begin_pause(http);
}

static void on_knock(struct ev_loop *loop, ev_io *watcher, int events)
{
    struct door *door = watcher->data;

    (void)loop;
    (void)events;
    if (make_room(door->http))
        accept_one(door);
    else
        begin_pause(door->http);
}

static void on_pause_over(struct ev_loop *loop, ev_timer *watcher, int events)
{
    (void)loop;
    (void)events;
    watch_doors(watcher->data);
}

static bool is_local(const struct address *address)
{
    return address->as.any.sa_family == AF_UNIX;
}

static void close_door(struct door *door)
{
    ev_io_stop(control_loop(door->http->control), &door->io);
    if (door->fd != -1) {
        log_notice("admin http closed  address=%s", address_text(&door->address).chars);
        if (is_local(&door->asked))
            (void)unlink(door->asked.as.local.sun_path);
        (void)close(door->fd);
    }
    list_remove(&door->link);
    free(door);
}

static void close_doors(struct link *doors)
{
    list_each(link, doors)
        close_door(door_of(link));
}

static bool open_door(struct http *http, const struct bind_settings *settings,
                      struct problems *problems)
{
    const struct socket_options options = { .mode = settings->mode };
    struct door *door = memory_new(sizeof *door);

    door->http = http;
    door->is_wanted = true;
    door->asked = door->address = settings->where.address;
    list_init(&door->link);
    door->fd = entry_open(&door->asked, &options, BACKLOG);
    ev_io_init(&door->io, on_knock, door->fd, EV_READ);
    door->io.data = door;
    if (door->fd == -1) {
        problem_add_at(problems, settings->place, "cannot open http = %s: %s",
                       settings->text, strerror(errno));
        close_door(door);
        return false;
    }
    (void)socket_local_address(door->fd, &door->address);
    list_append(&http->opened, &door->link);
    log_notice("admin http opened  address=%s", address_text(&door->address).chars);
    return true;
}

/* Permissions are no reason to close it. */
static bool keep_door(struct http *http, const struct bind_settings *settings)
{
    const struct address *where = &settings->where.address;

    list_each(link, &http->doors) {
        struct door *door = door_of(link);

        if (door->is_wanted || !address_is_equal(&door->asked, where))
            continue;
        door->is_wanted = true;
        if (is_local(where))
            (void)chmod(where->as.local.sun_path, settings->mode);
        return true;
    }
    return false;
}

bool http_prepare(struct http *http, const struct admin_settings *settings,
                  struct problems *problems)
{
    bool is_fine = true;

    list_each(link, &http->doors)
        door_of(link)->is_wanted = false;
    for (size_t i = 0; i < settings->http_count; i++)
        if (!keep_door(http, &settings->http[i]) &&
            !open_door(http, &settings->http[i], problems))
            is_fine = false;
    if (!is_fine)
        http_refuse(http);
    return is_fine;
}

void http_commit(struct http *http, const struct admin_settings *settings)
{
    list_each(link, &http->opened) {
        list_remove(link);
        list_append(&http->doors, link);
    }
    http->most_clients = settings->most_clients;
    http->timeout_ms = settings->timeout_ms ? settings->timeout_ms : TIMEOUT_MS;
    watch_doors(http);
    list_each(link, &http->doors)
        if (!door_of(link)->is_wanted)
            close_door(door_of(link));
}

void http_refuse(struct http *http)
{
    close_doors(&http->opened);
}

struct http *http_create(struct control *control)
{
    struct http *http = memory_new(sizeof *http);

    http->control = control;
    list_init(&http->doors);
    list_init(&http->opened);
    list_init(&http->clients);
    ev_init(&http->pause, on_pause_over);
    ev_set_priority(&http->pause, EV_MINPRI);
    http->pause.data = http;
    return http;
}

void http_destroy(struct http *http)
{
    if (!http)
        return;
    ev_timer_stop(control_loop(http->control), &http->pause);
    close_doors(&http->opened);
    close_doors(&http->doors);
    list_each(link, &http->clients)
        http_client_destroy(http_client_of(link));
    free(http);
}
