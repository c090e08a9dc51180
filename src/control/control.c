/* Builds the house at start and takes it down at the end; the rest is in the files that
 * these few functions call. */
#include "control/control.h"

#include "backend/backend.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/ledger.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/problem.h"
#include "config/settings.h"
#include "control/announce.h"
#include "control/certificate_store.h"
#include "control/control_parts.h"
#include "control/housekeeping.h"
#include "control/eviction.h"
#include "control/notify.h"
#include "control/process.h"
#include "control/recovery.h"
#include "control/reload.h"
#include "control/signals.h"
#include "control/state_file.h"
#include "control/stop.h"
#include "control/suspicion.h"
#include "control/tickets.h"
#include "health/check.h"
#include "net/resolver.h"
#include "proxy/entrance.h"
#include "proxy/frontend.h"

#include <stdlib.h>
#include <time.h>

/* Thousands of checks are due at moments of their own: those of a few milliseconds are
 * begun in one turn. Events of sockets are not delayed. */
#define TIMERS_TOGETHER_S 0.005

static void on_stop_signal(void *owner)
{
    stop_now_or_gently(owner);
}

static void on_reload_signal(void *owner)
{
    struct buffer report = { 0 };

    (void)reload_apply(owner, &report);
    buffer_deinit(&report);
}

static void on_reopen_signal(void *owner)
{
    (void)owner;
    if (log_reopen())
        log_notice("the log was opened again");
    else
        log_error("the log could not be opened again; the old one goes on");
}

/* Called for a backend that is destroyed next. */
static void on_backend_forgotten(void *owner, struct backend *backend)
{
    struct control *control = owner;

    upkeep_forget(control->upkeep, backend);
}

static void on_published(void *owner, struct backend *backend)
{
    struct control *control = owner;

    control->has_new_rotations = true;
    recovery_review(control, backend);
}

static void on_server_parting(void *owner, struct server *server)
{
    struct control *control = owner;

    evictions_forget(control->evictions, server);
    suspicions_forget(control->suspicions, server);
}

static bool make_team(struct control *control, const struct settings *settings,
                      struct problems *problems)
{
    const struct global_settings *global = &settings->global;
    struct team_settings team;

    control->workers = global->workers ? (unsigned)global->workers : process_cpus();
    control->descriptors = process_raise_descriptors();
    control->maxconn = process_limit_sessions(settings, control->descriptors,
                                              control->workers);
    control->most_maxconn = control->maxconn;
    team = (struct team_settings){
        .loop = control->loop,
        .count = control->workers,
        .maxconn = control->maxconn,
        .throttle = &control->throttle,
        .pipes = process_pipes_for(control->descriptors, control->workers),
        .on_connect_failed = housekeeping_note_failed_connect,
        .on_suspicion = housekeeping_note_suspicion,
        .owner = control,
    };
    control->team = team_create(&team);
    if (!control->team)
        problem_add(problems,
                    "cannot make the workers: too few descriptors or no memory");
    return control->team != NULL;
}

static void make_rooms(struct control *control)
{
    struct registry_settings registry = {
        .workers = control->workers,
        .wake = team_wake,
        .wake_owner = control->team,
        .on_forget = on_backend_forgotten,
        .owner = control,
    };
    struct upkeep_settings upkeep = {
        .loop = control->loop,
        .team = control->team,
        .on_publish = on_published,
        .on_parting = on_server_parting,
        .owner = control,
    };

    control->resolver = upkeep.resolver = resolver_create(control->loop);
    control->registry = upkeep.registry = registry_create(&registry);
    control->upkeep = upkeep_create(&upkeep);
    control->doors = doors_create(control->team);
    control->suspicions = suspicions_create(control->loop, control->registry);
    recovery_begin(control);
    tickets_begin(control);
}

/* Settings that are good; what else can go wrong is what the system refuses. */
static bool build(struct control *control, struct settings *settings,
                  struct problems *problems)
{
    if (!reload_log(control, &settings->global, problems) ||
        !make_team(control, settings, problems)) {
        settings_destroy(settings);
        return false;
    }
    make_rooms(control);
    if (!reload_commit(control, settings, problems))
        return false;
    state_file_load(control);
    return true;
}

static void forget_nothing(void *owner, struct backend *backend)
{
    (void)owner;
    (void)backend;
}

static void wake_nobody(void *owner, unsigned worker)
{
    (void)owner;
    (void)worker;
}

bool control_test(const struct control_origin *origin, struct problems *problems)
{
    struct registry_settings nobody = { 1, wake_nobody, NULL, forget_nothing, NULL };
    struct settings *settings = reload_read(origin, problems);
    struct registry *registry;
    struct generation *generation;

    if (!settings)
        return false;
    registry = registry_create(&nobody);
    generation = generation_build(settings, registry, 1, problems);
    generation_destroy(generation);
    registry_destroy(registry);
    return generation != NULL;
}

struct control *control_create(const struct control_origin *origin,
                               struct problems *problems)
{
    struct settings *settings;
    struct control *control;

    signals_block();
    settings = reload_read(origin, problems);
    if (!settings)
        return NULL;
    control = memory_new(sizeof *control);
    control->origin = *origin;
    control->started_at = (uint64_t)time(NULL);
    control->started_ms = clock_ms();
    control->loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    ensure(control->loop);
    ev_set_timeout_collect_interval(control->loop, TIMERS_TOGETHER_S);
    list_init(&control->leaving);
    list_init(&control->promises);
    list_init(&control->certificates);
    list_init(&control->notices);
    housekeeping_begin(control);
    announce_begin(control);
    if (build(control, settings, problems))
        return control;
    control_destroy(control);
    return NULL;
}

/* Guests or not: the workers have ended. */
static void end_generations(struct control *control)
{
    list_each(link, &control->leaving)
        generation_destroy(list_object(link, struct generation, link));
    if (control->wrote_pid)
        process_remove_pid(control->generation->settings->global.pid_file);
    generation_destroy(control->generation);
}

void control_destroy(struct control *control)
{
    if (!control)
        return;
    /* What the workers answer last begins nothing new. */
    control->is_stopping = true;
    team_end(control->team);
    notify_end(control);
    certificate_store_clear(&control->certificates);
    end_generations(control);
    signals_destroy(control->signals);
    doors_destroy(control->doors);
    upkeep_destroy(control->upkeep);
    registry_destroy(control->registry);
    suspicions_destroy(control->suspicions);
    recovery_end(control);
    resolver_destroy(control->resolver);
    tickets_end(control);
    team_destroy(control->team);
    stop_end(control);
    announce_end(control);
    housekeeping_end(control);
    ev_loop_destroy(control->loop);
    state_file_end(control);
    free(control->log);
    free(control);
}

static void hear_signals(struct control *control)
{
    struct signals_settings settings = {
        .loop = control->loop,
        .on_stop = on_stop_signal,
        .on_reload = on_reload_signal,
        .on_reopen = on_reopen_signal,
        .owner = control,
    };

    control->signals = signals_create(&settings);
}

bool control_begin(struct control *control, struct problems *problems)
{
    const struct global_settings *global = &control->generation->settings->global;

    control->wrote_pid = process_write_pid(global->pid_file, problems);
    if (!control->wrote_pid || !process_become(global, problems))
        return false;
    if (!team_start(control->team)) {
        problem_add(problems, "cannot start the workers' threads");
        return false;
    }
    hear_signals(control);
    housekeeping_start(control);
    announce_waiting(control);
    return true;
}

void control_run(struct control *control)
{
    (void)ev_run(control->loop, 0);
    state_file_save(control, true);
    log_notice("ended  sessions=%u", team_sessions(control->team));
}

void control_stop(struct control *control)
{
    stop_now_or_gently(control);
}

bool control_reload(struct control *control, struct buffer *report)
{
    return reload_apply(control, report);
}

void control_on_reload(struct control *control, control_apply *apply, void *owner)
{
    control->on_reload = apply;
    control->reload_owner = owner;
}

struct ev_loop *control_loop(const struct control *control)
{
    return control->loop;
}

const struct settings *control_settings(const struct control *control)
{
    return control->generation->settings;
}

struct registry *control_registry(const struct control *control)
{
    return control->registry;
}
