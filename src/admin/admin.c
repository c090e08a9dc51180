/* The doors: opens and closes the sockets, lets clients in, not too many at once. */
#include "admin/admin.h"

#include "admin/admin_sockets.h"
#include "admin/client.h"
#include "admin/command.h"
#include "admin/events.h"
#include "admin/socket_file.h"
#include "base/list.h"
#include "base/log.h"
#include "base/memory.h"
#include "control/control.h"
#include "net/socket.h"

#include <errno.h>
#include <ev.h>
#include <stdlib.h>
#include <string.h>

/* Sessions count from below. */
static const uint64_t first_client_id = UINT64_C(1) << 63;

static const double pause_s =
    0.2; /* when there is no descriptor or no place for a client */

struct door {
    struct admin *admin; /* borrowed */
    struct socket_file file;
    unsigned level;
    ev_io io;
    struct link link;

    /* While settings are applied. */
    bool is_kept;
    unsigned old_level;
    struct file_access old_access;
};

struct admin {
    struct control *control; /* borrowed */
    struct events *events;   /* borrowed */
    struct link doors;       /* owned */
    struct link clients;     /* owned */
    size_t most_clients;     /* of each level */
    uint64_t timeout_ms, next_client_id;
    ev_timer pause; /* of all doors */
    ev_timer rest;  /* of those that are full */
};

static struct door *door_of(struct link *link)
{
    return list_object(link, struct door, link);
}

/* Those who find no place wait in the backlog. */
static void watch_doors(struct admin *admin)
{
    struct ev_loop *loop = control_loop(admin->control);

    list_each(link, &admin->doors) {
        if (ev_is_active(&admin->pause))
            ev_io_stop(loop, &door_of(link)->io);
        else
            ev_io_start(loop, &door_of(link)->io);
    }
}

static void begin_pause(struct admin *admin)
{
    ev_timer_set(&admin->pause, pause_s, 0.);
    ev_timer_start(control_loop(admin->control), &admin->pause);
    watch_doors(admin);
}

/* The others go on. */
static void begin_rest(struct door *door)
{
    struct admin *admin = door->admin;

    ev_io_stop(control_loop(admin->control), &door->io);
    ev_timer_set(&admin->rest, pause_s, 0.);
    ev_timer_start(control_loop(admin->control), &admin->rest);
}

static void on_client_over(void *owner, struct client *client)
{
    struct admin *admin = owner;

    client_destroy(client);
    ev_timer_stop(control_loop(admin->control), &admin->pause);
    watch_doors(admin);
}

static size_t count_clients(const struct admin *admin, unsigned level)
{
    size_t count = 0;

    list_each(link, &admin->clients)
        count += client_level(client_of(link)) == level;
    return count;
}

/* A silent crowd keeps nobody out, and one that may do little nobody who may do more. */
static bool make_room(struct admin *admin, unsigned level)
{
    if (count_clients(admin, level) < admin->most_clients)
        return true;
    list_each(link, &admin->clients) {
        if (client_level(client_of(link)) != level || !client_may_go(client_of(link)))
            continue;
        on_client_over(admin, client_of(link));
        return true;
    }
    return false;
}

static void let_in(const struct door *door, int fd, const struct endpoint *peer)
{
    struct admin *admin = door->admin;
    struct client *client = client_create(&(struct client_settings){
        .control = admin->control,
        .admin = admin,
        .fd = fd,
        .peer = *peer,
        .id = admin->next_client_id++,
        .level = door->level,
        .timeout_ms = admin->timeout_ms,
        .on_over = on_client_over,
        .owner = admin,
    });

    list_append(&admin->clients, client_link(client));
}

static void accept_one(const struct door *door)
{
    struct endpoint peer;
    int fd = socket_accept(door->file.fd, &peer);

    if (fd != -1)
        let_in(door, fd, &peer);
    else if (socket_is_own_shortage(errno))
        begin_pause(door->admin);
}

static void on_knock(struct ev_loop *loop, ev_io *watcher, int events)
{
    struct door *door = watcher->data;

    (void)loop;
    (void)events;
    if (make_room(door->admin, door->level))
        accept_one(door);
    else
        begin_rest(door);
}

static void on_pause_over(struct ev_loop *loop, ev_timer *watcher, int events)
{
    (void)loop;
    (void)events;
    watch_doors(watcher->data);
}

static void close_door(struct door *door)
{
    log_notice("admin socket closed  path=%s", door->file.path);
    ev_io_stop(control_loop(door->admin->control), &door->io);
    socket_file_close(&door->file);
    list_remove(&door->link);
    free(door);
}

static struct door *find_door(const struct admin *admin, const char *path)
{
    list_each(link, &admin->doors) {
        struct door *door = door_of(link);

        if (!strcmp(door->file.path, path) && socket_file_is_ours(&door->file))
            return door;
    }
    return NULL;
}

static void log_opened(const struct door *door)
{
    const char *level = command_level_name((enum admin_level)door->level);

    if (door->file.address.length)
        log_notice("admin socket opened  address=%s level=%s",
                   address_text(&door->file.address).chars, level);
    else
        log_notice("admin socket opened  path=%s level=%s mode=%04o", door->file.path,
                   level, (unsigned)door->file.access.mode);
}

static bool open_door(struct admin *admin, const struct admin_socket_settings *settings,
                      struct link *opened, struct problems *problems)
{
    struct door *door = memory_new(sizeof *door);

    if (!socket_file_open(&door->file, settings, problems)) {
        free(door);
        return false;
    }
    door->admin = admin;
    door->level = settings->level;
    ev_io_init(&door->io, on_knock, door->file.fd, EV_READ);
    door->io.data = door;
    list_append(opened, &door->link);
    log_opened(door);
    return true;
}

static void remember(struct door *door)
{
    door->is_kept = false;
    door->old_level = door->level;
    door->old_access = door->file.access;
}

static void restore(struct door *door)
{
    door->level = door->old_level;
    (void)socket_file_set_access(&door->file, &door->old_access);
}

/* The new ones; those that stay are marked, and nothing else is changed yet. */
static bool open_doors(struct admin *admin, const struct admin_settings *settings,
                       struct link *opened, struct problems *problems)
{
    bool is_fine = true;

    list_each(link, &admin->doors)
        remember(door_of(link));
    for (size_t i = 0; i < settings->socket_count; i++) {
        struct door *door = find_door(admin, settings->sockets[i].path);

        if (door)
            door->is_kept = true;
        else if (!open_door(admin, &settings->sockets[i], opened, problems))
            is_fine = false;
    }
    return is_fine;
}

static bool change_door(struct door *door, const struct admin_socket_settings *settings,
                        struct problems *problems)
{
    struct file_access access;

    if (!socket_file_read_access(settings, &access, problems))
        return false;
    if (!socket_file_set_access(&door->file, &access)) {
        problem_add_at(problems, settings->place,
                       "cannot change mode and owner of the admin socket %s: %s",
                       settings->path, strerror(errno));
        return false;
    }
    door->level = settings->level;
    return true;
}

/* All, or none. */
static bool change_doors(struct admin *admin, const struct admin_settings *settings,
                         struct problems *problems)
{
    bool is_fine = true;

    for (size_t i = 0; i < settings->socket_count; i++) {
        struct door *door = find_door(admin, settings->sockets[i].path);

        if (door && !change_door(door, &settings->sockets[i], problems))
            is_fine = false;
    }
    if (is_fine)
        return true;
    list_each(link, &admin->doors)
        restore(door_of(link));
    return false;
}

static void close_unwanted(struct admin *admin)
{
    list_each(link, &admin->doors)
        if (!door_of(link)->is_kept)
            close_door(door_of(link));
}

static void close_doors(struct link *doors)
{
    list_each(link, doors)
        close_door(door_of(link));
}

/* "unix@/run/usher/admin.sock admin all" */
static void write_door(const struct door *door, struct buffer *out)
{
    const struct socket_file *file = &door->file;
    const char *level = command_level_name((enum admin_level)door->level);
    bool is_ip6 = file->address.as.any.sa_family == AF_INET6;

    if (!file->address.length)
        buffer_format(out, "unix@%s %s all\n", file->path, level);
    else
        buffer_format(out, "%s@%s %s all\n", is_ip6 ? "ipv6" : "ipv4",
                      address_text(&file->address).chars, level);
}

void admin_show_sockets(struct call *call)
{
    buffer_add_text(&call->reply->text, "# socket lvl processes\n");
    list_each(link, &call->admin->doors)
        write_door(door_of(link), &call->reply->text);
}

struct events *admin_events(const struct admin *admin)
{
    return admin->events;
}

void admin_show_startup(struct call *call)
{
    events_write_start(call->admin->events, &call->reply->text);
}

bool admin_apply(struct admin *admin, const struct admin_settings *settings,
                 struct problems *problems)
{
    struct link opened;

    list_init(&opened);
    if (!open_doors(admin, settings, &opened, problems) ||
        !change_doors(admin, settings, problems)) {
        close_doors(&opened);
        return false;
    }
    list_each(link, &opened) {
        door_of(link)->is_kept = true;
        list_remove(link);
        list_append(&admin->doors, link);
    }
    admin->most_clients = settings->most_clients;
    admin->timeout_ms = settings->timeout_ms;
    watch_doors(admin);
    close_unwanted(admin);
    return true;
}

struct admin *admin_create(struct control *control, struct events *events)
{
    struct admin *admin = memory_new(sizeof *admin);

    admin->control = control;
    admin->events = events;
    admin->next_client_id = first_client_id;
    list_init(&admin->doors);
    list_init(&admin->clients);
    ev_init(&admin->pause, on_pause_over);
    ev_set_priority(&admin->pause, EV_MINPRI);
    ev_init(&admin->rest, on_pause_over);
    admin->pause.data = admin->rest.data = admin;
    return admin;
}

void admin_destroy(struct admin *admin)
{
    if (!admin)
        return;
    ev_timer_stop(control_loop(admin->control), &admin->pause);
    ev_timer_stop(control_loop(admin->control), &admin->rest);
    list_each(link, &admin->doors)
        close_door(door_of(link));
    list_each(link, &admin->clients)
        client_destroy(client_of(link));
    free(admin);
}
