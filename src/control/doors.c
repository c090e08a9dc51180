/* Keeps doors open that stay in the file, opens new ones, closes those that are gone. */
#include "control/doors.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/tidings.h"
#include "control/door.h"
#include "control/generation.h"
#include "control/team.h"
#include "proxy/entrance.h"
#include "proxy/frontend.h"
#include "worker/worker.h"

#include <inttypes.h>
#include <stdlib.h>

struct doors {
    struct team *team; /* borrowed */
    uint64_t next_key;
    size_t count;
    struct door **doors;
};

struct doors *doors_create(struct team *team)
{
    struct doors *doors = memory_new(sizeof *doors);

    doors->team = team;
    doors->next_key = 1;
    return doors;
}

void doors_destroy(struct doors *doors)
{
    if (!doors)
        return;
    for (size_t i = 0; i < doors->count; i++)
        door_close(doors->doors[i]);
    free(doors->doors);
    free(doors);
}

/* One that this generation has not asked for yet: the same place twice needs two. */
static struct door *find_door(const struct doors *doors, const struct bind_settings *bind,
                              const struct frontend_settings *owner)
{
    for (size_t i = 0; i < doors->count; i++)
        if (!doors->doors[i]->next && door_is_at(doors->doors[i], bind, owner))
            return doors->doors[i];
    return NULL;
}

static struct door *add_door(struct doors *doors, struct door *door)
{
    size_t size = (doors->count + 1) * sizeof(struct door *);

    if (!door)
        return NULL;
    door->key = doors->next_key++;
    doors->doors = memory_resize(doors->doors, size);
    doors->doors[doors->count++] = door;
    return door;
}

static bool is_port_ours(const struct doors *doors, const struct bind_settings *bind)
{
    for (size_t i = 0; i < doors->count; i++)
        if (address_port(&doors->doors[i]->address) == bind->where.port)
            return bind->where.port != 0;
    return false;
}

static struct door *open_door(struct doors *doors, const struct bind_settings *bind,
                              const struct frontend_settings *owner,
                              struct problems *problems)
{
    struct door_request request = { bind, owner, team_count(doors->team),
                                    is_port_ours(doors, bind) };

    return add_door(doors, door_open(&request, problems));
}

static bool prepare_frontend(struct doors *doors, const struct frontend *frontend,
                             struct problems *problems)
{
    const struct frontend_settings *settings = frontend->settings;
    bool is_fine = true;

    for (size_t i = 0; i < settings->bind_count; i++) {
        const struct bind_settings *bind = &settings->binds[i];
        struct door *door = find_door(doors, bind, settings);

        if (!door)
            door = open_door(doors, bind, settings, problems);
        is_fine &= door != NULL;
        if (!door)
            continue;
        door->next = frontend;
        door->next_bind = bind;
    }
    return is_fine;
}

/* Those that no generation has served with yet, or none will. */
static void leave_out_unserved(struct doors *doors)
{
    size_t kept = 0;

    for (size_t i = 0; i < doors->count; i++) {
        if (doors->doors[i]->frontend)
            doors->doors[kept++] = doors->doors[i];
        else
            door_close(doors->doors[i]);
    }
    doors->count = kept;
}

void doors_refuse(struct doors *doors)
{
    for (size_t i = 0; i < doors->count; i++)
        doors->doors[i]->next = NULL;
    leave_out_unserved(doors);
}

bool doors_prepare(struct doors *doors, const struct generation *generation,
                   struct problems *problems)
{
    bool is_fine = true;

    for (size_t i = 0; i < generation->frontend_count; i++)
        if (!prepare_frontend(doors, &generation->frontends[i], problems))
            is_fine = false;
    if (!is_fine)
        doors_refuse(doors);
    return is_fine;
}

/* What the workers are told of all doors at once. */
struct change {
    void (*done)(void *owner);
    void *owner;
    size_t count;
    struct item {
        uint64_t key;
        const struct frontend *frontend; /* NULL: close it */
        unsigned backlog;
        int *fds; /* owned; one for each worker, -1: known already */
    } items[];
};

static void listen_on(struct worker *worker, const struct item *item)
{
    struct worker_door door = { item->key, item->fds[worker_id(worker)], item->frontend,
                                item->backlog };

    worker_listen(worker, &door);
}

static void apply_change(struct worker *worker, void *job)
{
    const struct change *change = job;

    for (size_t i = 0; i < change->count; i++) {
        const struct item *item = &change->items[i];

        if (item->frontend)
            listen_on(worker, item);
        else
            worker_stop_listening(worker, item->key);
    }
}

static void end_change(void *job)
{
    struct change *change = job;

    if (change->done)
        change->done(change->owner);
    for (size_t i = 0; i < change->count; i++)
        free(change->items[i].fds);
    free(change);
}

/* The workers close the sockets from now on. */
static int *hand_over(struct door *door)
{
    int *fds = memory_new_array(door->workers, sizeof(int));

    for (unsigned i = 0; i < door->workers; i++) {
        fds[i] = door->fds[i];
        door->fds[i] = -1;
    }
    return fds;
}

static void log_door(const struct door *door)
{
    if (!door->frontend)
        log_notice("listening on %s  frontend=%s", address_text(&door->address).chars,
                   door->next->settings->name);
    else if (!door->next)
        log_notice("no longer listening on %s  frontend=%s",
                   address_text(&door->address).chars, door->frontend->settings->name);
}

static struct item make_item(struct door *door)
{
    const struct bind_settings *bind = door->next_bind;
    struct item item = { .key = door->key, .frontend = door->next };

    if (item.frontend) {
        item.backlog = bind->backlog;
        door_set_mode(door, bind->mode);
    }
    item.fds = hand_over(door);
    return item;
}

/* Makes what was prepared true. */
static struct change *make_change(struct doors *doors)
{
    struct change *change = memory_new(sizeof *change +
                                       doors->count * sizeof change->items[0]);

    for (size_t i = 0; i < doors->count; i++) {
        struct door *door = doors->doors[i];

        log_door(door);
        change->items[change->count++] = make_item(door);
        door->frontend = door->next;
        door->has_served = true;
        door->next = NULL;
    }
    return change;
}

void doors_commit(struct doors *doors, void (*done)(void *owner), void *owner)
{
    struct change *change = make_change(doors);

    change->done = done;
    change->owner = owner;
    leave_out_unserved(doors);
    team_tell(doors->team, apply_change, end_change, change);
}

void doors_shut(struct doors *doors, const struct entrance *entrance)
{
    struct change *change = memory_new(sizeof *change +
                                       doors->count * sizeof change->items[0]);

    for (size_t i = 0; i < doors->count; i++) {
        struct door *door = doors->doors[i];

        if (door->frontend->entrance != entrance)
            continue;
        log_door(door);
        change->items[change->count++] = make_item(door);
        door->frontend = NULL;
    }
    leave_out_unserved(doors);
    team_tell(doors->team, apply_change, end_change, change);
}

static void open_doors(struct worker *worker, void *job)
{
    (void)job;
    worker_open_doors(worker);
}

void doors_open(struct doors *doors)
{
    team_tell(doors->team, open_doors, NULL, NULL);
}

/* Which ones close, and which open, on every worker. */
struct turnabout {
    size_t count;
    struct {
        uint64_t key;
        bool is_closed;
    } items[];
};

static void turn_doors(struct worker *worker, void *job)
{
    const struct turnabout *turnabout = job;

    for (size_t i = 0; i < turnabout->count; i++)
        worker_set_closed(worker, turnabout->items[i].key, turnabout->items[i].is_closed);
}

/* How many changes were not told does not matter here: `times` says it. */
static void say_closed(const struct entrance *entrance)
{
    if (entrance->is_closed)
        log_warning("frontend %s stops listening: no server of it is fit  frontend=%s "
                    "times=%" PRIu64,
                    entrance->name, entrance->name, entrance->times_closed);
    else
        log_notice("frontend %s listens again  frontend=%s closed=%" PRIu64
                   "ms times=%" PRIu64,
                   entrance->name, entrance->name, entrance->closed_ms,
                   entrance->times_closed);
}

static void note_frontend(const struct frontend *frontend, bool is_closed)
{
    struct entrance *entrance = frontend->entrance;

    if (entrance->is_closed == is_closed)
        return;
    entrance->is_closed = is_closed;
    entrance->times_closed += is_closed;
    if (is_closed)
        entrance->closed_at = clock_ms();
    else
        entrance->closed_ms = clock_ms() - entrance->closed_at;
    if (tidings_change(&entrance->told_closed, is_closed))
        say_closed(entrance);
}

static void tell_clients_are_refused(struct door *door)
{
    unsigned times;

    if (!repeat_is_due(&door->unclosed, &times))
        return;
    log_warning("%s cannot stop listening: its clients are accepted and refused  "
                "frontend=%s times=%u",
                address_text(&door->address).chars, door->frontend->settings->name,
                times);
}

static void review_door(struct door *door, struct turnabout *turnabout)
{
    const struct frontend *frontend = door->frontend;
    bool is_empty = frontend->settings->when_empty.what == WHEN_EMPTY_CLOSE &&
                    !frontend_may_serve(frontend);
    bool is_paused = frontend->entrance->is_paused, is_closed = is_empty || is_paused;

    note_frontend(frontend, is_empty);
    if (!door_can_close(door))
        counter_set(&frontend->entrance->is_barred, is_paused);
    if (door->is_closed == is_closed)
        return;
    door->is_closed = is_closed;
    if (door_can_close(door)) {
        turnabout->items[turnabout->count].key = door->key;
        turnabout->items[turnabout->count++].is_closed = is_closed;
    } else if (is_empty) {
        tell_clients_are_refused(door);
    }
}

void doors_review(struct doors *doors)
{
    struct turnabout *turnabout = memory_new(sizeof *turnabout +
                                             doors->count * sizeof turnabout->items[0]);

    for (size_t i = 0; i < doors->count; i++)
        review_door(doors->doors[i], turnabout);
    if (turnabout->count)
        team_tell(doors->team, turn_doors, free, turnabout);
    else
        free(turnabout);
}

void doors_tell(const struct doors *doors)
{
    for (size_t i = 0; i < doors->count; i++) {
        struct entrance *entrance = doors->doors[i]->frontend->entrance;

        if (tidings_due(&entrance->told_closed, entrance->is_closed))
            say_closed(entrance);
    }
}

void doors_close(struct doors *doors)
{
    doors_commit(doors, NULL, NULL);
}

size_t doors_count(const struct doors *doors)
{
    return doors->count;
}

const struct frontend *doors_frontend(const struct doors *doors, size_t index)
{
    return doors->doors[index]->frontend;
}

struct address doors_address(const struct doors *doors, size_t index)
{
    return doors->doors[index]->address;
}
